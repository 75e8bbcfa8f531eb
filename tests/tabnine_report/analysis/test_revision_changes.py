"""The figures that changed since the previous revision."""

import pytest
from small_organization import Build, Organization

from tabnine_report.analysis.report_assembly import build_report
from tabnine_report.model.data_quality import RevisionChanges
from tabnine_report.model.prior_reports import PriorReports
from tabnine_report.model.report import MonthlyReport
from tabnine_report.profile.profile import Profile
from tabnine_report.usage_api.endpoints import Endpoint


@pytest.fixture
def first(acme: Organization, build: Build) -> MonthlyReport:
    return build(acme)


def changes_of_revision_2(acme: Organization, profile: Profile, earlier: MonthlyReport) -> RevisionChanges:
    report = build_report(
        acme.snapshot(), profile, revision=2, draft=False, prior_reports=PriorReports(earlier_revision=earlier)
    )
    assert report.revision_changes is not None
    return report.revision_changes


def changes(revision_changes: RevisionChanges) -> list[tuple[str, object, object]]:
    return [(one.label, one.before.value, one.now.value) for one in revision_changes.figures]


def test_a_first_revision_has_no_changes(first: MonthlyReport) -> None:
    assert first.revision_changes is None


def test_the_same_responses_change_no_figure(acme: Organization, profile: Profile, first: MonthlyReport) -> None:
    revision_changes = changes_of_revision_2(acme, profile, first)

    assert revision_changes.figures == ()
    assert revision_changes.sentence == "No figure changed since revision 1; only the wording did."


def test_a_changed_figure_and_its_dependents_are_listed(
    acme: Organization, profile: Profile, first: MonthlyReport
) -> None:
    acme.v1.people["2026-10"] = 42
    revision_changes = changes_of_revision_2(acme, profile, first)

    assert changes(revision_changes) == [
        ("Active users", 40, 42),
        ("Unused seats", 20, 18),
        ("Adoption rate", 0.8, 0.84),
        ("Stickiness", 0.5, 20 / 42),
        ("Active users in three months", 42, 44),
        ("Inactive accounts in three months", 8, 6),
        ("Inactive accounts", 10, 8),
    ]
    assert revision_changes.sentence == (
        "Figures changed since revision 1: Active users 42 (previously 40); Unused seats at least 18 "
        "(previously at least 20); Adoption rate 84% (previously 80%); and 4 other figures."
    )


def test_a_figure_that_was_unavailable_before_is_listed(
    acme: Organization, profile: Profile, build: Build, first: MonthlyReport
) -> None:
    acme.failed[Endpoint.LICENSE] = 500
    without = build(acme)
    acme.failed.clear()
    revision_changes = changes_of_revision_2(acme, profile, without)

    assert ("Seats", None, 60) in changes(revision_changes)
    assert "Unused seats at least 20 (previously unavailable)" in revision_changes.sentence
    assert ("Seats", 60, None) not in changes(changes_of_revision_2(acme, profile, first))


def test_a_changed_day_is_listed_with_its_date(acme: Organization, profile: Profile, first: MonthlyReport) -> None:
    acme.v1.days["2026-10-05"] = 21

    assert changes(changes_of_revision_2(acme, profile, first)) == [("Daily active users, 5 October 2026", 20, 21)]
