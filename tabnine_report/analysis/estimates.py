"""Estimate a figure some months ahead from its own past, and measure how often such estimates were correct.

An estimate is a range: the last value plus, for each month ahead, the lowest and the highest monthly change so far. It
is not a statistical forecast and needs no assumption beyond "the coming months change as the past ones did". Each
estimate is first tested on the past months; one that was not correct often enough is unavailable.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from tabnine_report.model.estimate import Estimate
from tabnine_report.model.figure import Figure, Source, State
from tabnine_report.model.series import Series
from tabnine_report.text.i18n import Language

LEAST_CHANGES = 6
"""The number of monthly changes that a range needs: from fewer, the lowest and the highest are accidental."""
LEAST_TRIES = 3
"""The minimum number of past ranges that show how often such a range is correct."""
LEAST_SHARE_HELD = 0.75
"""The minimum share of past ranges that were correct."""

Values = Sequence[float | None]
"""The values of consecutive months within one method, oldest first; None where one is missing or partial."""


@dataclass(frozen=True)
class Range:
    """A range for a figure some months ahead.

    Attributes:
        low: The lowest value; never below zero.
        high: The highest value; likewise.
        lowest_change: The lowest monthly change in the past.
        highest_change: The highest monthly change in the past.
    """

    low: float
    high: float
    lowest_change: float
    highest_change: float


@dataclass(frozen=True)
class Record:
    """How often such ranges were correct in the past.

    Attributes:
        tries: The number of past months for which such a range can be compared with the actual value.
        held: The number of these for which the value was within the range.
    """

    tries: int
    held: int

    @property
    def is_proven(self) -> bool:
        """Whether such ranges were tested, and correct, often enough to show an estimate."""
        return self.tries >= LEAST_TRIES and self.held >= LEAST_SHARE_HELD * self.tries


@dataclass(frozen=True)
class Subject:
    """What an estimate is about.

    Attributes:
        key: The estimate's key.
        label: Its name for readers.
        period: The month or day that it is about.
        method: How it is computed, in one sentence.
        source: The source of its figures.
    """

    key: str
    label: str
    period: str
    method: str
    source: Source


def estimate(series: Series, months_ahead: int, subject: Subject, language: Language) -> Estimate:
    """Estimate a figure some months after the last one of its series.

    Args:
        series: The figure of consecutive months. What lies before its last method change is not used.
        months_ahead: The number of months after the last one, at least 1.
        subject: What the estimate is about.
        language: Writes the reason and the record.
    """
    start = max(series.breaks, default="")
    figures = [point.figure for point in series.points if point.period >= start]
    values = [figure.value if figure.state is State.MEASURED else None for figure in figures]
    found, record, last = range_ahead(values, months_ahead), record_of(values, months_ahead), figures[-1]
    if found is None or not record.is_proven:
        reason = last.reason or _why_unproven(record, language)
        low = high = lowest_change = highest_change = Figure.unavailable(series.unit, reason, subject.source)
    else:
        low, high, lowest_change, highest_change = (
            Figure(value=value, unit=series.unit, source=subject.source, currency=last.currency)
            for value in (found.low, found.high, found.lowest_change, found.highest_change)
        )
    return Estimate(
        key=subject.key,
        label=subject.label,
        period=subject.period,
        low=low,
        high=high,
        lowest_change=lowest_change,
        highest_change=highest_change,
        method=subject.method,
        record=_sentence(record, language),
        tries=record.tries,
        held=record.held,
    )


def range_ahead(values: Values, months_ahead: int) -> Range | None:
    """Return the range of a figure some months after the last one; None without that one, or with too few changes."""
    changes = [after - before for before, after in pairwise(values) if before is not None and after is not None]
    if not values or (last := values[-1]) is None or len(changes) < LEAST_CHANGES:
        return None
    low, high = (max(last + months_ahead * change, 0) for change in (min(changes), max(changes)))
    return Range(low, high, min(changes), max(changes))


def record_of(values: Values, months_ahead: int) -> Record:
    """Return how often such ranges were correct: each past month is compared with the range from its earlier months."""
    tries = [
        past.low <= actual <= past.high
        for end in range(1, len(values) - months_ahead + 1)
        if (actual := values[end + months_ahead - 1]) is not None
        and (past := range_ahead(values[:end], months_ahead)) is not None
    ]
    return Record(tries=len(tries), held=sum(tries))


def _why_unproven(record: Record, language: Language) -> str:
    count = language.count
    if record.tries < LEAST_TRIES:
        return language.translate("reason.estimate_untried", least=count(LEAST_TRIES), tries=count(record.tries))
    return language.translate(
        "reason.estimate_failed",
        held=count(record.held),
        tries=count(record.tries),
        share=language.percent(LEAST_SHARE_HELD),
    )


def _sentence(record: Record, language: Language) -> str:
    if not record.tries:
        return language.translate("estimate.untried")
    return language.translate(
        "estimate.record", record.tries, held=language.count(record.held), tries=language.count(record.tries)
    )
