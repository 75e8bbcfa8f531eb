"""Build the workbook's sheet on teams: one row for each team, one column for each figure and for its states."""

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
_CELL_FUNCTIONS = {"change": change_cell, "percent_change": percent_change_cell}
"""The cell functions of figures that are changes."""

Figures = dict[str, Figure | None]


def add_teams(book: Spreadsheet, teams: Teams, language: Language) -> None:
    """Add the teams, followed by the groups of teams that are only shown together and the reason for it."""
    groups = [group for group in (teams.smaller, teams.no_team) if group]
    names = [*(team.name for team in teams.rows), *(group.label for group in groups)]
    rows_of_figures = [*map(_team_figures, teams.rows), *map(_group_figures, groups)]
    translate = language.translate
    table: list[tuple[Column, Sequence[Cell]]] = [(Column(translate("report.team"), 36), names)]
    for key in _HEADINGS:
        table += _columns(key, [figures.get(key) for figures in rows_of_figures], language)
    table.append((Column(translate("workbook.reason"), 46), [_reasons(figures) for figures in rows_of_figures]))
    table.append((Column(translate("workbook.as_of"), 17), [_as_of(figures, language) for figures in rows_of_figures]))
    rows = [list(cells) for cells in zip(*(cells for _, cells in table), strict=True)]
    if teams.note:
        rows.append([*[None] * (len(table) - 2), teams.note, None])
    book.add(translate("workbook.teams"), teams.title, [column for column, _ in table], rows, fixed=1)


def _team_figures(team: TeamRow) -> Figures:
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


def _group_figures(group: TeamGroup) -> Figures:
    return {
        "members": group.members,
        "completions": group.completions,
        "agent_spend": group.agent_spend,
    }


def _columns(key: str, figures: Sequence[Figure | None], language: Language) -> list[tuple[Column, Sequence[Cell]]]:
    """Return a column of figures, and one of their states if any is partial; nothing if no team has such a figure."""
    if not any(figures):
        return []
    label, cell_of = language.translate(_HEADINGS[key]), _CELL_FUNCTIONS.get(key, value_cell)
    numbers = (Column(label, 15), [cell_of(figure, language) if figure else None for figure in figures])
    if not any(figure and figure.state is State.PARTIAL for figure in figures):
        return [numbers]
    states = [language.translate(f"state.{figure.state}") if figure else None for figure in figures]
    return [numbers, (Column(language.translate("workbook.state_of", label=label), 13), states)]


def _reasons(figures: Figures) -> str:
    """Return the reasons for the partial and missing figures of a team, each reason once."""
    return " ".join(dict.fromkeys(figure.reason for figure in figures.values() if figure and figure.reason))


def _as_of(figures: Figures, language: Language) -> Cell:
    members = figures["members"]
    return instant_cell(members.as_of, language) if members and members.as_of else None
