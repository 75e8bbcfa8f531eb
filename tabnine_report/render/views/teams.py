"""The page on teams: a dot plot of the share of active members, beside the figures of each team."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from tabnine_report.model.month import Month
from tabnine_report.model.report import MonthlyReport
from tabnine_report.model.sections import TeamGroup, TeamRow, Teams
from tabnine_report.render.charts.team_dots import team_scale
from tabnine_report.render.colors import Palette
from tabnine_report.render.views.room import PAGE, text_height
from tabnine_report.render.views.table_cell import Cell
from tabnine_report.render.views.team_plot import SMALL, dots, is_small, positions, share_scale
from tabnine_report.render.views.team_table import Column, all_team_columns, numbered_reasons, team_columns
from tabnine_report.text.i18n import Language
from tabnine_report.text.sanitizing import NAME_LENGTH, sanitize, truncate

_MOST_HIGH, _MOST_LOW = 18, 25
"""The number of teams up to which the rows are high, and up to which the page has room for them all."""
_HIGH, _LOW = 9.0, 7.2
"""The heights of the rows in mm."""
_POINTS = 72 / 25.4
"""The number of points in a mm."""
_HEADS = 25.0
"""The height of the heads of the table, and of the line on further teams, in mm."""
_MARKED = 3
"""The number of teams whose inactive accounts are emphasized."""
_CHARACTER, _GAP, _HEAD_CHARACTER, _HEAD_GAP = 0.62, 1.15, 0.43, 1.2
"""The widths of a character in a number and in a head, and of the gaps before them, in rem."""
_NAMED = ("change", "inactive")
"""The columns that are left out if no team has a number for them; the note names them."""
_REASONS, _REASON_LENGTH = 2, 170
"""The number of reasons that the page has room for, and the length of each."""


@dataclass(frozen=True)
class Line:
    """A row of the table.

    Attributes:
        name: The team, or the group of teams.
        dots: The row of the dot plot; None for a group.
        cells: The numbers, one for each column.
        is_marked: Whether its inactive accounts are among the highest numbers.
    """

    name: str
    dots: Markup | None
    cells: tuple[Cell, ...]
    is_marked: bool = False


@dataclass(frozen=True)
class TeamsPage:
    """The page on teams.

    Attributes:
        title: The title.
        head: The head of the names, which states their order.
        dots_title: What the dots mean.
        scale: The scale above the dots.
        columns: The columns of numbers; one without a number for any team is left out.
        widths: The least width of each column of numbers, in rem.
        rows: The teams that the page has room for.
        has_many: Whether the rows are low, because there are many teams.
        groups: The smaller teams combined, and the accounts without a team.
        more: The sentence on the teams that are not in the table; empty if all are.
        note: What gray dots and dashes mean, and which teams are not shown.
        all_columns: The columns of the list of all teams.
        reasons: Why figures of that list are partial or missing, each reason with its number.
        foot: One line on the data.
    """

    title: str
    head: str
    dots_title: str
    scale: Markup
    columns: tuple[Column, ...]
    widths: tuple[float, ...]
    rows: tuple[Line, ...]
    has_many: bool
    groups: tuple[Line, ...]
    more: str
    note: str
    all_columns: tuple[Column, ...]
    reasons: dict[str, int]
    foot: str


def teams(report: MonthlyReport, language: Language, colors: Palette) -> TeamsPage | None:
    """Return the page on teams; None in the executive edition, and if no team is shown on its own."""
    section = report.teams
    if section is None or not section.rows:
        return None
    translate = language.translate
    possible = team_columns(report, section.rows, language)
    left_out = tuple(
        column for column in possible if column.key in (*_NAMED, "money") and not _has_numbers(column, section.rows)
    )
    columns = tuple(column for column in possible if column not in left_out)
    note = " ".join(_notes(section, section.rows[:_MOST_LOW], columns, left_out, language))
    room = _room(section, note)
    has_many = len(section.rows) > min(_MOST_HIGH, int(room / _HIGH))
    shown = section.rows[: min(_MOST_LOW, int(room / _LOW))] if has_many else section.rows
    further = len(section.rows) - len(shown)
    scale = share_scale(report, shown, language)
    all_columns = all_team_columns(possible, language)
    rows = tuple(
        Line(
            name=sanitize(row.name, NAME_LENGTH),
            dots=dots(report, row, scale, language, colors, height=_POINTS * (_LOW if has_many else _HIGH)),
            cells=tuple(column.write(column.of_team(row)) for column in columns),
            is_marked=at < _MARKED and bool(row.inactive.value),
        )
        for at, row in enumerate(shown)
    )
    groups = tuple(_group(group, columns) for group in _groups(section))
    alone = "" if any(column.key == "change" for column in columns) else "_alone"
    return TeamsPage(
        title=section.title,
        head=translate(
            f"page_teams.{'team' if any(row.inactive.known for row in section.rows) else 'team_by_members'}"
        ),
        dots_title=translate(
            f"page_teams.dots{alone}",
            previous=_month(report.compared_with, language),
            month=_month(report.month, language),
        ),
        scale=team_scale(
            translate("page_teams.scale", low=scale.marks[0].label, high=scale.marks[-1].label), colors, scale=scale
        ),
        columns=columns,
        widths=tuple(
            _width(column, [line.cells[at] for line in (*rows, *groups)]) for at, column in enumerate(columns)
        ),
        rows=rows,
        has_many=has_many,
        groups=groups,
        more=translate("page_teams.more", further, number=language.count(further)) if further else "",
        note=note,
        all_columns=all_columns,
        reasons=numbered_reasons(section.rows, _groups(section), all_columns),
        foot=translate(f"page_teams.foot{alone}"),
    )


def _has_numbers(column: Column, rows: Sequence[TeamRow]) -> bool:
    return any(figure is not None and figure.known for figure in map(column.of_team, rows))


def _room(section: Teams, note: str) -> float:
    """Return the height that is left on the page for the rows of the teams, in mm."""
    groups = _HIGH * len(_groups(section))
    return PAGE - _HEADS - text_height("title", section.title) - text_height("small", note) - groups


def _groups(section: Teams) -> tuple[TeamGroup, ...]:
    return tuple(group for group in (section.smaller, section.no_team) if group is not None)


def _width(column: Column, cells: Sequence[Cell]) -> float:
    number = max(len(cell.text) for cell in cells) * _CHARACTER + _GAP
    head = max(len(word) for word in column.head.split(" ")) * _HEAD_CHARACTER + _HEAD_GAP
    return round(max(number, head), 2)


def _group(group: TeamGroup, columns: Sequence[Column]) -> Line:
    return Line(sanitize(group.label), None, tuple(column.write(column.of_group(group)) for column in columns))


def _notes(
    section: Teams,
    shown: Sequence[TeamRow],
    columns: Sequence[Column],
    left_out: Sequence[Column],
    language: Language,
) -> Iterator[str]:
    """Yield what is special about the dots and the numbers, which figures are missing, and which teams."""
    translate = language.translate
    if any(is_small(row) and any(share is not None for share in positions(row)) for row in shown):
        yield translate("page_teams.gray_dots", members=language.count(SMALL))
    reasons = list(numbered_reasons(shown, _groups(section), columns))
    if reasons:
        yield translate("page_teams.reasons")
        yield from (truncate(reason, _REASON_LENGTH) for reason in reasons[:_REASONS])
    figures = [translate(f"page_teams.left_out_{column.key}") for column in left_out if column.key in _NAMED]
    if figures:
        yield translate("page_teams.left_out", figures=language.listed(figures))
        why = [reason for reason in numbered_reasons(shown, (), left_out) if reason not in reasons]
        yield from dict.fromkeys(f"{reason.split('. ')[0].removesuffix('.')}." for reason in why[:_REASONS])
    if len(reasons) > _REASONS:
        yield translate("page_teams.more_reasons")
    if section.note:
        yield section.note


def _month(month: str, language: Language) -> str:
    return language.month_name(Month.parse(month))
