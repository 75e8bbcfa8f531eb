"""The report digest changes with the month's content only."""

from datetime import UTC, datetime

import pytest
from small_organization import Build, Organization

from tabnine_report.archive.report_digest import report_digest, supersedes
from tabnine_report.model.findings import Finding
from tabnine_report.model.month import Month
from tabnine_report.usage_api.endpoints import AS_OF_ENDPOINTS, Endpoint


def test_the_same_answers_have_the_same_digest(acme: Organization, build: Build) -> None:
    first = report_digest(build(acme))

    assert report_digest(build(acme)) == first
    assert len(first) == 64


def test_revision_wording_version_and_timestamps_do_not_change_the_digest(acme: Organization, build: Build) -> None:
    report = build(acme)
    changes = {
        "revision": 2,
        "headline": "Other words",
        "title": "Other title",
        "program_version": "9",
        "data_as_of": datetime(2027, 1, 1, tzinfo=UTC),
    }

    assert report_digest(report.model_copy(update=changes)) == report_digest(report)


def test_current_figures_do_not_change_the_digest(acme: Organization, build: Build) -> None:
    first = report_digest(build(acme))
    acme.license["seats"] = 70
    acme.teams.append({"id": "t3", "name": "Three"})
    acme.admins = 4
    acme.users = (45, 6, 3, 0)

    assert report_digest(build(acme)) == first


def test_missing_current_figures_do_not_change_the_digest(acme: Organization, build: Build) -> None:
    first = build(acme)
    acme.now = datetime(2026, 12, 20, 6, tzinfo=UTC)
    late = build(acme)

    assert first.seats.kpis[0].figure.value == 60
    assert late.seats.kpis[0].figure.value is None
    assert report_digest(late) == report_digest(first)


# A report cannot be built without the organization.
@pytest.mark.parametrize("endpoint", sorted(AS_OF_ENDPOINTS - {Endpoint.ORGANIZATION}))
def test_a_failed_current_endpoint_does_not_change_the_digest(
    acme: Organization, build: Build, endpoint: Endpoint
) -> None:
    first = report_digest(build(acme))
    acme.failed[endpoint] = 500

    assert report_digest(build(acme)) == first


@pytest.mark.parametrize("endpoint", [Endpoint.USAGE_V1, Endpoint.ACCOUNT_UTILIZATIONS])
def test_a_failed_monthly_endpoint_changes_the_digest(acme: Organization, build: Build, endpoint: Endpoint) -> None:
    first = report_digest(build(acme))
    acme.failed[endpoint] = 500

    assert report_digest(build(acme)) != first


def test_other_active_users_change_the_digest(acme: Organization, build: Build) -> None:
    first = report_digest(build(acme))
    acme.v1.people["2026-10"] += 1

    assert report_digest(build(acme)) != first


def test_other_daily_active_users_change_the_digest(acme: Organization, build: Build) -> None:
    first = report_digest(build(acme))
    acme.v1.days[str(Month(2026, 10).days[4])] += 1

    assert report_digest(build(acme)) != first


def test_earlier_months_do_not_change_the_digest(acme: Organization, build: Build) -> None:
    first = report_digest(build(acme))
    acme.v1.people["2026-08"] += 1

    assert report_digest(build(acme)) == first


def test_only_findings_on_the_month_change_the_digest(acme: Organization, build: Build) -> None:
    report = build(acme)
    people, seats = report.page_one_kpis[0].figure, report.seats.kpis[0].figure
    of_the_month = Finding(
        rule="active_users_changed", claim="More people.", evidence="4 more.", figures={"active_users": people}
    )
    of_now = Finding(
        rule="many_seats", claim="Many seats.", evidence="60 seats.", figures={"active_users": people, "seats": seats}
    )

    def digest_with(*findings: Finding) -> str:
        return report_digest(report.model_copy(update={"findings": findings}))

    assert digest_with(of_the_month) != digest_with()
    assert digest_with(of_now) == digest_with()
    assert digest_with(of_now, of_the_month) == digest_with(of_the_month)


def test_only_a_more_complete_report_replaces_another(acme: Organization, build: Build) -> None:
    whole = build(acme)
    acme.failed[Endpoint.LICENSE] = 403
    without_license = build(acme)

    assert supersedes(whole, without_license)
    assert not supersedes(without_license, whole)


def test_two_complete_reports_are_compared_by_digest(acme: Organization, build: Build) -> None:
    first = build(acme)
    acme.v1.people["2026-10"] += 1
    corrected = build(acme)

    assert supersedes(corrected, first)
    assert not supersedes(first, first)
