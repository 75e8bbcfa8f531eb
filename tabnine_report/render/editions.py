"""Build an edition of a report: the same model without the content that the edition's readers do not receive."""

from typing import Any

from pydantic import BaseModel

from tabnine_report.model.data_quality import DataQuality
from tabnine_report.model.edition import Edition
from tabnine_report.model.figure import Figure
from tabnine_report.model.kpi import Kpi
from tabnine_report.model.report import MonthlyReport
from tabnine_report.model.series import Series
from tabnine_report.usage_api.endpoints import TEAM_ENDPOINTS


def edition_of(report: MonthlyReport, edition: Edition) -> MonthlyReport:
    """Return the part of a report that an edition shows.

    The full edition is the whole report. The executive edition omits the teams, governance, everything marked for the
    full edition, such as some findings, and the reasons for failed requests about teams.
    """
    if edition == "full":
        return report
    without_sections = report.model_copy(update={"teams": None, "governance": None, "edition": edition})
    shown: MonthlyReport = _without_full_only(without_sections)
    return shown.model_copy(update={"data_quality": _without_team_names(shown.data_quality)})


def _without_full_only(part: Any) -> Any:  # noqa: ANN401 - returns the type that it is given
    """Return a part of the model without what is marked for the full edition, at any depth."""
    match part:
        case Figure() | Kpi() | Series():  # contain nothing marked, and are most of a report
            return part
        case BaseModel():
            parts = {name: getattr(part, name) for name in type(part).model_fields}
            return part.model_copy(update={name: _without_full_only(inner) for name, inner in parts.items()})
        case tuple():
            return tuple(
                _without_full_only(inner) for inner in part if getattr(inner, "edition", "executive") != "full"
            )
        case _:
            return part


def _without_team_names(data_quality: DataQuality) -> DataQuality:
    """Return the data quality without the reasons for failed requests about teams, which can name a team."""
    lines = (
        line.model_copy(update={"reason": ""}) if line.endpoint in TEAM_ENDPOINTS else line
        for line in data_quality.data_sources
    )
    return data_quality.model_copy(update={"data_sources": tuple(lines)})
