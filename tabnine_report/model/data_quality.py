"""The section about the data: where every figure comes from, what was checked, and what a revision changed."""

from enum import StrEnum
from typing import Literal

from pydantic import AwareDatetime

from tabnine_report.model.base import Model
from tabnine_report.model.edition import Edition
from tabnine_report.model.figure import Figure


class ChangedFigure(Model):
    """A figure that an earlier revision of the report showed otherwise.

    Attributes:
        label: What it counts.
        before: As the earlier revision has it.
        now: As this one has it.
        edition: The edition that it is for.
    """

    label: str
    before: Figure
    now: Figure
    edition: Edition = "executive"


class RevisionChanges(Model):
    """What changed since the revision before.

    Attributes:
        revision: The earlier revision.
        sentence: What changed, in one sentence.
        figures: Every figure that changed, those of page one first; empty where only what is said of them did.
    """

    revision: int
    sentence: str
    figures: tuple[ChangedFigure, ...]


class DataSource(Model):
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


class Severity(StrEnum):
    """What it means when a check fails."""

    NOTE = "note"
    """Something to know; no figure is wrong for it."""
    WARNING = "warning"
    """A figure may be wrong."""
    HOLD = "hold"
    """The report may be of the wrong month or of a part of the data: a person should look before it goes out."""


class CrossCheck(Model):
    """Two figures that ought to agree, held against each other.

    Attributes:
        name: The check's name.
        result: Whether they do.
        sentence: What was compared and what came out.
        severity: What it means where they differ.
    """

    name: str
    result: CheckResult
    sentence: str
    severity: Severity = Severity.WARNING

    @property
    def holds(self) -> bool:
        """Whether it failed so that a person should look first."""
        return self.result is CheckResult.DIFFERS and self.severity is Severity.HOLD


class Definition(Model):
    """What a word of the report means and where its figure comes from.

    Attributes:
        term: The word.
        meaning: What it means.
        source: Where its figure comes from.
        edition: Whom it is for: words that stand in the full edition only are explained there only.
    """

    term: str
    meaning: str
    source: str
    edition: Edition = "executive"


class DataQuality(Model):
    """Where every figure comes from.

    Attributes:
        summary: One sentence for the foot of page one.
        endpoints: A line an endpoint.
        checks: The reconciliations.
        definitions: The words used.
        notes: What else a doubter should know, a sentence each.
    """

    summary: str
    endpoints: tuple[DataSource, ...]
    checks: tuple[CrossCheck, ...]
    definitions: tuple[Definition, ...]
    notes: tuple[str, ...] = ()

    @property
    def not_answered(self) -> tuple[DataSource, ...]:
        """The endpoints that failed, and those that told nothing of some of the teams."""
        return tuple(line for line in self.endpoints if line.state != "not offered" and line.reason)
