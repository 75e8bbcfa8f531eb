"""The report digest changes with the month's content only."""

from datetime import UTC, datetime

import pytest
from small_organization import Build, Organization

from tabnine_report.archive.revisions import report_digest, supersedes
from tabnine_report.model.findings import Finding
from tabnine_report.model.month import Month
from tabnine_report.usage_api.endpoints import AS_OF_ENDPOINTS, Endpoint


def test_the_same_answers_have_the_same_digest(acme: Organization, build: Build) -> None:
    first = report_digest(build(acme))

    assert report_digest(build(acme)) == first
    assert len(first) == 64


def test_revision_wording_version_and_times_do_not_change_the_digest(acme: Organization, build: Build) -> None:
    report = build(acme)
    changes = {
        "revision": 2,
        "headline": "Other words",
        "title": "Other title",
        "program_version": "9",
        "data_as_of": datetime(2027, 1, 1, tzinfo=UTC),
    }

    assert report_digest(report.model_copy(update=changes)) == report_digest(report)


def test_current_seats_teams_and_admins_do_not_change_the_digest(acme: Organization, build: Build) -> None:
    first = report_digest(build(acme))
    acme.license["seats"] = 70
    acme.teams.append({"id": "t3", "name": "Three"})
    acme.admins = 4
    acme.users = (47, 5, 3, 0)

    assert report_digest(build(acme)) == first


def test_a_late_run_without_current_figures_has_the_same_digest(acme: Organization, build: Build) -> None:
    first = build(acme)
    acme.now = datetime(2026, 12, 20, 6, tzinfo=UTC)
    late = build(acme)

    assert first.seats.kpis[0].figure.value == 60
    assert late.seats.kpis[0].figure.value is None
    assert report_digest(late) == report_digest(first)


# A report cannot be built without the organization.
@pytest.mark.parametrize("endpoint", sorted(AS_OF_ENDPOINTS - {Endpoint.ORGANIZATION}))
def test_a_failed_as_of_endpoint_does_not_change_the_digest(
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


def test_a_different_number_of_active_users_changes_the_digest(acme: Organization, build: Build) -> None:
    first = report_digest(build(acme))
    acme.v1.people["2026-10"] += 1

    assert report_digest(build(acme)) != first


def test_a_different_daily_figure_changes_the_digest(acme: Organization, build: Build) -> None:
    first = report_digest(build(acme))
    acme.v1.days[str(Month(2026, 10).days[4])] += 1

    assert report_digest(build(acme)) != first


def test_a_figure_of_an_earlier_month_does_not_change_the_digest(acme: Organization, build: Build) -> None:
    first = report_digest(build(acme))
    acme.v1.people["2026-08"] += 1

    assert report_digest(build(acme)) == first


def test_a_finding_about_the_month_changes_the_digest_and_one_about_current_figures_does_not(
    acme: Organization, build: Build
) -> None:
    report = build(acme)
    people, seats = report.page_one_kpis[0].figure, report.seats.kpis[0].figure
    of_the_month = Finding(rule="people_moved", sentence="More people.", figures={"active_users": people})
    of_now = Finding(rule="many_seats", sentence="Many seats.", figures={"active_users": people, "seats": seats})

    def digest_with(*findings: Finding) -> str:
        return report_digest(report.model_copy(update={"findings": findings}))

    assert digest_with(of_the_month) != digest_with()
    assert digest_with(of_now) == digest_with()
    assert digest_with(of_now, of_the_month) == digest_with(of_the_month)


def test_a_complete_report_supersedes_an_incomplete_one_and_not_the_reverse(acme: Organization, build: Build) -> None:
    whole = build(acme)
    acme.failed[Endpoint.LICENSE] = 403
    without_license = build(acme)

    assert supersedes(whole, without_license)
    assert not supersedes(without_license, whole)


def test_between_complete_reports_the_digest_decides(acme: Organization, build: Build) -> None:
    first = build(acme)
    acme.v1.people["2026-10"] += 1
    corrected = build(acme)

    assert supersedes(corrected, first)
    assert not supersedes(first, first)
