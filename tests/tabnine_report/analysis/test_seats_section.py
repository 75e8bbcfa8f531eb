"""Tests of seats, license and accounts, computed by hand, and of current figures."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_organization import Build, Organization, all_measures, kpi

from tabnine_report.model.figure import State

NOW_FIGURES = ("seats", "teams", "admins", "accounts_without_team")


def test_seats_accounts_and_unused_seats(acme: Organization, build: Build) -> None:
    report = build(acme)
    values = {
        key: kpi(report, key).figure.value
        for key in (
            "seats",
            "registered",
            "accounts",
            "seat_utilization",
            "unassigned_seats",
            "inactive_accounts",
            "unused_seats",
            "deactivated",
            "pending",
            *NOW_FIGURES[1:],
        )
    }

    assert values == {
        "seats": 60,
        "registered": 52,
        "accounts": 50,
        "seat_utilization": 50 / 60,
        "unassigned_seats": 10,
        "inactive_accounts": 10,
        "unused_seats": 20,
        "deactivated": 3,
        "pending": 2,
        "teams": 2,
        "admins": 3,
        "accounts_without_team": 4,
    }


def test_only_current_figures_have_an_as_of_date(acme: Organization, build: Build) -> None:
    report = build(acme)

    assert {kpi(report, key).figure.as_of for key in NOW_FIGURES} == {acme.now}
    assert kpi(report, "registered").figure.as_of is None
    # What rests on the seats is no newer than they are.
    assert kpi(report, "unused_seats").figure.as_of == acme.now


# November ends at 00:00 UTC on 1 December, and is final on 2 December in Berlin, at 23:00 UTC on 1 December.
@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 11, 2, 6, tzinfo=UTC),
        datetime(2026, 11, 30, 6, tzinfo=UTC),
        datetime(2026, 12, 1, 22, 59, 59, tzinfo=UTC),
    ],
)
def test_current_figures_are_shown_until_the_next_month_is_final(
    acme: Organization, build: Build, now: datetime
) -> None:
    acme.now = now
    report = build(acme)

    assert {kpi(report, key).figure.state for key in NOW_FIGURES} == {State.MEASURED}
    assert {kpi(report, key).figure.as_of for key in NOW_FIGURES} == {now}
    assert report.seats.license != ()
    assert report.complete


def test_current_figures_are_unavailable_once_the_next_month_is_final(acme: Organization, build: Build) -> None:
    acme.now = datetime(2026, 12, 1, 23, tzinfo=UTC)
    report = build(acme)

    assert {kpi(report, key).figure.state for key in NOW_FIGURES} == {State.UNAVAILABLE}
    assert kpi(report, "seats").figure.reason == (
        "The API returns only the current seats. They were fetched on 2 December 2026, when November 2026 was already "
        "final."
    )
    assert kpi(report, "inactive_accounts").figure.value == 10
    assert report.seats.license == ()
    assert not report.complete


def test_a_late_run_uses_current_figures_of_the_first_run(acme: Organization, build: Build) -> None:
    acme.now = datetime(2027, 1, 15, tzinfo=UTC)
    acme.late["license"] = datetime(2026, 11, 2, 6, tzinfo=UTC) - acme.now
    report = build(acme)

    assert kpi(report, "seats").figure.value == 60
    assert kpi(report, "teams").figure.state is State.UNAVAILABLE
    assert "Seats as of 2 November 2026, accounts" in report.data_quality.summary


def test_the_license_shows_its_end_and_the_days_left(acme: Organization, build: Build) -> None:
    # exp is 1 February 2027, 00:00 UTC: 28 days of November, 31 of December, 31 of January and 1.
    facts = {fact.label: fact.text for fact in build(acme).seats.license}

    assert facts == {"License issued": "1 February 2026", "License expires": "1 February 2027", "Days left": "91 days"}


def test_an_expired_license_shows_the_days_since(acme: Organization, build: Build) -> None:
    acme.license["exp"] = int(datetime(2026, 11, 1, tzinfo=UTC).timestamp())
    facts = {fact.label: fact.text for fact in build(acme).seats.license}

    assert facts["Days since it expired"] == "1 day"


def test_a_license_without_seats_is_explained(acme: Organization, build: Build) -> None:
    del acme.license["seats"]

    assert kpi(build(acme), "seats").figure.reason == "The API returned no license.seats."


def test_a_month_without_accounts_is_unavailable_and_not_zero(acme: Organization, build: Build) -> None:
    del acme.accounts["2026-10"]
    report = build(acme)

    for key in ("accounts", "registered", "pending", "deactivated", "adoption_rate", "unused_seats"):
        assert (kpi(report, key).figure.value, kpi(report, key).figure.state) == (None, State.UNAVAILABLE)
    assert report.headline == "40 people used Tabnine in October, 4 more than in September."
    assert not report.complete


def test_contradictory_duplicate_accounts_are_unavailable(acme: Organization, build: Build) -> None:
    acme.accounts["again"] = acme.accounts["2026-10"] | {"active": 51}
    report = build(acme)

    assert kpi(report, "accounts").figure.reason == "The API returned October 2026 twice, with different figures."
    assert kpi(report, "registered").figure.value == 52


def test_the_funnel_goes_from_seats_to_a_working_day_with_shares_of_the_seats(acme: Organization, build: Build) -> None:
    funnel = build(acme).adoption.funnel

    assert [(step.figure.value, step.share.value, step.drop) for step in funnel] == [
        (60, 1, ""),
        (50, 50 / 60, "10 unassigned"),
        (40, 40 / 60, "at least 10 inactive"),
        (20, 20 / 60, "20 not active on a typical working day"),
    ]


def test_a_failed_endpoint_makes_its_figures_unavailable(acme: Organization, build: Build) -> None:
    acme.failed |= {"license": 403, "teams": 500, "permissions": 403, "users": 503, "account-utilizations": 500}
    report = build(acme)

    assert kpi(report, "active_users").figure.value == 40
    assert kpi(report, "seats").figure.reason == "The license could not be fetched."
    assert kpi(report, "teams").figure.reason == "The list of teams could not be fetched."
    assert kpi(report, "admins").figure.reason == "The list of admins could not be fetched."
    assert kpi(report, "accounts_without_team").figure.reason == "The list of users could not be fetched."
    lines = {line.endpoint: line for line in report.data_quality.data_sources}
    assert (lines["license"].state, lines["license"].reason) == ("failed", "console.example returned 403.")
    assert report.data_quality.summary.startswith("2 of 7 data sources answered; fetched 2 November 2026, 07:00.")
    assert not report.complete


def test_days_left_count_from_the_snapshot(acme: Organization, build: Build) -> None:
    acme.now += timedelta(days=1)

    assert build(acme).seats.license[-1].text == "90 days"


@settings(
    max_examples=60, derandomize=True, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(numbers=st.tuples(st.integers(1, 200), *[st.integers(0, 200)] * 3))
def test_utilization_and_unassigned_seats_add_up_and_no_seat_count_is_negative(
    acme: Organization, build: Build, numbers: tuple[int, int, int, int]
) -> None:
    seats, accounts, people, agents = numbers
    acme.license["seats"], acme.v1.people["2026-10"], acme.v1.days = seats, people, {}
    acme.v1.blocks["2026-10"] = {"agent": {"activeUsers": agents}}
    report = build(acme.with_accounts(accounts))
    utilization, unassigned = kpi(report, "seat_utilization").figure, kpi(report, "unassigned_seats").figure

    assert unassigned.value == max(0, seats - accounts)
    if seats >= 20:
        assert utilization.value is not None
        assert utilization.value * seats + unassigned.value - max(0, accounts - seats) == pytest.approx(seats)
        if accounts <= seats:
            assert utilization.value + unassigned.value / seats == pytest.approx(1)
    else:
        assert utilization.value is None
    if accounts > seats:
        assert f"There are {accounts} accounts for {seats} seat" in report.seats.title
        assert f"There are {accounts} accounts for {seats} seat" in report.headline
    assert [one.key for one in all_measures(report) if (one.figure.value or 0) < 0] == []
    active = kpi(report, "active_users").figure
    assert (active.value or 0) >= agents
    assert (active.state is State.PARTIAL) is (agents > people)


def test_seat_figures_state_both_counts_and_their_dates(acme: Organization, build: Build) -> None:
    report = build(acme)
    basis = "50 accounts at the end of October, 60 seats"

    for key in ("seat_utilization", "unassigned_seats"):
        assert (kpi(report, key).note, kpi(report, key).figure.as_of) == (basis, acme.now)
    assert (
        "Seats as of 2 November 2026, accounts at the end of October (assumption explained in the report)."
        in report.data_quality.summary
    )
    acme.license["seats"] = 45
    assert kpi(build(acme), "unassigned_seats").note == (
        "over-assigned by 5 · 50 accounts at the end of October, 45 seats"
    )


def test_rates_state_their_two_numbers(acme: Organization, build: Build) -> None:
    report = build(acme)

    assert kpi(report, "adoption_rate").note == "40 of 50 accounts at the month's end"
    assert kpi(report, "stickiness").note == "20 of 40 active users"
