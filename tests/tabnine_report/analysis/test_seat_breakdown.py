"""Where the seats went: the parts, computed by hand, and that they always add up."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_organization import Build, Organization, kpi

from tabnine_report.model.report import MonthlyReport
from tabnine_report.model.sections import SeatBreakdown

PRICE = (39, "EUR")


def breakdown_of(report: MonthlyReport) -> SeatBreakdown:
    assert report.seats.breakdown is not None
    return report.seats.breakdown


def test_every_seat_is_in_one_part(acme: Organization, build: Build) -> None:
    # 60 seats and 50 accounts; 40 active users, 20 of them on each working day.
    report = build(acme, price=PRICE)
    breakdown = breakdown_of(report)

    assert [(part.key, part.figure.value, part.spend and part.spend.value) for part in breakdown.parts] == [
        ("daily", 20, None),
        ("monthly", 20, None),
        ("inactive", 10, 390),
        ("unassigned", 10, 390),
    ]
    assert [part.label for part in breakdown.parts] == [
        "people on a typical working day",
        "others, at least once in the month",
        "inactive accounts",
        "unassigned",
    ]
    assert breakdown.total == kpi(report, "seats").figure
    assert breakdown.unused.value == kpi(report, "unused_seats").figure.value
    assert (breakdown.used.value, breakdown.used_share.value) == (40, 40 / 60)
    assert (breakdown.unused.value, breakdown.unused_share.value) == (20, 20 / 60)
    assert breakdown.used_spend is not None
    assert breakdown.used_spend.value == 40 * 39
    assert [part.share.value for part in breakdown.parts] == [20 / 60, 20 / 60, 10 / 60, 10 / 60]
    assert [part.share.at_least for part in breakdown.parts] == [False, False, True, False]
    assert [part.figure.at_least for part in breakdown.parts] == [False, False, True, False]
    assert breakdown.unused.at_least
    assert breakdown.unused_share.at_least


@pytest.mark.parametrize("missing", ["failed license", "no seat limit"])
def test_without_a_number_of_seats_it_is_where_the_accounts_went(
    acme: Organization, build: Build, missing: str
) -> None:
    if missing == "failed license":
        acme.failed["license"] = 403
    else:
        acme.license["seats"] = "unlimited"
    breakdown = breakdown_of(build(acme, price=PRICE))

    assert (breakdown.total.value, breakdown.total.unit) == (50, "accounts")
    assert [(part.key, part.figure.value, part.spend) for part in breakdown.parts] == [
        ("daily", 20, None),
        ("monthly", 20, None),
        ("inactive", 10, None),
    ]
    assert breakdown.used_spend is None
    assert (breakdown.unused.value, breakdown.unused_share.value) == (10, 0.2)


def test_a_share_of_fewer_than_20_seats_is_not_given(acme: Organization, build: Build) -> None:
    acme.license["seats"], acme.v1.people["2026-10"] = 12, 9
    acme.v1.days = dict.fromkeys(acme.v1.days, 5)
    breakdown = breakdown_of(build(acme.with_accounts(10)))

    assert [part.figure.value for part in breakdown.parts] == [5, 4, 1, 2]
    assert (breakdown.used_share.known, breakdown.unused_share.known) == (False, False)


def over_assigned(acme: Organization) -> None:
    acme.license["seats"] = 45


def contradicted_accounts(acme: Organization) -> None:
    acme.users = (20, 4, 3, 0)


def more_people_than_accounts(acme: Organization) -> None:
    acme.v1.people["2026-10"] = 55


def more_people_on_a_day_than_in_the_month(acme: Organization) -> None:
    acme.v1.days = dict.fromkeys(acme.v1.days, 41)


def agent_users_not_counted(acme: Organization) -> None:
    acme.v1.blocks["2026-10"] = {"agent": {"activeUsers": 45}}


def without_accounts(acme: Organization) -> None:
    acme.failed["account-utilizations"] = 500


def without_days(acme: Organization) -> None:
    acme.v1.days = {}


@pytest.mark.parametrize(
    "change",
    [
        over_assigned,
        contradicted_accounts,
        more_people_than_accounts,
        more_people_on_a_day_than_in_the_month,
        agent_users_not_counted,
        without_accounts,
        without_days,
    ],
)
def test_without_a_part_there_is_no_breakdown(acme: Organization, build: Build, change: object) -> None:
    assert callable(change)
    change(acme)

    assert build(acme, price=PRICE).seats.breakdown is None


@settings(
    max_examples=60, derandomize=True, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(seats=st.one_of(st.integers(0, 200), st.just("unlimited")), numbers=st.tuples(*[st.integers(0, 200)] * 3))
def test_the_parts_add_up_to_the_total(
    acme: Organization, build: Build, seats: int | str, numbers: tuple[int, int, int]
) -> None:
    accounts, people, a_day = numbers
    acme.license["seats"], acme.v1.people["2026-10"] = seats, people
    acme.v1.days = dict.fromkeys(acme.v1.days, a_day)
    breakdown = build(acme.with_accounts(accounts), price=PRICE).seats.breakdown

    if breakdown is None:
        assert accounts < people or people < a_day or (isinstance(seats, int) and 0 < seats < accounts) or not people
        return
    parts = [part.figure.value or 0 for part in breakdown.parts]
    assert all(part >= 0 for part in parts)
    assert sum(parts) == breakdown.total.value
    assert (breakdown.used.value, breakdown.unused.value) == (sum(parts[:2]), sum(parts[2:]))
    spends = [part.spend.value for part in breakdown.parts if part.spend and part.spend.value is not None]
    assert sum(spends) == (0 if breakdown.total.unit == "accounts" else sum(parts[2:]) * PRICE[0])
