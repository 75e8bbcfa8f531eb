"""An edition of a report: the same model, less what is not for its readers."""

from typing import Any

from pydantic import BaseModel

from tabnine_report.model.data_quality import DataQuality
from tabnine_report.model.edition import Edition
from tabnine_report.model.figure import Figure
from tabnine_report.model.kpi import Kpi, Series
from tabnine_report.model.report import MonthlyReport
from tabnine_report.usage_api.endpoints import TEAM_ENDPOINTS


def edition_of(report: MonthlyReport, edition: Edition) -> MonthlyReport:
    """Give what an edition shows of a report.

    The full edition is the report as it is. The executive one leaves out the teams, governance, whatever is marked for
    the full edition, findings among it, and why single teams gave no answer.
    """
    if edition == "full":
        return report
    open_to_all = report.model_copy(update={"teams": None, "governance": None, "edition": edition})
    shown: MonthlyReport = _without_marked(open_to_all)
    last_month_actions = shown.last_month_actions.model_copy(
        update={"title": report.last_month_actions.title_for_executives}
    )
    return shown.model_copy(
        update={"data_quality": _without_team_names(shown.data_quality), "last_month_actions": last_month_actions}
    )


def _without_marked(part: Any) -> Any:  # noqa: ANN401 - any part of the model, and a part of the same kind
    """Leave out of a part what is marked for the full edition, however deep it stands."""
    match part:
        case Figure() | Kpi() | Series():  # nothing in them is marked, and they are most of a report
            return part
        case BaseModel():
            parts = {name: getattr(part, name) for name in type(part).model_fields}
            return part.model_copy(update={name: _without_marked(inner) for name, inner in parts.items()})
        case tuple():
            return tuple(_without_marked(inner) for inner in part if getattr(inner, "edition", "executive") != "full")
        case _:
            return part


def _without_team_names(data_quality: DataQuality) -> DataQuality:
    """Leave out why the questions about teams failed, which may name one."""
    lines = (
        line.model_copy(update={"reason": ""}) if line.endpoint in TEAM_ENDPOINTS else line
        for line in data_quality.data_sources
    )
    return data_quality.model_copy(update={"data_sources": tuple(lines)})
