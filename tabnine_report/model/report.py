"""The monthly report: everything that the documents and messages show.

It has figures with their state and source, and finished sentences. Renderers select and arrange; they never compute.
The model has a version, and `json_schema` returns its JSON Schema.
"""

from collections.abc import Iterator
from typing import Any

from pydantic import AwareDatetime, BaseModel

from tabnine_report.model.answers import Note
from tabnine_report.model.base import Model
from tabnine_report.model.data_quality import DataQuality, RevisionChanges
from tabnine_report.model.edition import Edition
from tabnine_report.model.figure import Figure
from tabnine_report.model.findings import Finding, LastMonthActions, RecommendedAction
from tabnine_report.model.governance import Governance
from tabnine_report.model.kpi import Kpi
from tabnine_report.model.logo import Logo
from tabnine_report.model.sections import Adoption, FeatureUsage, Seats, TeamRow, Teams
from tabnine_report.model.series import Series

MODEL_VERSION = 1


class Organization(Model):
    """The organization of a report.

    Attributes:
        id: Its ID in the API.
        name: Its name in the API, as reported; not sanitized.
        profile: The name of its profile, which is also its folder in the archive.
    """

    id: str
    name: str
    profile: str


class MonthlyReport(Model):
    """The report of one month of one organization.

    Attributes:
        model_version: The version of this model.
        program_version: The version of the program that built the report.
        organization: The organization.
        title: The title of the report, from the profile.
        month: The reported month, `YYYY-MM`.
        month_label: The reported month for readers, as in `October 2026`.
        compared_with: The previous month, `YYYY-MM`.
        edition: The edition. The full edition is the whole model.
        locale: The locale of numbers and dates, as in `en` or `de_CH`.
        time_zone: The IANA name of the time zone of printed times.
        accent: The accent color of the charts, `#rrggbb`.
        logo: The organization's logo; None if the profile has none.
        revision: The revision of the bundle, from 1.
        draft: Whether the report is a draft: one was requested, or the month is still open.
        complete: Whether every endpoint was fetched and the API reported active users, what they used, accounts and
            seats.
        working_days: The number of days in the month that are neither weekend nor public holiday.
        data_as_of: The instant of the last response of the API.
        headline: The month in at most two short sentences; also the subject of the email.
        deck: One or two sentences on the change, on agents and on the cost of unused seats; may be empty.
        page_one_kpis: The KPIs of page one.
        findings: The findings, highest weight first; may be empty.
        month_summary: One sentence on the month as a whole if no finding describes it; empty otherwise.
        recommended_actions: The recommended actions, highest weight first; may be empty.
        last_month_actions: The status of the actions that last month's report recommended.
        note: A remark on the month from the organization; None if there is none.
        adoption: Section on accounts and active users.
        feature_usage: Section on completions, chat and agents.
        teams: Section on teams; None in the executive edition, and if teams were not fetched.
        seats: Section on seats, license and spend.
        governance: Section on settings and accounts; None in the executive edition.
        data_quality: Section on sources, checks and definitions.
        revision_changes: The changes since the previous revision; None for the first revision.
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
    deck: str = ""
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
        """Yield every figure with its path, as in `page_one_kpis.0.figure`, in the order of the model."""
        yield from _figures(self, "")

    def kpis(self) -> dict[str, Kpi]:
        """Return every KPI by its key; a KPI that appears in several sections is the same in all of them."""
        return {kpi.key: kpi for kpi in _kpis(self)}


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of `report.json`."""
    return MonthlyReport.model_json_schema(mode="serialization")


def _kpis(part: object) -> Iterator[Kpi]:
    match part:
        case str() | TeamRow() | Figure() | Series():
            return  # most of a report, and without KPIs
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
