"""Build the workbook's sheet of metrics: one row for each KPI of the report, with its change, reasons and source."""

from collections.abc import Iterator

from tabnine_report.model.figure import Figure
from tabnine_report.model.kpi import Change, Kpi
from tabnine_report.model.report import MonthlyReport
from tabnine_report.render.workbook.cells import Cell, Column, Row, Sheet
from tabnine_report.render.workbook.figure_cells import (
    change_cell,
    instant_cell,
    month_cell,
    percent_change_cell,
    state_word,
    unit_of,
    value_cell,
)
from tabnine_report.text.i18n import Language

_PRINTED = {
    "part": 22,
    "metric": 30,
    "value": 15,
    "unit": 11,
    "state": 12,
    "change": 14,
    "percent_change": 11,
    "year_change": 14,
    "year_percent_change": 11,
    "note": 34,
    "reason": 28,
    "about_the_change": 18,
    "as_of": 17,
}
_ON_SCREEN = {"key": 26, "since": 13, "endpoint": 36, "field": 26, "formula": 36, "period": 10}
"""Keys and sources, which would make the printed text illegible; in print, the sheet of definitions has them."""
_WIDTHS = _PRINTED | _ON_SCREEN
_NUMBERS = {"value", "change", "percent_change", "year_change", "year_percent_change"}


def metrics_sheet(report: MonthlyReport, language: Language) -> Sheet:
    """Return the sheet: every KPI once, in the order of the report's sections."""
    return Sheet(
        name=language.translate("workbook.metrics"),
        sentence=language.translate("workbook.metrics_sentence"),
        detail=" ".join(filter(None, (report.feature_usage.break_note, report.seats.note))),
        columns=[
            Column(language.translate(f"workbook.{key}"), width, right=key in _NUMBERS, printed=key in _PRINTED)
            for key, width in _WIDTHS.items()
        ],
        rows=list(_rows(report, language)),
        fixed=2,
    )


def kpis_by_part(report: MonthlyReport, language: Language) -> dict[str, list[Kpi]]:
    """Return every KPI of the report once, by the name of its part."""
    translate = language.translate
    seats = report.seats
    parts: dict[str, tuple[Kpi, ...]] = {
        translate("report.adoption"): report.adoption.kpis,
        **{
            feature.label: (feature.users, feature.volume, feature.per_user, *feature.kpis)
            for feature in report.feature_usage.features
        },
        translate("report.factors"): report.feature_usage.factors,
        translate("report.seat_metrics"): seats.kpis,
        translate("report.seat_spend_kpis"): seats.money,
        translate("report.unit_costs"): seats.unit_costs,
        translate("report.agent_spend_title"): seats.agents.kpis if seats.agents else (),
        translate("report.account_metrics"): seats.accounts,
        translate("report.admin_accounts"): _governance_kpis(report),
        translate("report.month_in_figures"): report.page_one_kpis,
    }
    unique: dict[str, list[Kpi]] = {}
    seen: set[str] = set()
    for part, kpis in parts.items():
        unique[part] = list({kpi.key: kpi for kpi in kpis if kpi.key not in seen}.values())
        seen |= {kpi.key for kpi in kpis}
    return unique


def _governance_kpis(report: MonthlyReport) -> tuple[Kpi, ...]:
    """Return the counts of the governance section; none in an edition without this section."""
    accounts = report.governance.accounts if report.governance is not None else ()
    return tuple(requirement.kpi for requirement in accounts if requirement.kpi is not None)


def _rows(report: MonthlyReport, language: Language) -> Iterator[Row]:
    for part, kpis in kpis_by_part(report, language).items():
        for kpi in kpis:
            cells = _cells(part, kpi.label, kpi.figure, language)
            cells |= _change_cells(kpi.change, language) | _year_cells(kpi.year_before, language)
            yield [(cells | {"key": kpi.key, "note": kpi.note}).get(name) for name in _WIDTHS]
    funnel = language.translate("report.funnel")
    for step in report.adoption.funnel:
        label = language.translate("workbook.share_of_first", step=step.label)
        yield [_cells(funnel, label, step.share, language).get(name) for name in _WIDTHS]
    for fact in report.seats.license:
        cells = {"part": language.translate("report.license"), "metric": fact.label, "value": fact.text}
        yield [cells.get(name) for name in _WIDTHS]


def _cells(part: str, label: str, figure: Figure, language: Language) -> dict[str, Cell]:
    cells: dict[str, Cell] = {
        "part": part,
        "metric": label,
        "value": value_cell(figure, language, currency=False),
        "unit": unit_of(figure),
        "state": state_word(figure, language),
        "reason": figure.reason,
        "as_of": instant_cell(figure.as_of, language),
    }
    if figure.source is not None:
        cells |= {name: getattr(figure.source, name) for name in ("endpoint", "field", "formula", "period")}
    return cells


def _change_cells(change: Change | None, language: Language) -> dict[str, Cell]:
    if change is None:
        return {}
    return {
        "change": change_cell(change.absolute, language, currency=False),
        "percent_change": percent_change_cell(change.relative, language),
        "since": month_cell(change.since),
        "about_the_change": " ".join(dict.fromkeys(filter(None, (change.absolute.reason, change.relative.reason)))),
    }


def _year_cells(change: Change | None, language: Language) -> dict[str, Cell]:
    """Return the change against the same month of the year before."""
    if change is None:
        return {}
    return {
        "year_change": change_cell(change.absolute, language, currency=False),
        "year_percent_change": percent_change_cell(change.relative, language),
    }
