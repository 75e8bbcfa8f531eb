"""Contexts for the tests of rules: KPIs and their real changes, built from plain numbers."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from tabnine_report.analysis.changes import compare
from tabnine_report.analysis.monthly_table import MonthlyTable
from tabnine_report.analysis.rule_context import RuleContext
from tabnine_report.model.figure import Figure, Source, Unit
from tabnine_report.model.kpi import Kpi
from tabnine_report.model.month import Month
from tabnine_report.model.series import Point, Series
from tabnine_report.text.i18n import Language

LANGUAGE = Language("en", ZoneInfo("Europe/Berlin"))
OCTOBER = Month(2026, 10)
SOURCE = Source(endpoint="/api/v1/organization/usage", field="activeUsers", period="2026-10")

PARTLY = "partly"
"""In a series, a month with a partial figure."""


def figure(value: float | str | None, unit: Unit = Unit.PEOPLE) -> Figure:
    if value == PARTLY:
        return Figure.measured(30, unit, SOURCE).partial("It is partial.")
    if value is None or isinstance(value, str):
        return Figure.unavailable(unit, value or "It is not known.", SOURCE)
    return Figure.measured(value, unit, SOURCE)


def kpi(key: str, numbers: Sequence[float | str | None], unit: Unit = Unit.PEOPLE, month: Month = OCTOBER) -> Kpi:
    """Build a KPI from the numbers of the months that end with the reported one, oldest first."""
    figures = [figure(number, unit) for number in numbers]
    months = month.last(len(figures))
    points = [Point(period=str(period), figure=value) for period, value in zip(months, figures, strict=True)]
    change = compare(figures[-1], figures[-2], month.back(1), LANGUAGE) if len(figures) > 1 else None
    history = Series(label=key, unit=unit, points=tuple(points))
    return Kpi(key=key, label=key, figure=figures[-1], change=change, history=history)


def rule_context(month: Month = OCTOBER, **series: Sequence[float | str | None]) -> RuleContext:
    """Build the context of rules from the numbers of each KPI, oldest month first."""
    return context_of(*(kpi(key, numbers, month=month) for key, numbers in series.items()), month=month)


def context_of(*kpis: Kpi, month: Month = OCTOBER) -> RuleContext:
    """Build the context of rules from KPIs with their histories."""
    table = MonthlyTable({kpi.key: kpi.history for kpi in kpis if kpi.history})
    return RuleContext(month, LANGUAGE, {kpi.key: kpi for kpi in kpis}, table)
