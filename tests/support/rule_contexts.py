"""Contexts for the tests of rules: KPIs and their real changes, built from plain numbers."""

from collections.abc import Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from tabnine_report.analysis.changes import compare
from tabnine_report.analysis.monthly_table import MonthlyTable
from tabnine_report.analysis.rule_context import RuleContext
from tabnine_report.analysis.rules.table import ACTIONS
from tabnine_report.model.estimate import Estimate
from tabnine_report.model.figure import Figure, Source, Unit
from tabnine_report.model.findings import RecommendedAction
from tabnine_report.model.kpi import Kpi, Target
from tabnine_report.model.month import Month
from tabnine_report.model.sections import TeamRow
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
    as_of = month.back(-1).first_day + timedelta(days=1)
    return RuleContext(month, LANGUAGE, {kpi.key: kpi for kpi in kpis}, table, as_of)


def costs(*dollars: float | None, budget: float) -> RuleContext:
    """Build the context of an agent spend with a budget, oldest month first."""
    figures = [
        Figure.unavailable(Unit.MONEY, "Not told.") if one is None else Figure.money(one, "USD", SOURCE)
        for one in dollars
    ]
    months = OCTOBER.last(len(figures))
    points = tuple(Point(period=str(one), figure=told) for one, told in zip(months, figures, strict=True))
    now = dollars[-1]
    cost = Kpi(
        key="agent_spend",
        label="Agent spend",
        figure=figures[-1],
        history=Series(label="Agent spend", unit=Unit.MONEY, points=points),
        target=Target(value=Figure.money(budget, "USD"), met=None if now is None else now <= budget, words="a budget"),
    )
    return context_of(cost)


def team_row(before: float | str, now: float | str, name: str = "One") -> TeamRow:
    """Build a team with its active users in September and October 2026."""
    there = figure(now)
    nothing = figure(None)
    moved = compare(there, figure(before), Month(2026, 9), LANGUAGE)
    return TeamRow(
        name=name,
        members=figure(30),
        active_users=there,
        share=nothing,
        share_before=nothing,
        inactive=nothing,
        change=moved,
        completions=nothing,
        per_user=nothing,
    )


def estimate_of(low: Figure, high: Figure) -> Estimate:
    """Build an estimate that held in 3 of 4 tries."""
    return Estimate(
        key="estimate",
        label="Estimate",
        period="2026-12-31",
        low=low,
        high=high,
        lowest_change=low,
        highest_change=high,
        method="It goes on.",
        record="In 3 of 4 past months, the actual value was within the estimated range.",
        tries=4,
        held=3,
    )


def action(rule: str, context: RuleContext) -> RecommendedAction | None:
    """Return the action that a rule recommends."""
    return next(entry for entry in ACTIONS if entry.name == rule).action(context)
