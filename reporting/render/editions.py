"""An edition of a report: the same model, less what is not for its readers."""

from reporting.edition import Edition
from reporting.report import MonthlyReport
from reporting.sections import AboutTheData
from reporting.usage_api.endpoints import TEAM_ENDPOINTS


def edition_of(report: MonthlyReport, edition: Edition) -> MonthlyReport:
    """Give what an edition shows of a report.

    The full edition is the report as it is. The executive one leaves out the teams, governance, the findings that are
    not for executives, and what is said about the data of these.
    """
    if edition == "full":
        return report
    return report.model_copy(
        update={
            "edition": edition,
            "findings": tuple(finding for finding in report.findings if finding.edition == edition),
            "teams": None,
            "governance": None,
            "about": _for_executives(report.about),
        }
    )


def _for_executives(about: AboutTheData) -> AboutTheData:
    """Leave out the words that stand nowhere else, and why single teams gave no answer, which may name them."""
    return about.model_copy(
        update={
            "definitions": tuple(one for one in about.definitions if one.edition == "executive"),
            "endpoints": tuple(
                line.model_copy(update={"reason": ""}) if line.endpoint in TEAM_ENDPOINTS else line
                for line in about.endpoints
            ),
        }
    )
