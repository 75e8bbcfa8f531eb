"""Tests of the cross-checks of severity hold, and of the documented severities."""

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from small_organization import Build, Organization

from tabnine_report.model.data_quality import CheckResult, CrossCheck, Severity
from tabnine_report.model.month import Month
from tabnine_report.model.report import MonthlyReport
from tabnine_report.usage_api.endpoints import Endpoint
from tabnine_report.usage_api.endpoints.usage import USAGE_DAYS
from tabnine_report.usage_api.snapshot import Snapshot

ROOT = Path(__file__).parents[3]


def check(report: MonthlyReport, name: str) -> CrossCheck:
    return next(one for one in report.data_quality.checks if one.name == name)


def test_a_future_month_fails_the_clock_check(acme: Organization, build: Build) -> None:
    december = Month(2026, 12)
    acme.accounts[str(december)] = acme.accounts["2026-10"] | {"year": 2026, "month": 11}
    found = check(build(acme), "System clock and API timestamps")

    assert found.holds
    assert found.sentence == (
        "The newest timestamp from the API is 1 December 2026, 01:00; this computer's clock read 2 "
        "November 2026, 07:00 at the time of the request."
    )


def test_a_license_issued_in_the_future_fails_the_clock_check(acme: Organization, build: Build) -> None:
    acme.license["iat"] = 1793685600  # 3 November 2026, 06:00 UTC

    assert check(build(acme), "System clock and API timestamps").holds


def with_dates(snapshot: Snapshot, *late: timedelta) -> Snapshot:
    """Set the delay of the API's clock in the responses of the license and of all other endpoints."""
    fetches = {
        name: fetch.model_copy(
            update={
                "responses": tuple(
                    answer.model_copy(update={"server_time": answer.received_at - late[name != Endpoint.LICENSE]})
                    for answer in fetch.responses
                )
            }
        )
        for name, fetch in snapshot.fetches.items()
    }
    return snapshot.model_copy(update={"fetches": fetches})


@pytest.mark.parametrize(
    ("of_license", "of_others", "held"), [(5, 60, False), (-6, 60, True), (6, 5, False), (60, 6, True)]
)
def test_a_clock_difference_holds_unless_one_answer_agrees(  # noqa: PLR0917 - three are the case
    acme: Organization,
    build: Build,
    monkeypatch: pytest.MonkeyPatch,
    of_license: int,
    of_others: int,
    held: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    snapshot = with_dates(acme.snapshot(), timedelta(minutes=of_license), timedelta(minutes=of_others))
    monkeypatch.setattr(acme, "snapshot", lambda: snapshot)

    assert check(build(acme), "System clock and API timestamps").holds is held


def test_the_clock_check_names_both_times(acme: Organization, build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    snapshot = with_dates(acme.snapshot(), *[timedelta(hours=9)] * 2)
    monkeypatch.setattr(acme, "snapshot", lambda: snapshot)

    assert check(build(acme), "System clock and API timestamps").sentence == (
        "The clocks differ: the API responded at 1 November 2026, 22:00 by its own clock and at 2 "
        "November 2026, 07:00 by this computer's clock, which determines the month of the report."
    )


def test_without_accounts_and_license_the_clock_check_is_not_possible(acme: Organization, build: Build) -> None:
    acme.failed |= {Endpoint.LICENSE: 403, Endpoint.ACCOUNT_UTILIZATIONS: 500}
    found = check(build(acme), "System clock and API timestamps")

    assert (found.result, found.holds) == (CheckResult.NOT_POSSIBLE, False)


@pytest.mark.parametrize(("people", "held"), [(4, False), (3, True)])
def test_a_figure_that_fell_below_a_tenth_holds(acme: Organization, build: Build, people: int, *, held: bool) -> None:
    acme.v1.days.clear()
    acme.v1.people["2026-10"] = people
    acme.v1.blocks["2026-10"] = {"codeCompletions": {"activeUsers": people}}
    found = check(build(acme), "No sudden drop")

    assert found.holds is held


def test_a_feature_that_fell_to_zero_holds(acme: Organization, build: Build) -> None:
    acme.v1.blocks |= {"2026-09": {"chat": {"activeUsers": 25}}, "2026-10": {"chat": {"activeUsers": 0}}}

    found = check(build(acme), "No sudden drop")
    assert (found.holds, found.sentence) == (
        True,
        "These figures fell to less than a tenth of the month before: Chat users from 25 to 0.",
    )


def test_the_sudden_drop_names_figure_and_numbers(acme: Organization, build: Build) -> None:
    acme.v1.days.clear()
    acme.v1.people["2026-10"] = 3

    found = check(build(acme), "No sudden drop")
    assert found.sentence == "These figures fell to less than a tenth of the month before: Active users from 36 to 3."


def test_a_small_base_has_no_sudden_drop(acme: Organization, build: Build) -> None:
    acme.v1.days.clear()
    acme.v1.people |= {"2026-09": 19, "2026-10": 1}
    for month in acme.accounts.values():
        month["active"] = 1

    assert check(build(acme), "No sudden drop").result is CheckResult.NOT_POSSIBLE


def with_completions_a_day(snapshot: Snapshot, completions: int) -> Snapshot:
    """Set the completions of each day."""
    fetch = snapshot.fetches[Endpoint.USAGE_V1]
    answers = [
        answer.model_copy(update={"body": json.dumps(each_day(answer.json_body(), completions)).encode()})
        if answer.query == USAGE_DAYS
        else answer
        for answer in fetch.responses
    ]
    fetches = {**snapshot.fetches, Endpoint.USAGE_V1: fetch.model_copy(update={"responses": tuple(answers)})}
    return snapshot.model_copy(update={"fetches": fetches})


def each_day(body: dict[str, Any], completions: int) -> dict[str, Any]:
    for day in body["usage"]["data"]:
        day["codeCompletions"] = {"completions": completions}
    return body


@pytest.mark.parametrize(("a_day", "result"), [(10, CheckResult.AGREES), (9, CheckResult.DIFFERS)])
def test_the_days_have_the_months_completions(
    acme: Organization, build: Build, monkeypatch: pytest.MonkeyPatch, a_day: int, result: CheckResult
) -> None:
    # 22 working days.
    acme.v1.blocks["2026-10"] = {"codeCompletions": {"completions": 220}}
    snapshot = with_completions_a_day(acme.snapshot(), a_day)
    monkeypatch.setattr(acme, "snapshot", lambda: snapshot)
    found = check(build(acme), "Completions: days and month")

    assert (found.result, found.severity) == (result, Severity.WARNING)
    assert found.sentence == f"Accepted completions on all days: {22 * a_day}; in the month: 220."


def test_a_day_that_could_not_be_read_is_no_difference(
    acme: Organization, build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    acme.v1.blocks["2026-10"] = {"codeCompletions": {"completions": 220}}
    acme.v1.day_blocks["2026-10-05"] = {"codeCompletions": {"completions": "many"}}
    snapshot = acme.snapshot()
    monkeypatch.setattr(acme, "snapshot", lambda: snapshot)

    assert check(build(acme), "Completions: days and month").result is CheckResult.NOT_POSSIBLE


def test_more_accounts_at_the_end_than_in_the_month_differ(acme: Organization, build: Build) -> None:
    acme.accounts["2026-10"]["registered"] = 49

    found = check(build(acme), "Accounts: month's end and whole month")
    assert (found.result, found.severity) == (CheckResult.DIFFERS, Severity.WARNING)


def test_every_check_is_documented_with_its_severity(acme: Organization, build: Build) -> None:
    text = (ROOT / "docs" / "metrics.md").read_text(encoding="utf-8")
    documented = re.findall(r"^\| ([^|`]+) \| (note|warning|hold) \|", text, re.MULTILINE)

    made = [(one.name, one.severity) for one in build(acme).data_quality.checks]
    # Only where the API tells of cost, and only where it is asked about single teams.
    sometimes = ("Agent ", "List of users", "Completions: teams and organization")
    assert [row for row in documented if not row[0].startswith(sometimes)] == made
