"""Grounds for rules, made by hand: series of numbers in, measures with their real changes out."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from tabnine_report.analysis.changes import change
from tabnine_report.analysis.rules.rule import RuleContext
from tabnine_report.model.figure import Figure, Source, Unit
from tabnine_report.model.kpi import Kpi, Point, Series
from tabnine_report.model.month import Month
from tabnine_report.text.i18n import Language

LANGUAGE = Language("en", ZoneInfo("Europe/Berlin"))
OCTOBER = Month(2026, 10)
SOURCE = Source(endpoint="/api/v1/organization/usage", field="activeUsers", period="2026-10")

PARTLY = "partly"
"""Stands in a series for a month of which a part is known."""


def figure(value: float | str | None, unit: Unit = Unit.PEOPLE) -> Figure:
    if value == PARTLY:
        return Figure.measured(30, unit, SOURCE).partial("It is partial.")
    if value is None or isinstance(value, str):
        return Figure.unavailable(unit, value or "It is not known.", SOURCE)
    return Figure.measured(value, unit, SOURCE)


def kpi(key: str, numbers: Sequence[float | str | None], unit: Unit = Unit.PEOPLE, month: Month = OCTOBER) -> Kpi:
    """Make a measure of the months that end with the reported one, oldest first."""
    figures = [figure(number, unit) for number in numbers]
    points = [Point(period=str(one), figure=told) for one, told in zip(month.last(len(figures)), figures, strict=True)]
    moved = change(figures[-1], figures[-2], month.back(1), LANGUAGE) if len(figures) > 1 else None
    history = Series(label=key, unit=unit, points=tuple(points))
    return Kpi(key=key, label=key, figure=figures[-1], change=moved, history=history)


def rule_context(month: Month = OCTOBER, **series: Sequence[float | str | None]) -> RuleContext:
    """Make grounds of such series by the measure's key."""
    return RuleContext(month, LANGUAGE, {key: kpi(key, numbers, month=month) for key, numbers in series.items()})
