"""The columns of numbers beside the dot plot of the teams."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from tabnine_report.model.figure import Figure
from tabnine_report.model.month import Month
from tabnine_report.model.report import MonthlyReport
from tabnine_report.model.sections import TeamGroup, TeamRow
from tabnine_report.render.views.table_cell import Cell, cell
from tabnine_report.text.formats import with_plus
from tabnine_report.text.i18n import Language

_WHOLE_MONEY_FROM = 1_000
"""The amount from which the amounts of a column have no decimals."""


@dataclass(frozen=True)
class Column:
    """A column of numbers.

    Attributes:
        key: Its CSS class.
        head: Its head, with the unit.
        of_team: Returns the figure of a team.
        of_group: Returns the figure of several teams combined; None if they have no such figure.
        write: Returns the cell of a figure.
    """

    key: str
    head: str
    of_team: Callable[[TeamRow], Figure | None]
    of_group: Callable[[TeamGroup], Figure | None]
    write: Callable[[Figure | None], Cell]


def team_columns(report: MonthlyReport, rows: Sequence[TeamRow], language: Language) -> tuple[Column, ...]:
    """Return the columns; that of the cost of inactive accounts and that of agent spend may be missing."""
    return tuple(_columns(report, rows, language))


def all_team_columns(columns: Sequence[Column], language: Language) -> tuple[Column, ...]:
    """Return the columns of the page, and those that only the full list of teams has."""
    translate, number = language.translate, partial(cell, language=language)
    return (
        *columns,
        Column("share", translate("report.team_adoption_rate"), lambda row: row.share, _nothing, number),
        Column(
            "completions",
            translate("report.team_completions"),
            lambda row: row.completions,
            lambda group: group.completions,
            number,
        ),
        Column("per-user", translate("report.team_per_user"), lambda row: row.per_user, _nothing, number),
    )


def numbered_reasons(rows: Sequence[TeamRow], groups: Sequence[TeamGroup], columns: Sequence[Column]) -> dict[str, int]:
    """Return why figures of a table are partial or missing, each reason once, with its number.

    The head of a column, or the sign before a number, states that the number is a bound.
    """
    figures = [
        *(column.of_team(row) for row in rows for column in columns),
        *(column.of_group(group) for group in groups for column in columns),
    ]
    reasons = (figure.reason for figure in figures if figure and figure.reason and not figure.bound)
    return {reason: number for number, reason in enumerate(dict.fromkeys(reasons), start=1)}


def _columns(report: MonthlyReport, rows: Sequence[TeamRow], language: Language) -> Iterator[Column]:
    translate, number = language.translate, partial(cell, language=language)
    since = language.month_short(Month.parse(report.compared_with))
    yield Column(
        "members", translate("report.team_members"), lambda row: row.members, lambda group: group.members, number
    )
    yield Column("active-users", translate("report.team_active_users"), lambda row: row.active_users, _nothing, number)
    yield Column(
        "change",
        translate("report.since", month=since),
        lambda row: row.change.absolute,
        _nothing,
        partial(_change, language=language),
    )
    bound = any(row.inactive.at_least for row in rows)
    yield Column(
        "inactive",
        translate("page_teams.inactive_at_least" if bound else "page_teams.inactive"),
        lambda row: row.inactive,
        _nothing,
        partial(cell, language=language, bound=False),
    )
    spend = [row.inactive_spend for row in rows if row.inactive_spend is not None]
    if spend:
        yield Column(
            "money",
            translate("page_teams.inactive_spend", currency=_currency(spend)),
            lambda row: row.inactive_spend,
            _nothing,
            partial(cell, language=language, whole_money=_are_whole(spend), bound=False),
        )
    agent_spend = [row.agent_spend for row in rows if row.agent_spend is not None]
    if any(figure.known for figure in agent_spend):
        yield Column(
            "agents",
            translate("page_teams.agent_spend", currency=_currency(agent_spend)),
            lambda row: row.agent_spend,
            lambda group: group.agent_spend,
            partial(cell, language=language, whole_money=_are_whole(agent_spend)),
        )


def _nothing(_group: TeamGroup) -> None:
    """Return no figure: the people of several teams are not added up."""


def _change(figure: Figure | None, language: Language) -> Cell:
    """Return a change with its sign."""
    if figure is None or not figure.value:
        return cell(figure, language)
    negative = language.count(-abs(figure.value))
    return Cell(with_plus(negative) if figure.value > 0 else negative)


def _currency(figures: Sequence[Figure]) -> str:
    return next((figure.currency for figure in figures if figure.currency), "")


def _are_whole(figures: Sequence[Figure]) -> bool:
    """Return whether a column has no decimals: all amounts are whole, or one is so large that decimals do not fit."""
    amounts = [figure.value for figure in figures if figure.value is not None]
    return all(float(amount).is_integer() for amount in amounts) or max(amounts) >= _WHOLE_MONEY_FROM
