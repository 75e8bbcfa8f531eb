"""Build the workbook's first sheet: page one of the report, with the figures of use, seats and money."""

from collections.abc import Iterator
from dataclasses import replace

from tabnine_report.model.estimate import Estimate
from tabnine_report.model.figure import Figure, Unit
from tabnine_report.model.findings import ActionState, ActionStatus, RecommendedAction
from tabnine_report.model.kpi import Kpi
from tabnine_report.model.month import Month
from tabnine_report.model.report import MonthlyReport
from tabnine_report.model.sections import Seats
from tabnine_report.render.page_one_text import (
    highlights_heading,
    note_lead,
    seats_title,
    stake_sentence,
    state_word,
    tiles,
)
from tabnine_report.render.workbook.cells import Cell, Column, Heading, Row, Sheet, Text, Typed
from tabnine_report.render.workbook.figure_cells import (
    change_cell,
    day_cell,
    percent_change_cell,
    unit_of,
    value_cell,
)
from tabnine_report.text.i18n import Language

_WIDTHS = {"figure": 42, "now": 18, "before": 18, "change": 14, "percent": 11, "unit": 12, "target": 32, "details": 58}
_KEY_WIDTH = 26
_NUMBERS = {"now", "before", "change", "percent"}
_OWNER_COLUMNS, _REASON_COLUMNS = 3, 2
"""The numbers of columns over which the owner and the reason of an action extend, after action, worth and due date."""
_NOTE_SEPARATOR = " · "

_GROUPS = {
    "workbook.group_use": (
        "active_users",
        "adoption_rate",
        "average_daily_active_users",
        "stickiness",
        "weekly_active_users",
        "quarter_active_users",
        "completion_users",
        "chat_users",
        "agent_users",
    ),
    "workbook.group_seats": (
        "seats",
        "accounts",
        "seat_utilization",
        "unassigned_seats",
        "inactive_accounts",
        "unused_seats",
        "quarter_inactive_accounts",
    ),
    "workbook.group_money": (
        "seat_spend",
        "unassigned_seat_spend",
        "inactive_account_spend",
        "agent_spend",
        "seat_price",
        "seat_spend_per_active_user",
        "agent_spend_per_agent_user",
        "agent_spend_per_million_tokens",
    ),
}
"""The KPIs of each group below the key figures, which are the tiles of page one."""


def summary_sheet(report: MonthlyReport, language: Language) -> Sheet:
    """Return page one as a sheet: key figures, use, seats, money, recommended actions and key changes."""
    translate = language.translate
    headings = {
        "figure": translate("report.metric"),
        "now": report.month_label,
        "before": language.month(Month.parse(report.compared_with)),
        "change": translate("workbook.change"),
        "percent": translate("workbook.percent_change"),
        "unit": translate("workbook.unit"),
        "target": translate("report.target"),
        "details": translate("report.note"),
    }
    columns = [Column(headings[key], width, right=key in _NUMBERS) for key, width in _WIDTHS.items()]
    return Sheet(
        name=translate("workbook.summary"),
        sentence=report.headline,
        detail=report.deck,
        columns=[*columns, Column(translate("workbook.key"), _KEY_WIDTH, printed=False)],
        rows=list(_rows(report, language)),
        fixed=1,
        filtered=False,
    )


def _rows(report: MonthlyReport, language: Language) -> Iterator[Row]:
    kpis = {kpi.key: kpi for kpi in tiles(report)}
    yield _heading(language.translate("report.month_in_figures"))
    yield from (_kpi_row(kpi, report, language) for kpi in kpis.values())
    for group, keys in _GROUPS.items():
        shown = [kpi for key, kpi in report.kpis().items() if key in keys and key not in kpis]
        if shown:
            yield _heading(language.translate(group))
            yield from (_kpi_row(kpi, report, language) for kpi in sorted(shown, key=lambda kpi: keys.index(kpi.key)))
    yield from _seat_parts(report, language)
    if report.seats.license:
        yield _heading(language.translate("report.license"))
        yield from ([fact.label, fact.text] for fact in report.seats.license)
    estimates = list(_estimates(report.seats, language))
    if estimates:
        yield _heading(language.translate("workbook.group_estimates"))
        yield from estimates
    yield from _actions(report, language)
    yield from _key_changes(report, language)


def _heading(*cells: Cell) -> Heading:
    return Heading(cells)


def _kpi_row(kpi: Kpi, report: MonthlyReport, language: Language) -> Row:
    figure, change, points = kpi.figure, kpi.change, kpi.history.points if kpi.history else ()
    before = next((point.figure for point in points if point.period == report.compared_with), None)
    target: Cell = None
    if kpi.target:
        target = Text(kpi.target.words, "warning") if kpi.target.met is False else kpi.target.words
    return [
        kpi.label,
        value_cell(figure, language, currency=False),
        value_cell(before, language, currency=False) if before else None,
        change_cell(change.absolute, language, currency=False) if change else None,
        # The change of a share is in points and has no percentage.
        percent_change_cell(change.relative, language) if change and figure.unit is not Unit.SHARE else None,
        unit_of(figure),
        target,
        _details(kpi, language),
        kpi.key,
    ]


def _details(kpi: Kpi, language: Language) -> str:
    """Return the note of a KPI without its target, why a figure or its change is missing, and the as-of date."""
    figure = kpi.figure
    words = kpi.target.words if kpi.target else ""
    parts = [part for part in kpi.note.split(_NOTE_SEPARATOR) if part and part != words]
    parts += [language.qualifier(figure), "" if figure.reason in kpi.note else figure.reason]
    if kpi.change and figure.known and not kpi.change.absolute.known:
        parts.append(kpi.change.absolute.reason)
    if figure.as_of:
        parts.append(language.translate("report.as_of", day=language.day_of(figure.as_of)))
    return _NOTE_SEPARATOR.join(dict.fromkeys(filter(None, parts)))


def _seat_parts(report: MonthlyReport, language: Language) -> Iterator[Row]:
    """Yield where the seats went: each part with its number, its share and its monthly spend."""
    if report.seats.breakdown is None:
        return
    yield _heading(seats_title(report, language))
    for part in report.seats.breakdown.parts:
        spend = (
            [language.translate("workbook.a_month", amount=language.value(part.spend, aligned=True))]
            if part.spend and part.spend.known
            else []
        )
        details = _NOTE_SEPARATOR.join([language.value(part.share, aligned=True), *spend])
        yield [part.label, value_cell(part.figure, language), *[None] * 3, unit_of(part.figure), None, details]


def _estimates(seats: Seats, language: Language) -> Iterator[Row]:
    """Yield the estimates, each with its record, or with the reason why it is not available."""
    outlook = seats.outlook
    forecast = seats.agents.forecast if seats.agents else None
    of_seats = (outlook.accounts, outlook.free_seats, outlook.free_spend) if outlook else ()
    for estimate in filter(None, (forecast, *of_seats)):
        yield from _estimate_rows(estimate, language)
    if outlook and outlook.short:
        yield _estimate_row(language.translate("workbook.seats_short"), outlook.short, "", language)


def _estimate_rows(estimate: Estimate, language: Language) -> Iterator[Row]:
    """Yield the lowest and the highest value of an estimate, or its only one."""
    details = f"{estimate.method} {estimate.record}" if estimate.known else estimate.low.reason
    if not estimate.known or estimate.low.value == estimate.high.value:
        yield _estimate_row(estimate.label, estimate.low, details, language)
        return
    for key, figure in (("workbook.lowest", estimate.low), ("workbook.highest", estimate.high)):
        yield _estimate_row(language.translate(key, label=estimate.label), figure, details, language)


def _estimate_row(label: str, figure: Figure, details: str, language: Language) -> Row:
    cell = value_cell(figure, language, currency=False)
    if isinstance(cell, Typed):
        cell = replace(cell, estimated=True)
    return [Text(label, "estimate"), cell, *[None] * 3, unit_of(figure), None, details]


def _actions(report: MonthlyReport, language: Language) -> Iterator[Row]:
    """Yield the recommended actions, and the status of those of last month's report."""
    translate = language.translate
    if report.recommended_actions:
        yield _heading(
            translate("report.decisions"),
            translate("workbook.worth"),
            translate("workbook.due"),
            Text(translate("workbook.owner"), span=_OWNER_COLUMNS),
            *(None, None),
            Text(translate("workbook.reason"), span=_REASON_COLUMNS),
        )
        yield from (_action_row(action, language) for action in report.recommended_actions)
    statuses = report.last_month_actions.statuses
    if statuses:
        yield _heading(translate("report.last_month_actions"), translate("report.status"), translate("workbook.due"))
        yield from (_status_row(status, language) for status in statuses)


def _action_row(action: RecommendedAction, language: Language) -> Row:
    return [
        Text(action.title, "bold"),
        action.worth or None,
        day_cell(action.due),
        Text(action.owner, span=_OWNER_COLUMNS),
        *(None, None),
        Text(" ".join(filter(None, (action.reason, stake_sentence(action, language)))), span=_REASON_COLUMNS),
    ]


def _status_row(status: ActionStatus, language: Language) -> Row:
    word = state_word(status.state, language)
    return [
        status.action.title,
        Text(word, "warning") if status.state is ActionState.WORSE else word,
        day_cell(status.action.due),
        Text(status.action.owner, span=_OWNER_COLUMNS),
        *(None, None),
        Text(status.sentence, span=_REASON_COLUMNS),
    ]


def _key_changes(report: MonthlyReport, language: Language) -> Iterator[Row]:
    """Yield the findings and the note of the month."""
    span = len(_WIDTHS)
    if report.month_summary or report.findings:
        yield _heading(highlights_heading(report, language))
    if report.month_summary:
        yield [Text(report.month_summary, span=span)]
    for finding in report.findings:
        yield [Text(finding.claim, "bold"), Text(finding.evidence, span=span - 1)]
    if report.note:
        yield [Text(note_lead(report.note, language), "bold"), Text(report.note.text, span=span - 1)]
