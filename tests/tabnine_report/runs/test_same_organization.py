"""A token of another organization builds no report for the recipients of a profile."""

import pytest
from golden import golden_report
from small_organization import Organization

from tabnine_report.model.errors import BuildError
from tabnine_report.model.report import MonthlyReport
from tabnine_report.runs.same_organization import check_organization


@pytest.fixture(scope="module")
def own() -> MonthlyReport:
    return golden_report()


@pytest.fixture(scope="module")
def other(own: MonthlyReport) -> MonthlyReport:
    return own.model_copy(update={"organization": own.organization.model_copy(update={"id": "o-2", "name": "Other\n"})})


def test_the_organization_of_an_archived_report_counts(own: MonthlyReport, other: MonthlyReport) -> None:
    snapshot = Organization().snapshot()
    check_organization(snapshot, None)
    check_organization(snapshot, own)
    with pytest.raises(BuildError) as caught:
        check_organization(snapshot, other)
    assert str(caught.value).startswith(
        "The token is that of another organization: <ACME> (org-1). The archived report for 2026-10 is that of "
        "Other (o-2). Nothing was built or sent. Correct usage_api.token."
    )
