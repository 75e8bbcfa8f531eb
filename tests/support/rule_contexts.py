"""Build rule contexts for tests: series of numbers become KPIs with their computed changes."""

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
"""The value of a partial month in a series."""


def figure(value: float | str | None, unit: Unit = Unit.PEOPLE) -> Figure:
    """Return a measured figure, a partial one for `PARTLY`, or an unavailable one for None or a reason."""
    if value == PARTLY:
        return Figure.measured(30, unit, SOURCE).partial("It is partial.")
    if value is None or isinstance(value, str):
        return Figure.unavailable(unit, value or "It is not known.", SOURCE)
    return Figure.measured(value, unit, SOURCE)


def kpi(key: str, numbers: Sequence[float | str | None], unit: Unit = Unit.PEOPLE, month: Month = OCTOBER) -> Kpi:
    """Build a KPI from the values of the months up to the reported one, oldest first."""
    figures = [figure(number, unit) for number in numbers]
    points = [
        Point(period=str(period), figure=value) for period, value in zip(month.last(len(figures)), figures, strict=True)
    ]
    latest_change = change(figures[-1], figures[-2], month.back(1), LANGUAGE) if len(figures) > 1 else None
    history = Series(label=key, unit=unit, points=tuple(points))
    return Kpi(key=key, label=key, figure=figures[-1], change=latest_change, history=history)


def rule_context(month: Month = OCTOBER, **series: Sequence[float | str | None]) -> RuleContext:
    """Build a rule context from series by KPI key."""
    return RuleContext(month, LANGUAGE, {key: kpi(key, numbers, month=month) for key, numbers in series.items()})
