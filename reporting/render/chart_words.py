"""What a chart says to who cannot see it: one sentence with the numbers that matter, and all of the numbers."""

from datetime import date

from reporting.language import Language
from reporting.measure import Point, Series
from reporting.month import Month


def summary(series: Series, language: Language) -> str:
    """Say in one sentence where a series starts, ends, is lowest and highest, and how many values are missing."""
    known = [point for point in series.points if point.figure.value is not None]
    if not known:
        return language.say("chart.empty", label=series.label)
    low = min(known, key=lambda point: point.figure.value or 0)
    high = max(known, key=lambda point: point.figure.value or 0)
    sentence = language.say(
        "chart.summary",
        label=series.label,
        first=language.value(known[0].figure),
        first_period=period(known[0], language),
        last=language.value(known[-1].figure),
        last_period=period(known[-1], language),
        low=language.value(low.figure),
        high=language.value(high.figure),
    )
    missing = len(series.points) - len(known)
    if missing == 0:
        return sentence
    return f"{sentence} {language.say('chart.missing', count=missing, missing=language.count(missing))}"


def description(series: Series, language: Language) -> str:
    """Say every number of a series with its period."""
    return "; ".join(f"{period(point, language)}: {language.qualified(point.figure)}" for point in series.points)


def period(point: Point, language: Language) -> str:
    """Write a point's month or day."""
    if len(point.period) == len("2026-10"):
        return language.month(Month.parse(point.period))
    return language.date(date.fromisoformat(point.period))
