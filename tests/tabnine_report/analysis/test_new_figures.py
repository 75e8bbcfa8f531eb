"""Properties of unit costs, estimates, parts of seats and periods, whatever is missing, partial or contradictory."""

import math
from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_organization import AgentUse, Build, Organization, TeamUse, accounts_of

from tabnine_report.model.figure import Figure, State
from tabnine_report.model.month import Month

OCTOBER = Month(2026, 10)
NUMBERS = st.lists(st.one_of(st.none(), st.integers(0, 90)), min_size=13, max_size=13)


def values(*figures: Figure | None) -> list[float]:
    return [figure.value for figure in figures if figure is not None and figure.value is not None]


@settings(
    max_examples=60, derandomize=True, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(people=NUMBERS, accounts=NUMBERS, spends=NUMBERS, agents=st.integers(0, 60), seats=st.integers(0, 90))
def test_every_figure_is_finite_and_only_changes_are_negative(  # noqa: PLR0917 - what may vary
    acme: Organization,
    build: Build,
    people: list[int | None],
    accounts: list[int | None],
    spends: list[int | None],
    agents: int,
    seats: int,
) -> None:
    names = [str(month) for month in OCTOBER.last(13)]
    acme.v1.people = {name: number for name, number in zip(names, people, strict=True) if number is not None}
    acme.accounts = {
        name: accounts_of(Month.parse(name), number)
        for name, number in zip(names, accounts, strict=True)
        if number is not None
    }
    acme.users = (accounts[-1] or 0, 0, 3, 0)
    acme.license["seats"] = seats
    acme.agents = AgentUse(cost=dict(zip(names, spends, strict=True)), models={"a": spends[-1], "b": 0.0})
    acme.v1.blocks["2026-10"] = {"agent": {"activeUsers": agents, "interactions": 10 * agents}}
    report = build(acme, price=(39, "EUR"), targets={"notice_by": date(2026, 12, 15)})

    for path, figure in report.figures():
        if figure.value is not None:
            assert math.isfinite(figure.value), path
            assert figure.value >= 0 or "change" in path or "year_before" in path, path


@settings(
    max_examples=40, derandomize=True, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(agents=st.integers(1, 4), users=st.one_of(st.none(), st.integers(1, 4)), spend=st.integers(1, 900))
def test_the_spend_of_a_few_agent_users_is_in_no_figure(
    acme: Organization, build: Build, agents: int, users: int | None, spend: int
) -> None:
    names = [str(month) for month in OCTOBER.last(13)]
    acme.agents = AgentUse(cost=dict.fromkeys(names, float(spend)), models={"a": float(spend)}, users=users)
    acme.v1.blocks = {name: {"agent": {"activeUsers": agents, "interactions": 7}} for name in names}
    report = build(acme, price=(39, "EUR"), targets={"agent_spend_usd": 1000})
    found = report.seats.agents
    assert found is not None
    unit_costs = [kpi.figure for kpi in report.seats.unit_costs if kpi.key.startswith("agent_")]

    assert {figure.state for figure in unit_costs} == {State.SUPPRESSED}
    assert found.models == ()
    assert found.forecast is not None
    assert not values(found.forecast.low, found.forecast.high, found.forecast.lowest_change)
    dollars = [(path, figure.value) for path, figure in report.figures() if figure.currency == "USD"]
    assert [path for path, _ in dollars if ".target." not in path] == []


@settings(
    max_examples=60, derandomize=True, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(sizes=st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=5))
def test_only_teams_that_are_large_enough_have_inactive_accounts(
    acme: Organization, build: Build, sizes: list[tuple[int, int, int]]
) -> None:
    acme.with_teams(**{f"t{at}": TeamUse(members, (before, now)) for at, (members, before, now) in enumerate(sizes)})
    teams = build(acme, price=(39, "EUR")).teams
    assert teams is not None

    for row in teams.rows:
        members, before, now = sizes[int(row.name.removeprefix("T"))]
        assert min(members, before, now) >= 5
        if row.inactive.value is not None:
            assert row.inactive.value == members - now >= 0
        if row.share_before.value is not None:
            assert row.share_before.value == before / members <= 1
    known = [row.inactive.value for row in teams.rows if row.inactive.value is not None]
    assert known == sorted(known, reverse=True)
