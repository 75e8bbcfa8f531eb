"""The workbook's sheet on teams: a row a team and a column a figure, with its states where not all are whole."""

from collections.abc import Sequence

from tabnine_report.model.figure import Figure, State
from tabnine_report.model.sections import TeamGroup, TeamRow, Teams
from tabnine_report.render.workbook.figure_cells import change_cell, instant_cell, percent_change_cell, value_cell
from tabnine_report.render.workbook.spreadsheet import Cell, Column, Spreadsheet
from tabnine_report.text.i18n import Language

_HEADINGS = {
    "members": "report.team_members",
    "people": "report.team_active_users",
    "share": "report.team_adoption_rate",
    "change": "workbook.team_change",
    "percent_change": "workbook.percent_change",
    "completions": "report.team_completions",
    "per_user": "report.team_per_user",
    "agent_spend": "report.team_agent_spend",
}
_WRITTEN = {"change": change_cell, "percent_change": percent_change_cell}
"""How the figures are written that are no plain values."""

Figures = dict[str, Figure | None]


def add_teams(book: Spreadsheet, teams: Teams, language: Language) -> None:
    """Add the teams, below them those that are shown together only, and why some are."""
    groups = [group for group in (teams.smaller, teams.no_team) if group]
    names = [*(team.name for team in teams.rows), *(group.label for group in groups)]
    told = [*map(_of_team, teams.rows), *map(_of_group, groups)]
    translate = language.translate
    table: list[tuple[Column, Sequence[Cell]]] = [(Column(translate("report.team"), 36), names)]
    for key in _HEADINGS:
        table += _columns(key, [figures.get(key) for figures in told], language)
    table.append((Column(translate("workbook.reason"), 46), [_reasons(figures) for figures in told]))
    table.append((Column(translate("workbook.as_of"), 17), [_as_of(figures, language) for figures in told]))
    rows = [list(cells) for cells in zip(*(cells for _, cells in table), strict=True)]
    if teams.note:
        rows.append([*[None] * (len(table) - 2), teams.note, None])
    book.add(translate("workbook.teams"), teams.title, [column for column, _ in table], rows, fixed=1)


def _of_team(team: TeamRow) -> Figures:
    return {
        "members": team.members,
        "people": team.people,
        "share": team.share,
        "change": team.change.absolute,
        "percent_change": team.change.relative,
        "completions": team.completions,
        "per_user": team.per_user,
        "agent_spend": team.agent_spend,
    }


def _of_group(group: TeamGroup) -> Figures:
    return {
        "members": group.members,
        "completions": group.completions,
        "agent_spend": group.agent_spend,
    }


def _columns(key: str, figures: Sequence[Figure | None], language: Language) -> list[tuple[Column, Sequence[Cell]]]:
    """Give a column of figures, and one of their states if any is partial; none where nobody has such a figure."""
    if not any(figures):
        return []
    label, write = language.translate(_HEADINGS[key]), _WRITTEN.get(key, value_cell)
    numbers = (Column(label, 15), [write(figure, language) if figure else None for figure in figures])
    if not any(figure and figure.state is State.PARTIAL for figure in figures):
        return [numbers]
    states = [language.translate(f"state.{figure.state}") if figure else None for figure in figures]
    return [numbers, (Column(language.translate("workbook.state_of", label=label), 13), states)]


def _reasons(figures: Figures) -> str:
    """Give why figures of a team are not simply measured, each reason once."""
    return " ".join(dict.fromkeys(figure.reason for figure in figures.values() if figure and figure.reason))


def _as_of(figures: Figures, language: Language) -> Cell:
    members = figures["members"]
    return instant_cell(members.as_of, language) if members and members.as_of else None
