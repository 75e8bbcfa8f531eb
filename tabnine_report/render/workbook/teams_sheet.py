"""Build the workbook's sheet on teams: one row for each team, one column for each figure and for its states."""

from tabnine_report.model.figure import Figure
from tabnine_report.model.sections import TeamGroup, TeamRow, Teams
from tabnine_report.render.workbook.cells import Cell, Column, Sheet, TableColumn, rows_of
from tabnine_report.render.workbook.figure_cells import (
    change_cell,
    figures_and_states,
    instant_cell,
    percent_change_cell,
    value_cell,
)
from tabnine_report.text.i18n import Language

_HEADINGS = {
    "members": "report.team_members",
    "active_users": "report.team_active_users",
    "share": "report.team_adoption_rate",
    "change": "workbook.team_change",
    "percent_change": "workbook.percent_change",
    "share_before": "workbook.team_share_before",
    "inactive": "workbook.team_inactive",
    "inactive_spend": "workbook.team_inactive_spend",
    "completions": "report.team_completions",
    "per_user": "report.team_per_user",
    "agent_spend": "report.team_agent_spend",
}
_CELL_FUNCTIONS = {"change": change_cell, "percent_change": percent_change_cell}
"""The cell functions of figures that are changes."""

Figures = dict[str, Figure | None]


def teams_sheet(teams: Teams, language: Language) -> Sheet:
    """Return the teams, followed by the groups of teams that are only shown together."""
    groups = [group for group in (teams.smaller, teams.no_team) if group]
    names = [*(team.name for team in teams.rows), *(group.label for group in groups)]
    rows_of_figures = [*map(_team_figures, teams.rows), *map(_group_figures, groups)]
    translate = language.translate
    table: list[TableColumn] = [(Column(translate("report.team"), 40), names)]
    for key, heading in _HEADINGS.items():
        figures, cell_of = [row.get(key) for row in rows_of_figures], _CELL_FUNCTIONS.get(key, value_cell)
        cells = [cell_of(figure, language) if figure else None for figure in figures]
        table += figures_and_states(translate(heading), figures, cells, language)
    table.append((Column(translate("workbook.reason"), 46), [_reasons(figures) for figures in rows_of_figures]))
    table.append((Column(translate("workbook.as_of"), 17), [_as_of(figures, language) for figures in rows_of_figures]))
    return Sheet(
        name=translate("workbook.teams"),
        sentence=teams.title,
        detail=teams.note,
        columns=[column for column, _ in table],
        rows=rows_of(table),
        fixed=1,
    )


def _team_figures(team: TeamRow) -> Figures:
    return {
        "members": team.members,
        "active_users": team.active_users,
        "share": team.share,
        "change": team.change.absolute,
        "percent_change": team.change.relative,
        "share_before": team.share_before,
        "inactive": team.inactive,
        "inactive_spend": team.inactive_spend,
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


def _reasons(figures: Figures) -> str:
    """Return the reasons for the partial and missing figures of a team, each reason once."""
    return " ".join(dict.fromkeys(figure.reason for figure in figures.values() if figure and figure.reason))


def _as_of(figures: Figures, language: Language) -> Cell:
    members = figures["members"]
    return instant_cell(members.as_of, language) if members else None
