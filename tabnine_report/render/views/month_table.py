"""The figures of the last 13 months in one table, in groups of columns, newest month first."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tabnine_report.model.figure import Figure, Unit
from tabnine_report.model.month import Month
from tabnine_report.model.report import MonthlyReport
from tabnine_report.model.series import Series
from tabnine_report.render.views.table_cell import Cell, cell
from tabnine_report.text.i18n import Language

_GROUPS = {
    "accounts": ("accounts", "deactivated", "pending"),
    "active_users": ("active_users", "average_daily_active_users"),
    "completions": ("completion_users", "completions", "automation_factor"),
    "chat": ("chat_users", "chat_volume"),
    "agents": ("agent_users", "agent_volume", "agent_spend", "agent_tokens"),
}
"""The columns of each group; one without a value is omitted."""
_FIRST = frozenset(keys[0] for keys in _GROUPS.values())
_LEAST_MONTHS = 2
"""The number of months from which there is a table."""
_MILLION = 1_000_000

_PAGE = 178.0
_MONTH, _GAP, _GROUP_GAP = 15.5, 1.6, 1.0
"""Widths in mm: of the page, of the months, of the gap before a column, and of the additional one before a group."""
_LETTER, _DIGIT, _PERCENT, _SEPARATOR = 1.34, 1.72, 2.4, 0.95
"""Widths in mm: of a letter in a head, and of a digit, a percent sign and any other character in a number."""
_TIGHT = 1.12
"""The factor by which smaller numbers need less room."""
_STRETCH = 1.3
"""The factor by which a table is at most wider than it needs to be."""


@dataclass(frozen=True)
class Group:
    """Columns with a common head: its text and the number of columns."""

    head: str
    span: int


@dataclass(frozen=True)
class Column:
    """A column: its head, its numbers, newest first, and its width in mm."""

    head: str
    cells: tuple[Cell, ...]
    width: float


@dataclass(frozen=True)
class Row:
    """A month: its name, its numbers, and whether a method change lies between it and the row above."""

    month: str
    cells: tuple[Cell, ...]
    is_before_change: bool


@dataclass(frozen=True)
class MonthTable:
    """The table.

    Attributes:
        width: Its width, in percent of the page.
        widths: The widths of the columns in percent of the table, that of the months first.
        is_tight: Whether the numbers need more room than the page has, so that they are smaller.
        groups: The groups of columns.
        heads: The heads of the columns.
        rows: The months, newest first.
        changes: The months in which a method change takes effect, `YYYY-MM`.
        reasons: Why numbers are partial, each reason once.
    """

    width: float
    widths: tuple[float, ...]
    is_tight: bool
    groups: tuple[Group, ...]
    heads: tuple[str, ...]
    rows: tuple[Row, ...]
    changes: tuple[str, ...]
    reasons: tuple[str, ...]


def month_table(report: MonthlyReport, language: Language) -> MonthTable | None:
    """Return the table; None if fewer than two months have a figure."""
    series = {key: found for keys in _GROUPS.values() for key in keys if (found := _series(report, key)) is not None}
    periods = _periods(series.values())
    if len(periods) < _LEAST_MONTHS:
        return None
    columns = [_column(key, found, periods, language, short=False) for key, found in series.items()]
    if _MONTH + sum(column.width for column in columns) > _TIGHT * _PAGE:
        columns = [_column(key, found, periods, language, short=True) for key, found in series.items()]
    widths = [_MONTH, *(column.width for column in columns)]
    changes = {period for found in series.values() for period in found.breaks} & set(periods[:-1])
    return MonthTable(
        width=round(min(100.0, 100 * _STRETCH * sum(widths) / _PAGE), 1),
        widths=tuple(round(100 * width / sum(widths), 2) for width in widths),
        is_tight=sum(widths) > _PAGE,
        groups=tuple(
            Group(language.translate(f"page_method.group_{name}"), span)
            for name, keys in _GROUPS.items()
            if (span := sum(key in series for key in keys))
        ),
        heads=tuple(column.head for column in columns),
        rows=tuple(
            Row(
                month=_month(period, [column.cells[at] for column in columns], language),
                cells=tuple(column.cells[at] for column in columns),
                is_before_change=at > 0 and periods[at - 1] in changes,
            )
            for at, period in enumerate(periods)
        ),
        changes=tuple(sorted(changes)),
        reasons=tuple(_reasons(series.values(), periods)),
    )


def _series(report: MonthlyReport, key: str) -> Series | None:
    """Return the months of a metric; None if there are none, or none has a value."""
    kpis, adoption = report.kpis(), {"accounts": report.adoption.accounts, "active_users": report.adoption.active_users}
    series = adoption.get(key) or (kpis[key].history if key in kpis else None)
    return series if series is not None and any(point.figure.known for point in series.points) else None


def _periods(series: Iterable[Series]) -> list[str]:
    """Return the months from the first one with a value, newest first."""
    points = [point for found in series for point in found.points]
    first = min((point.period for point in points if point.figure.known), default="")
    return sorted({point.period for point in points if point.period >= first}, reverse=True)


def _column(key: str, series: Series, periods: Sequence[str], language: Language, *, short: bool) -> Column:
    figures = {point.period: point.figure for point in series.points}
    known = [figure for figure in figures.values() if figure.known]
    head = _head(key, known[-1], language)
    cells = tuple(_cell(figures.get(period), language, short=short) for period in periods)
    longest_word = max(len(word) for word in head.split(" "))
    width = max(_LETTER * longest_word, *(_number_width(each.text) for each in cells))
    return Column(head, cells, width + _GAP + (_GROUP_GAP if key in _FIRST else 0.0))


def _number_width(text: str) -> float:
    return sum(_DIGIT if character.isalnum() else _PERCENT if character == "%" else _SEPARATOR for character in text)


def _head(key: str, figure: Figure, language: Language) -> str:
    """Return the head of a column, which names the unit where the numbers do not."""
    name = str(figure.unit) if key in ("chat_volume", "agent_volume") else key
    return language.translate(f"page_method.head_{name}", currency=figure.currency)


def _cell(figure: Figure | None, language: Language, *, short: bool) -> Cell:
    if figure is None or figure.unit is not Unit.TOKENS or figure.value is None:
        return cell(figure, language, short=short, whole_money=True)
    millions = figure.value / _MILLION
    least = 0.1
    text = f"<{language.decimal(least)}" if 0 < millions < least / 2 else language.decimal(millions, aligned=True)
    written = cell(figure, language)
    return Cell(text, written.is_partial)


def _month(period: str, cells: Sequence[Cell], language: Language) -> str:
    """Return the name of a month; the word for a partial one takes the place of the year."""
    month = Month.parse(period)
    if any(each.is_partial for each in cells):
        return language.translate("page_method.partial_month", month=language.month_short(month))
    return language.month_and_year_short(month)


def _reasons(series: Iterable[Series], periods: Sequence[str]) -> Iterator[str]:
    reasons = (
        point.figure.reason
        for found in series
        for point in found.points
        if point.period in periods and point.figure.known
    )
    yield from dict.fromkeys(filter(None, reasons))
