"""An organization's first month: partial if it started after the 5th, and never compared with another month."""

from datetime import UTC, datetime

import pytest
from small_organization import Build, Organization, accounts_of, all_measures, change, history

from tabnine_report.model.figure import State
from tabnine_report.model.month import Month


@pytest.fixture
def newcomer(acme: Organization) -> Organization:
    """The organization, started in October 2026."""
    acme.accounts = {"2026-10": accounts_of(Month(2026, 10), 50)}
    acme.v1.people = {"2026-10": 40}
    acme.v1.days = {day: 20 for day in acme.v1.days if day >= "2026-10-19"}
    return acme


def seconds(year: int, month: int, day: int) -> int:
    return int(datetime(year, month, day, tzinfo=UTC).timestamp())


def test_a_license_from_the_18th_makes_the_first_month_partial(newcomer: Organization, build: Build) -> None:
    newcomer.license["iat"] = seconds(2026, 10, 18)
    report = build(newcomer)
    people, working_day = report.page_one_kpis[0], report.page_one_kpis[1]

    assert (people.figure.value, people.figure.state) == (40, State.PARTIAL)
    assert people.figure.reason == "This is the organization's first month, from 18 October 2026."
    # Ten weekdays from the 18th, 20 people on each.
    assert (working_day.figure.value, working_day.figure.state) == (20, State.PARTIAL)
    assert report.adoption.daily.points[16].figure.reason == "The organization had not started yet."
    assert report.adoption.daily.points[17].figure.value == 0
    assert report.headline.startswith("40 people used Tabnine in its first month, from 18 October 2026. ")
    assert report.complete


def test_without_a_license_of_the_month_the_first_day_with_people_counts(newcomer: Organization, build: Build) -> None:
    figure = build(newcomer).page_one_kpis[0].figure

    assert figure.reason == "This is the organization's first month, from 19 October 2026."


def test_usage_before_the_license_determines_the_first_month(newcomer: Organization, build: Build) -> None:
    newcomer.license["iat"] = seconds(2026, 10, 25)
    report = build(newcomer)

    assert report.page_one_kpis[0].figure.reason == "This is the organization's first month, from 19 October 2026."
    assert report.adoption.daily.points[18].figure.value == 20


def test_a_first_month_starting_by_the_5th_is_complete(newcomer: Organization, build: Build) -> None:
    newcomer.license["iat"] = seconds(2026, 10, 5)

    assert build(newcomer).page_one_kpis[0].figure.state is State.MEASURED


def test_months_before_the_first_are_unavailable_and_not_zero(newcomer: Organization, build: Build) -> None:
    for one in all_measures(build(newcomer)):
        if one.history is not None:
            assert [point.figure.value for point in one.history.points[:-1]] == [None] * 12


def test_no_figure_is_compared_with_the_first_month(newcomer: Organization, build: Build) -> None:
    newcomer.license["iat"] = seconds(2026, 10, 18)
    newcomer.month, newcomer.now = "2026-11", datetime(2026, 12, 2, 6, tzinfo=UTC)
    newcomer.v1.people["2026-11"] = 45
    newcomer.accounts["2026-11"] = accounts_of(Month(2026, 11), 50)
    report = build(newcomer)
    compared = change(report.page_one_kpis[0])

    assert compared.absolute.state is State.UNAVAILABLE
    assert compared.absolute.reason == (
        "Only complete months are compared. This is the organization's first month, from 18 October 2026."
    )
    assert [one.key for one in all_measures(report) if one.change and one.change.absolute.known] == []
    assert report.month_summary == "There is no complete month before November to compare it with."
    assert report.headline == (
        "45 people used Tabnine in November. At least a quarter of the seats, 15 of 60, were unused."
    )


def test_a_first_month_with_an_unknown_first_day_is_partial(newcomer: Organization, build: Build) -> None:
    newcomer.month, newcomer.now = "2026-11", datetime(2026, 12, 2, 6, tzinfo=UTC)
    newcomer.v1.people["2026-11"] = 45
    newcomer.accounts["2026-11"] = accounts_of(Month(2026, 11), 50)
    newcomer.v1.days = {"2026-11-02": 20}
    report = build(newcomer)

    assert history(report.page_one_kpis[0])[-2].figure.reason == (
        "This is the organization's first month, and its first day is not known."
    )


def test_without_the_evidence_no_month_counts_as_the_first(newcomer: Organization, build: Build) -> None:
    newcomer.v2, newcomer.failed = newcomer.v1, {"usage-v1": 500, "account-utilizations": 500}
    figure = build(newcomer).page_one_kpis[0].figure

    assert "first month" not in figure.reason


def test_missing_accounts_do_not_make_the_method_change_the_first_month(newcomer: Organization, build: Build) -> None:
    newcomer.v2, newcomer.failed, newcomer.accounts = newcomer.v1, {"usage-v1": 500}, {}

    assert "first month" not in build(newcomer).page_one_kpis[0].figure.reason


def test_an_organization_older_than_the_history_has_no_first_month(acme: Organization, build: Build) -> None:
    points = history(build(acme).page_one_kpis[0])

    assert {point.figure.state for point in points} == {State.MEASURED}
