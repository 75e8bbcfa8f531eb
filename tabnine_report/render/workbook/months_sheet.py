"""Build the workbook's sheets of periods: one row for each metric and month, and one for each day of the month."""

from collections.abc import Iterator
from datetime import date

from tabnine_report.model.report import MonthlyReport
from tabnine_report.model.series import Point
from tabnine_report.render.workbook.cells import Cell, Column, Missing, Row, Sheet
from tabnine_report.render.workbook.figure_cells import (
    day_cell,
    instant_cell,
    month_cell,
    state_word,
    unit_of,
    value_cell,
)
from tabnine_report.render.workbook.metrics_sheet import kpis_by_part
from tabnine_report.text.i18n import Language

_MONTHS = {
    "month": 12,
    "key": 28,
    "metric": 34,
    "unit": 13,
    "value": 16,
    "state": 14,
    "reason": 70,
    "method_change": 16,
    "as_of": 17,
}


def months_sheet(report: MonthlyReport, language: Language) -> Sheet:
    """Return one long table for pivoting: the 13 months of every KPI, and the KPIs that only have the last one."""
    columns = [
        Column(language.translate(f"workbook.{key}"), width, right=key == "value") for key, width in _MONTHS.items()
    ]
    return Sheet(
        name=language.translate("workbook.months"),
        sentence=language.translate("workbook.months_sentence"),
        detail=report.feature_usage.break_note,
        columns=columns,
        rows=list(_month_rows(report, language)),
        fixed=3,
    )


def _month_rows(report: MonthlyReport, language: Language) -> Iterator[Row]:
    for kpis in kpis_by_part(report, language).values():
        for kpi in kpis:
            points = kpi.history.points if kpi.history else (Point(period=report.month, figure=kpi.figure),)
            breaks = kpi.history.breaks if kpi.history else ()
            for point in points:
                figure = point.figure
                yield [
                    *(month_cell(point.period), kpi.key, kpi.label, unit_of(figure)),
                    _number(value_cell(figure, language, currency=False)),
                    *(state_word(figure, language), figure.reason),
                    language.translate("chart.break") if point.period in breaks else None,
                    instant_cell(figure.as_of, language),
                ]


def _number(cell: Cell) -> Cell:
    """Return a blank cell for a missing value, because words in a column of numbers hinder pivoting.

    The next columns have the word and the reason.
    """
    return None if isinstance(cell, Missing) else cell


def days_sheet(report: MonthlyReport, language: Language) -> Sheet:
    """Return the daily active users of the month."""
    translate = language.translate
    daily, off = report.adoption.daily, {day.isoformat() for day in report.adoption.days_off}
    columns = [
        Column(translate("workbook.day"), 14),
        Column(daily.label, 20, right=True),
        Column(translate("workbook.state"), 14),
        Column(translate("workbook.note"), 14),
        Column(translate("workbook.reason"), 70),
    ]
    rows = [
        [
            day_cell(date.fromisoformat(point.period)),
            value_cell(point.figure, language),
            state_word(point.figure, language),
            translate("workbook.day_off") if point.period in off else None,
            point.figure.reason,
        ]
        for point in daily.points
    ]
    sentence = translate("report.working_days", report.working_days, days=language.count(report.working_days))
    return Sheet(
        name=translate("workbook.days"),
        sentence=f"{daily.label}, {report.month_label}",
        detail=sentence,
        columns=columns,
        rows=rows,
        fixed=1,
    )
