"""A report names the required figures that the API did not return, and the cross-checks that failed."""

from typing import Any

import pytest
from small_organization import Build, Organization

from tabnine_report.analysis import data_quality
from tabnine_report.model.data_quality import CheckResult, CrossCheck, Severity
from tabnine_report.usage_api.endpoints import Endpoint

USERS, ACCOUNTS = "Active users", "Accounts at the month's end"


@pytest.mark.parametrize(
    ("failed", "missing"),
    [
        ((), ()),
        ((Endpoint.LICENSE, Endpoint.TEAMS, Endpoint.USERS, Endpoint.PERMISSIONS), ()),
        ((Endpoint.USAGE_V1,), (USERS,)),
        ((Endpoint.ACCOUNT_UTILIZATIONS,), (ACCOUNTS,)),
        ((Endpoint.USAGE_V1, Endpoint.ACCOUNT_UTILIZATIONS), (USERS, ACCOUNTS)),
    ],
)
def test_usage_and_accounts_of_the_month_are_required(
    acme: Organization, build: Build, failed: tuple[Endpoint, ...], missing: tuple[str, ...]
) -> None:
    acme.failed |= dict.fromkeys(failed, 500)

    assert build(acme).data_quality.required_missing == missing


def test_accounts_of_other_months_do_not_replace_those_of_the_month(acme: Organization, build: Build) -> None:
    del acme.accounts["2026-10"]

    assert build(acme).data_quality.required_missing == (ACCOUNTS,)


@pytest.mark.parametrize(
    ("blocks", "complete"),
    [
        ({}, False),
        ({"productivityFactor": 0.4, "instruct": {"acceptedCount": 3}}, False),
        ({"chat": {}, "agent": {}, "codeCompletions": {}}, False),
        ({"chat": {"activeUsers": 20}}, True),
        ({"agent": {"linesAdded": 0}}, True),
    ],
)
def test_a_report_without_any_figure_of_a_feature_is_incomplete(
    acme: Organization, build: Build, blocks: dict[str, Any], *, complete: bool
) -> None:
    acme.v1.blocks = {"2026-10": blocks}
    report = build(acme)
    reasons = {source.endpoint: source.reason for source in report.data_quality.incomplete_sources}

    assert report.complete is complete
    assert report.data_quality.required_missing == ()
    assert reasons == (
        {}
        if complete
        else {
            "usage-v1": "The API returned no figures of completions, chat or agents for October 2026, although people "
            "used Tabnine."
        }
    )


def test_nobody_used_a_feature_if_nobody_was_active(acme: Organization, build: Build) -> None:
    acme.v1.people["2026-10"], acme.v1.days, acme.v1.blocks = 0, {}, {}
    acme.accounts = {month: row | {"registered": 0, "active": 0} for month, row in acme.accounts.items()}

    assert "usage-v1" not in {source.endpoint for source in build(acme).data_quality.incomplete_sources}


@pytest.mark.parametrize(("number", "most"), [(3, False), (4, True)])
def test_more_than_half_of_the_sources_that_the_organization_has_are_most(
    acme: Organization, build: Build, number: int, *, most: bool
) -> None:
    side_information = (Endpoint.LICENSE, Endpoint.TEAMS, Endpoint.USERS, Endpoint.PERMISSIONS)
    acme.failed |= dict.fromkeys(side_information[:number], 500)
    quality = build(acme).data_quality

    # Version 2 and agent usage are not offered.
    assert sum(source.state != "not offered" for source in quality.data_sources) == 7
    assert (quality.most_sources_failed, quality.required_missing) == (most, ())


@pytest.mark.parametrize(
    ("severities", "ending"),
    [
        ((Severity.NOTE,), " others."),
        ((Severity.NOTE, Severity.WARNING), "A cross-check failed: warning 1."),
        ((Severity.WARNING, Severity.HOLD), "Cross-checks failed: hold 1. warning 0."),
        ((Severity.WARNING,) * 3, "Cross-checks failed: warning 0. warning 1. One more failed; see Data quality."),
        ((Severity.HOLD,) * 4, "Cross-checks failed: hold 0. hold 1. 2 more failed; see Data quality."),
    ],
)
def test_page_one_names_the_failed_checks_those_that_need_a_review_first(
    acme: Organization,
    build: Build,
    monkeypatch: pytest.MonkeyPatch,
    severities: tuple[Severity, ...],
    ending: str,
) -> None:
    results = tuple(
        CrossCheck(
            name="",
            result=CheckResult.DIFFERS,
            sentence=f"{severity} {number}.",
            severity=severity,
            metrics=("active_users",),
        )
        for number, severity in enumerate(severities)
    )
    monkeypatch.setattr(data_quality, "checks", lambda _: results)

    assert build(acme).data_quality.summary.endswith(ending)
