"""The monthly report: the model that every channel prints and nothing else.

Everything that any channel shows stands here: figures with their state and source, and sentences written already.
Templates choose and place, they never compute. The model is versioned, and `json_schema` publishes its shape.
"""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict

from reporting.figure import Figure, Unit

MODEL_VERSION = 1


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Change(_Part):
    """How a figure differs from the month before.

    Attributes:
        since: The month compared with, `YYYY-MM`.
        absolute: Figure minus base, in the figure's unit; for shares in shares, to be printed as points.
        relative: The change as a share of the base; unavailable on a base too small for a percentage.
    """

    since: str
    absolute: Figure
    relative: Figure


class Point(_Part):
    """One point of a series.

    Attributes:
        period: A month `YYYY-MM` or a day `YYYY-MM-DD`.
        figure: Its value, or why there is none.
    """

    period: str
    figure: Figure


class Series(_Part):
    """A figure over time, oldest first; a period without an answer is there and says so.

    Attributes:
        label: What it counts, in words.
        unit: What its figures count.
        points: A point a period, without gaps in the periods.
        breaks: Periods from which on it is counted in another way; never to be joined by a line over it.
    """

    label: str
    unit: Unit
    points: tuple[Point, ...]
    breaks: tuple[str, ...] = ()


class Measure(_Part):
    """A figure as a reader meets it.

    Attributes:
        key: Its name in docs/metrics.md, as `people`.
        label: Its name for readers, as `People`.
        figure: The figure of the reported month.
        change: Against the month before; None where a change means nothing.
        note: What stands beside it: the denominator, the parts, the reason; may be empty.
        history: The figure over the last 13 months; None where the API has no history.
    """

    key: str
    label: str
    figure: Figure
    change: Change | None = None
    note: str = ""
    history: Series | None = None


class Finding(_Part):
    """Something about the month that is worth a sentence.

    Attributes:
        rule: The rule that found it.
        sentence: What it says.
        figures: What it rests on, by name.
    """

    rule: str
    sentence: str
    figures: dict[str, Figure]


class FunnelStep(_Part):
    """One bar of the adoption funnel.

    Attributes:
        label: What is counted.
        figure: How many.
        share: Of the funnel's first step.
        drop: What is lost between the step before and this one, in words; empty for the first.
    """

    label: str
    figure: Figure
    share: Figure
    drop: str = ""


class Adoption(_Part):
    """Who has it and who uses it.

    Attributes:
        title: What the section says in one sentence.
        funnel: From seats to people on a working day.
        people: People over 13 months.
        daily: People on each day of the month.
        days_off: Days of the month that are no working days, `YYYY-MM-DD`.
        measures: The section's figures in a table.
    """

    title: str
    funnel: tuple[FunnelStep, ...]
    people: Series
    daily: Series
    days_off: tuple[date, ...]
    measures: tuple[Measure, ...]


class Feature(_Part):
    """One of the three things that people use it for.

    Attributes:
        key: `completions`, `chat` or `agent`.
        label: Its name for readers.
        people: Who used it, with history.
        volume: How much, with history.
        per_person: Volume a person who used it.
        measures: All its figures, for the table.
    """

    key: Literal["completions", "chat", "agent"]
    label: str
    people: Measure
    volume: Measure
    per_person: Measure
    measures: tuple[Measure, ...]


class Use(_Part):
    """What it was used for.

    Attributes:
        title: What the section says in one sentence.
        features: Completions, chat, agent.
        factors: The vendor's three factors, each with what it does and does not mean as its note.
        break_note: Where the API's way of counting changed, in one sentence; empty when it did not.
    """

    title: str
    features: tuple[Feature, ...]
    factors: tuple[Measure, ...]
    break_note: str = ""


class Fact(_Part):
    """Something that is no number: a label and a text, such as the day a licence ends."""

    label: str
    text: str


class Seats(_Part):
    """Seats, licence and accounts.

    Attributes:
        title: What the section says in one sentence.
        measures: Seats, accounts and what lies between them.
        licence: What the licence says, each as label and text.
        accounts: Teams, admins, accounts without a team and the like, each with its date.
    """

    title: str
    measures: tuple[Measure, ...]
    licence: tuple[Fact, ...]
    accounts: tuple[Measure, ...]


class EndpointLine(_Part):
    """What became of one endpoint.

    Attributes:
        endpoint: Its name.
        path: Its path.
        state: `answered`, `not offered` (an older installation does not have it) or `failed`.
        requests: How many answers it took.
        rows: How many rows a list had; None where it is no list.
        ended_at: When it was fetched or given up.
        reason: Why it failed or is not offered.
    """

    endpoint: str
    path: str
    state: Literal["answered", "not offered", "failed"]
    requests: int
    rows: int | None = None
    ended_at: AwareDatetime
    reason: str = ""


class CheckResult(StrEnum):
    """What came of holding two figures against each other."""

    AGREES = "agrees"
    DIFFERS = "differs"
    NOT_POSSIBLE = "not possible"


class Check(_Part):
    """Two figures that ought to agree, held against each other.

    Attributes:
        name: The check's name.
        result: Whether they do.
        sentence: What was compared and what came out.
    """

    name: str
    result: CheckResult
    sentence: str


class Definition(_Part):
    """What a word of the report means and where its figure comes from."""

    term: str
    meaning: str
    source: str


class AboutTheData(_Part):
    """Where every figure comes from.

    Attributes:
        summary: One sentence for the foot of page one.
        endpoints: A line an endpoint.
        checks: The reconciliations.
        definitions: The words used.
        notes: What else a doubter should know, a sentence each.
    """

    summary: str
    endpoints: tuple[EndpointLine, ...]
    checks: tuple[Check, ...]
    definitions: tuple[Definition, ...]
    notes: tuple[str, ...] = ()


class Organization(_Part):
    """Whose report it is.

    Attributes:
        id: The organization's id at the API.
        name: Its name there; data, shown as it is.
        profile: The profile's name: its folder in the archive.
    """

    id: str
    name: str
    profile: str


class MonthlyReport(_Part):
    """One month of one organization.

    Attributes:
        model_version: The version of this model.
        program_version: The version of the program that built it.
        organization: Whose report it is.
        title: What the report calls itself, from the profile.
        month: The reported month, `YYYY-MM`.
        month_label: The same for readers: `October 2026`.
        compared_with: The month before, `YYYY-MM`.
        locale: How numbers and dates are written.
        time_zone: In which times are written.
        accent: The colour of the reported month.
        revision: The bundle's revision, from 1.
        draft: Whether the month was still open, or only a draft was asked for.
        complete: Whether every endpoint was fetched and no figure of the month is partial for another reason than
            the way the API counts.
        working_days: The month's days that are neither weekend nor holiday.
        data_as_of: When the last answer came: the instant that the report stands for.
        headline: The month in one sentence, and the email's subject.
        tiles: The figures of page one.
        findings: What changed, heaviest first; may be empty.
        ordinary: What to say when nothing changed; empty when something did.
        adoption, use, seats, about: The sections.
    """

    model_version: int = MODEL_VERSION
    program_version: str
    organization: Organization
    title: str
    month: str
    month_label: str
    compared_with: str
    locale: str
    time_zone: str
    accent: str
    revision: int
    draft: bool
    complete: bool
    working_days: int
    data_as_of: AwareDatetime
    headline: str
    tiles: tuple[Measure, ...]
    findings: tuple[Finding, ...]
    ordinary: str = ""
    adoption: Adoption
    use: Use
    seats: Seats
    about: AboutTheData

    def figures(self) -> Iterator[tuple[str, Figure]]:
        """Give every figure of the report with its path, as `tiles.0.figure`, in the model's own order."""
        yield from _figures(self, "")


def json_schema() -> dict[str, Any]:
    """Give the JSON Schema of `report.json`."""
    return MonthlyReport.model_json_schema(mode="serialization")


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
