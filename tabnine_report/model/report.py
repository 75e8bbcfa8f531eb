"""The monthly report: the model that every channel prints and nothing else.

Everything that any channel shows stands here: figures with their state and source, and sentences written already.
Templates choose and place, they never compute. The model is versioned, and `json_schema` publishes its shape.
"""

from collections.abc import Iterator
from typing import Any

from pydantic import AwareDatetime, BaseModel

from tabnine_report.model.data_quality import DataQuality, RevisionChanges
from tabnine_report.model.edition import Edition
from tabnine_report.model.figure import Figure
from tabnine_report.model.findings import Finding, LastMonthActions, Note, RecommendedAction
from tabnine_report.model.governance import Governance
from tabnine_report.model.kpi import Kpi, Model
from tabnine_report.model.logo import Logo
from tabnine_report.model.sections import Adoption, FeatureUsage, Seats, Teams

MODEL_VERSION = 1


class Organization(Model):
    """Whose report it is.

    Attributes:
        id: The organization's id at the API.
        name: Its name there; data, shown as it is.
        profile: The profile's name: its folder in the archive.
    """

    id: str
    name: str
    profile: str


class MonthlyReport(Model):
    """One month of one organization.

    Attributes:
        model_version: The version of this model.
        program_version: The version of the program that built it.
        organization: Whose report it is.
        title: What the report calls itself, from the profile.
        month: The reported month, `YYYY-MM`.
        month_label: The same for readers: `October 2026`.
        compared_with: The month before, `YYYY-MM`.
        edition: Whom it is for: `full` is the whole model.
        locale: How numbers and dates are written.
        time_zone: In which times are written.
        accent: The color of the reported month.
        logo: The organization's logo; None where it has none.
        revision: The bundle's revision, from 1.
        draft: Whether the month was still open, or only a draft was asked for.
        complete: Whether every endpoint was fetched and no figure of the month is partial for another reason than
            the way the API counts.
        working_days: The month's days that are neither weekend nor holiday.
        data_as_of: When the last answer came: the instant that the report stands for.
        headline: The month in one sentence, and the email's subject, after the number of a revised report.
        page_one_kpis: The figures of page one.
        findings: What changed, heaviest first; may be empty.
        month_summary: One sentence on the month as a whole, where no finding describes it; otherwise empty.
        recommended_actions: What is asked for, heaviest first; may be empty.
        follow_up: What became of the asks of the month before.
        note: What somebody wrote about the month; None where nobody did.
        adoption, use, teams, seats, governance, about: The sections; `teams` and `governance` are None in the executive
            edition.
        revision_changes: What changed since the revision before; None for the first.
    """

    model_version: int = MODEL_VERSION
    program_version: str
    organization: Organization
    title: str
    month: str
    month_label: str
    compared_with: str
    edition: Edition = "full"
    locale: str
    time_zone: str
    accent: str
    logo: Logo | None = None
    revision: int
    draft: bool
    complete: bool
    working_days: int
    data_as_of: AwareDatetime
    headline: str
    page_one_kpis: tuple[Kpi, ...]
    findings: tuple[Finding, ...]
    month_summary: str = ""
    recommended_actions: tuple[RecommendedAction, ...] = ()
    last_month_actions: LastMonthActions = LastMonthActions(title="", statuses=())
    note: Note | None = None
    adoption: Adoption
    feature_usage: FeatureUsage
    teams: Teams | None
    seats: Seats
    governance: Governance | None = None
    data_quality: DataQuality
    revision_changes: RevisionChanges | None = None

    def figures(self) -> Iterator[tuple[str, Figure]]:
        """Give every figure of the report with its path, as `tiles.0.figure`, in the model's own order."""
        yield from _figures(self, "")

    def kpis(self) -> dict[str, Kpi]:
        """Give every measure of the report by its key; one that stands in several places is the same in all."""
        return {kpi.key: kpi for kpi in _kpis(self)}


def json_schema() -> dict[str, Any]:
    """Give the JSON Schema of `report.json`."""
    return MonthlyReport.model_json_schema(mode="serialization")


def _kpis(part: object) -> Iterator[Kpi]:
    match part:
        case Kpi():
            yield part
        case BaseModel():
            for name in type(part).model_fields:
                yield from _kpis(getattr(part, name))
        case tuple():
            for inner in part:
                yield from _kpis(inner)
        case _:
            return


def _figures(part: object, path: str) -> Iterator[tuple[str, Figure]]:
    match part:
        case Figure():
            yield path, part
        case BaseModel():
            for name in type(part).model_fields:
                yield from _figures(getattr(part, name), f"{path}.{name}".lstrip("."))
        case dict():
            for name, value in part.items():
                yield from _figures(value, f"{path}.{name}")
        case tuple():
            for position, value in enumerate(part):
                yield from _figures(value, f"{path}.{position}")
        case _:
            return
