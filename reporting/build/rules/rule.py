"""What a rule is, what it looks at, and what it gives when it speaks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from reporting.figure import Figure
from reporting.language import Language
from reporting.measure import Measure
from reporting.month import Month
from reporting.sections import Edition, Finding


@dataclass(frozen=True)
class Grounds:
    """What the rules look at: the report's measures, and nothing that the report does not show.

    Attributes:
        month: The reported month.
        language: Writes numbers and names into the sentences.
        measures: Every measure of the report, by its key.
    """

    month: Month
    language: Language
    measures: Mapping[str, Measure]

    @property
    def previous(self) -> Month:
        """The month before."""
        return self.month.back(1)


@dataclass(frozen=True)
class Found:
    """What a rule found.

    Attributes:
        says: The key of its sentence in the catalogue.
        figures: What it rests on, by name.
        values: What goes into the sentence's gaps, written already.
        count: What chooses between the forms of a sentence that has several.
    """

    says: str
    figures: Mapping[str, Figure]
    values: Mapping[str, str] = field(default_factory=dict)
    count: float | None = None

    def sentence(self, language: Language) -> str:
        """Write the sentence."""
        return language.say(self.says, count=self.count, **self.values)


Find = Callable[..., Found | None]
"""Looks at the grounds with a rule's thresholds as keywords; None where there is nothing to say."""


@dataclass(frozen=True)
class Rule:
    """One rule of the table.

    Attributes:
        name: What findings and docs/findings.md call it.
        weight: The heaviest speak first.
        find: Its test; the docstring says in one sentence what it looks for.
        says: The keys of the sentences that it may say.
        evidence: The names of the figures that a finding of it rests on.
        thresholds: What must be reached, by name: the keywords of its test.
        kind: Whether it tells what the month was like, or of a state that may last for months.
        edition: `full` where it is not for executives.
    """

    name: str
    weight: int
    find: Find
    says: tuple[str, ...]
    evidence: tuple[str, ...]
    thresholds: Mapping[str, float] = field(default_factory=dict)
    kind: Literal["month", "state"] = "month"
    edition: Edition = "executive"

    def finding(self, grounds: Grounds) -> Finding | None:
        """Give what it finds, with its sentence; None where it stays silent."""
        found = self.find(grounds, **self.thresholds)
        if found is None:
            return None
        return Finding(
            rule=self.name,
            sentence=found.sentence(grounds.language),
            figures=dict(found.figures),
            edition=self.edition,
        )
