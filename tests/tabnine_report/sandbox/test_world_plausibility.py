"""The default world is a plausible organization."""

from itertools import pairwise

import pytest

from tabnine_report.sandbox.activity import ANY, CHATTED, COMPLETED, USED_AGENT
from tabnine_report.sandbox.aggregation import Totals
from tabnine_report.sandbox.calendar import AGENT_LAUNCH, working_pace
from tabnine_report.sandbox.names import team_names
from tabnine_report.sandbox.time_conversion import instant, month_at, month_bounds
from tabnine_report.sandbox.world import World, buckets

OCTOBER_2026 = 12 * 2026 + 9
AT = instant(2026, 11, 22)


@pytest.fixture(scope="module")
def acme() -> World:
    return World()


def month_of(world: World, month: int) -> Totals:
    return world.usage(*month_bounds(month))


def test_seats_exceed_accounts_and_accounts_exceed_active_users(acme: World) -> None:
    accounts = acme.accounts(OCTOBER_2026, AT)
    active = month_of(acme, OCTOBER_2026).people(ANY)

    assert acme.license(AT).seats == 520
    assert 425 <= accounts.active <= accounts.registered <= 465
    assert 0.70 <= active / accounts.registered <= 0.80
    assert accounts.deactivated > 20
    assert accounts.pending > 0


def test_more_than_half_of_the_monthly_users_are_active_on_a_working_day(acme: World) -> None:
    pace = working_pace(OCTOBER_2026)
    days = buckets(*month_bounds(OCTOBER_2026), "daily")
    working_days = [acme.usage(*day).people(ANY) for day, share in zip(days, pace, strict=True) if share > 0.5]
    other_days = [acme.usage(*day).people(ANY) for day, share in zip(days, pace, strict=True) if share <= 0.5]

    share = sum(working_days) / len(working_days) / month_of(acme, OCTOBER_2026).people(ANY)

    assert len(working_days) == 22
    assert 0.54 <= share <= 0.61
    assert max(other_days) < min(working_days) / 3


def test_users_grow_a_few_percent_per_month_with_quiet_summers_and_year_ends(acme: World) -> None:
    months = range(OCTOBER_2026 - 12, OCTOBER_2026 + 1)
    people = [month_of(acme, month).people(ANY) for month in months]
    growth = (people[-1] / people[0]) ** (1 / 12) - 1
    christmas = acme.usage(instant(2025, 12, 24), instant(2025, 12, 31)).people(ANY)
    week_before = acme.usage(instant(2025, 12, 10), instant(2025, 12, 17)).people(ANY)

    assert 0.015 <= growth <= 0.045
    assert all(after > before * 0.93 for before, after in pairwise(people))
    assert christmas < week_before / 2


def test_the_agent_reaches_half_of_the_users_in_a_year(acme: World) -> None:
    october, april, before = (month_of(acme, month) for month in (OCTOBER_2026, OCTOBER_2026 - 6, OCTOBER_2026 - 13))

    assert 0.45 <= october.people(USED_AGENT) / october.people(ANY) <= 0.57
    assert 0 < april.people(USED_AGENT) < october.people(USED_AGENT) / 3
    assert before.people(USED_AGENT) == 0
    assert acme.usage(instant(2024, 11), AGENT_LAUNCH).count("agent_interactions") == 0


def test_chat_is_steady_and_only_some_users_accept_completions(acme: World) -> None:
    for month in range(OCTOBER_2026 - 12, OCTOBER_2026 + 1):
        totals = month_of(acme, month)
        assert 0.95 <= totals.people(CHATTED) / totals.people(ANY) <= 1.0
        assert 0.5 <= totals.people(COMPLETED) / totals.people(ANY) <= 0.8


def test_team_sizes_vary_the_default_team_is_empty_and_some_people_have_no_team(acme: World) -> None:
    totals = month_of(acme, OCTOBER_2026)
    sizes = [totals.people(ANY, group) for group in range(acme.no_team + 1)]

    assert len(acme.teams) == 20
    assert acme.teams[0].is_default
    assert sizes[0] == 0
    assert max(sizes) > 40
    assert 0 < min(sizes[1:]) < 5
    assert 5 <= sizes[acme.no_team] <= 25


def test_the_first_month_is_partial(acme: World) -> None:
    first = month_bounds(12 * 2024 + 10)
    active_days = [start for start, end in buckets(*first, "daily") if acme.usage(start, end).people(ANY)]

    assert instant(2024, 11, 18) == active_days[0]
    assert instant(2024, 11, 18) == acme.license(instant(2025, 1)).issued


def test_license_terms_are_contiguous_and_grow(acme: World) -> None:
    terms = [acme.license(instant(year, 2, 1)) for year in (2025, 2026, 2027, 2028)]

    assert all(earlier.expires == later.issued for earlier, later in pairwise(terms))
    assert all(earlier.seats < later.seats for earlier, later in pairwise(terms))
    assert instant(2026, 2) == acme.license(instant(2026, 2) - 1).expires


def test_the_organization_stays_plausible_for_years(acme: World) -> None:
    for year in (2027, 2028, 2029):
        month = 12 * year + 9
        start, end = month_bounds(month)
        accounts = acme.accounts(month, end)
        assert accounts.active <= acme.license(start).seats
        assert 0.65 <= month_of(acme, month).people(ANY) / accounts.registered <= 0.85


def test_a_running_month_counts_accounts_until_now(acme: World) -> None:
    november = month_at(AT)

    assert acme.accounts(november, instant(2026, 11, 2)).registered < acme.accounts(november, AT).registered
    assert acme.accounts(OCTOBER_2026, AT) == acme.accounts(OCTOBER_2026, instant(2027, 6))


def test_names_use_many_scripts_and_addresses_are_unique_and_ascii(acme: World) -> None:
    people = acme.identities
    written = "".join(person.username for person in people)

    assert [letter for letter in "ßéşΔлмכ王藤김สร" if letter not in written] == []
    assert len({person.email for person in people}) == len(people)
    assert len({person.id for person in people}) == len(people)
    assert all(person.email.isascii() for person in people)


def test_team_names_are_unique_and_use_every_script() -> None:
    names = team_names(500)

    assert len(set(names)) == 500
    assert names[0] == "Default team"
    written = "".join(team_names(20))
    assert [letter for letter in "éφзמم平モ검ทभ" if letter not in written] == []


@pytest.mark.parametrize(("users", "teams"), [(1, 0), (1, 1), (3, 2), (50, 1)])
def test_tiny_organizations_work(users: int, teams: int) -> None:
    world = World(users=users, teams=teams)
    totals = month_of(world, OCTOBER_2026)

    assert teams == len(world.teams)
    assert world.accounts(OCTOBER_2026, AT).active <= world.license(AT).seats
    assert sum(totals.people(ANY, group) for group in range(teams + 1)) == totals.people(ANY)


@pytest.mark.parametrize(("users", "teams", "seed"), [(0, 1, 1), (1, -1, 1), (1, 1, -1)])
def test_invalid_worlds_are_rejected(users: int, teams: int, seed: int) -> None:
    with pytest.raises(ValueError, match="Invalid world"):
        World(users=users, teams=teams, seed=seed)


def test_another_seed_creates_another_organization(acme: World) -> None:
    other = World(seed=1)

    assert acme.id != other.id
    assert month_of(acme, OCTOBER_2026).count("completions") != month_of(other, OCTOBER_2026).count("completions")
