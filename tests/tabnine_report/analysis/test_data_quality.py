"""Tests of the data quality section: cross-checks, data sources and notes."""

import copy
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_organization import Build, Organization, TeamUse, accounts_of, all_measures, kpi

from tabnine_report.analysis.report_assembly import build_report
from tabnine_report.model.data_quality import CheckResult, CrossCheck
from tabnine_report.model.errors import BuildError
from tabnine_report.model.figure import State
from tabnine_report.model.month import Month
from tabnine_report.model.prior_reports import PriorReports, UnreadableReport
from tabnine_report.model.report import MonthlyReport
from tabnine_report.profile.profile import Profile
from tabnine_report.usage_api.endpoints import Endpoint
from tabnine_report.usage_api.snapshot import Snapshot


def check(report: MonthlyReport, name: str) -> CrossCheck:
    return next(one for one in report.data_quality.checks if one.name == name)


def test_every_check_agrees_on_consistent_answers(acme: Organization, build: Build) -> None:
    acme.v1.blocks["2026-10"] = {
        "codeCompletions": {
            "completions": 200,
            "charsCompleted": 617672,
            "keystrokes": 831400,
            "automationFactor": 0.426,
        }
    }
    acme.with_teams(t1=TeamUse(), t2=TeamUse())
    acme.teams = [team | {"usersCount": 23} for team in acme.teams]

    assert {one.name: one.result for one in build(acme).data_quality.checks} == dict.fromkeys(
        [
            "Responses about one organization",
            "Active users: single month and history",
            "Active users: busiest day and month",
            "Active users and usage",
            "Daily usage: newest day",
            "Active users and registered accounts",
            "Accounts and seats",
            "Accounts and list of users",
            "Account history: one row per month",
            "Automation factor: reported and computed",
            "Tabnine's ratios: from 0 to 100%",
            "List of teams: rows and total",
            "Members: list of teams and list of users",
            "Completions: teams and organization",
            "Accounts: month's end and whole month",
            "System clock and API timestamps",
            "No sudden drop",
        ],
        CheckResult.AGREES,
    ) | {"Completions: days and month": CheckResult.NOT_POSSIBLE}


def test_a_day_with_more_people_than_the_month_differs(acme: Organization, build: Build) -> None:
    acme.v1.days["2026-10-07"] = 41
    found = check(build(acme), "Active users: busiest day and month")

    assert (found.result, found.sentence) == (
        CheckResult.DIFFERS,
        "Active users on the busiest day: 41; in the month: 40.",
    )


def test_more_accounts_than_seats_differ(acme: Organization, build: Build) -> None:
    acme.license["seats"] = 49

    assert check(build(acme), "Accounts and seats").result is CheckResult.DIFFERS


def test_more_people_than_accounts_differ(acme: Organization, build: Build) -> None:
    acme.v1.people["2026-10"] = 53

    assert check(build(acme), "Active users and registered accounts").result is CheckResult.DIFFERS


def test_missing_or_duplicate_months_of_accounts_differ(acme: Organization, build: Build) -> None:
    del acme.accounts["2026-03"]
    acme.accounts["again"] = accounts_of(Month(2026, 5), 48)

    assert (
        check(build(acme), "Account history: one row per month").sentence == "Missing months: 1; duplicate months: 1."
    )


def test_a_factor_that_contradicts_its_parts_differs(acme: Organization, build: Build) -> None:
    acme.v1.blocks["2026-10"] = {"codeCompletions": {"charsCompleted": 10, "keystrokes": 10, "automationFactor": 0.6}}

    assert check(build(acme), "Automation factor: reported and computed").result is CheckResult.DIFFERS


def test_a_check_without_its_figures_is_not_possible(acme: Organization, build: Build) -> None:
    acme.failed |= {"usage-v1": 500, "license": 500, "users": 500, "account-utilizations": 500, "teams": 500}

    assert {one.result for one in build(acme).data_quality.checks} == {CheckResult.NOT_POSSIBLE}


def test_sources_that_were_not_fetched_are_named_within_a_sentence(acme: Organization, build: Build) -> None:
    acme.failed |= {"license": 500, "users": 500}

    assert "Not fetched: the license; the list of users." in build(acme).data_quality.sources_sentence


def test_the_summary_counts_sources_and_names_missing_page_one_figures(acme: Organization, build: Build) -> None:
    acme.v1.blocks["2026-10"] = {"agent": {"activeUsers": 10}}
    whole = build(acme).data_quality.summary
    acme.failed["license"] = 500
    without_license = build(acme).data_quality.summary

    assert whole.startswith(
        "7 of 7 data sources answered; fetched 2 November 2026, 07:00. Seats as of 2 November 2026, "
        "accounts at the end of October (assumption explained in the report). "
    )
    assert without_license.startswith(
        "6 of 7 data sources answered; fetched 2 November 2026, 07:00. Unavailable: Unused seats and "
    )


def test_the_notes_state_the_assumptions(acme: Organization, build: Build) -> None:
    notes = " ".join(build(acme).data_quality.notes)

    assert "“active”" in notes
    assert "“seatsCap”" in notes
    assert "public holidays" in notes


def test_organization_names_are_unchanged(acme: Organization, build: Build) -> None:
    assert build(acme).organization.name == "<ACME>"


def test_every_measure_has_its_source(acme: Organization, build: Build) -> None:
    kpis = all_measures(build(acme))

    assert len(kpis) > 20
    for one in kpis:
        assert one.figure.source is not None, one.key
        assert one.figure.source.field or one.figure.source.formula, one.key


def test_only_a_missing_organization_prevents_a_report(acme: Organization, build: Build) -> None:
    acme.failed["organization"] = 500

    with pytest.raises(BuildError, match=r"No report can be built for 2026-10.*console.example returned 500"):
        build(acme)


def test_an_endpoint_that_is_not_in_the_snapshot_counts_as_failed(acme: Organization, profile: Profile) -> None:
    snapshot = acme.snapshot()
    fetches = {name: fetch for name, fetch in snapshot.fetches.items() if name != "teams"}
    report = build_report(snapshot.model_copy(update={"fetches": fetches}), profile, revision=1, draft=False)

    assert next(line for line in report.data_quality.data_sources if line.endpoint == "teams").state == "failed"


def test_an_answer_of_another_shape_counts_as_failed(acme: Organization, build: Build) -> None:
    acme.license = "error"  # type: ignore[assignment]

    report = build(acme)

    (line,) = [line for line in report.data_quality.data_sources if line.endpoint == "license"]
    assert (line.state, kpi(report, "seats").figure.state) == ("failed", State.UNAVAILABLE)
    assert line.reason.startswith(
        "license: license is not an object, so the response to /api/v1/license is not the API's."
    )


def test_the_stored_snapshot_gives_the_same_report(acme: Organization, profile: Profile) -> None:
    snapshot = acme.snapshot()
    stored = Snapshot.read(snapshot.files())

    first, again, read_back = (
        build_report(one, profile, revision=1, draft=False) for one in (snapshot, snapshot, stored)
    )
    assert first == again == read_back
    assert first.model_dump_json() == read_back.model_dump_json()


FULL_BLOCK: dict[str, Any] = {
    "productivityFactor": 0.4,
    "codeCompletions": {"activeUsers": 9, "completions": 90, "charsCompleted": 900, "keystrokes": 100, "lines": 30},
    "chat": {"activeUsers": 9, "interactions": 90, "usefulChatInteractions": 45, "lines": 9, "charsCompleted": 9},
    "agent": {
        "activeUsers": 9,
        "interactions": 90,
        "linesAdded": 9,
        "linesAddedAccepted": 8,
        "linesRemoved": 7,
        "linesRemovedAccepted": 6,
    },
}
FIELDS = [
    (name,) if not isinstance(block, dict) else (name, field)
    for name, block in FULL_BLOCK.items()
    for field in (block if isinstance(block, dict) else (name,))
]
ENDPOINTS = [str(endpoint) for endpoint in Endpoint if endpoint is not Endpoint.ORGANIZATION]


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(
    failed=st.sets(st.sampled_from(ENDPOINTS), max_size=4),
    absent=st.sets(st.sampled_from(FIELDS)),
    nothing_told=st.sets(st.sampled_from(["seats", "iat", "exp"])),
)
def test_any_missing_answer_still_builds_a_report_without_false_zeros(
    acme: Organization, build: Build, failed: set[str], absent: set[tuple[str, ...]], nothing_told: set[str]
) -> None:
    block = copy.deepcopy(FULL_BLOCK)
    for *outer, name in absent:
        (block[outer[0]] if outer else block).pop(name)
    told = replace(
        acme,
        failed=dict.fromkeys(failed, 500),
        license={name: value for name, value in acme.license.items() if name not in nothing_told},
        v1=replace(acme.v1, blocks=dict.fromkeys(acme.v1.people, block)),
    )

    for one in all_measures(build(told)):
        points = one.history.points if one.history else ()
        assert 0 not in [one.figure.value, *(point.figure.value for point in points)], one.key


def test_the_notes_name_an_unreadable_archived_report(acme: Organization, profile: Profile) -> None:
    prior_reports = PriorReports(unreadable_reports=(UnreadableReport(month="2026-08", revision=2),))

    report = build_report(acme.snapshot(), profile, revision=1, draft=False, prior_reports=prior_reports)

    said = "Revision 2 of the archived report for August 2026 could not be read, so this report does not use it."
    assert said in report.data_quality.notes
