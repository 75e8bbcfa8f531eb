"""Finding rules for the full edition only: single teams."""

from tabnine_report.analysis.rule_context import RuleContext
from tabnine_report.analysis.rules.kpi_comparison import whole
from tabnine_report.analysis.rules.rule import RuleMatch
from tabnine_report.model.sections import TeamRow
from tabnine_report.text.sanitizing import truncate

_NAME_LENGTH = 40
"""The length of a team's name within a sentence; the teams section has the whole name."""


def team_active_users_fell(rule_context: RuleContext, *, min_people: int, min_share: float) -> RuleMatch | None:
    """Report that a team that is shown lost a large part of its active users, or all of them."""
    fallen = [(fall, team) for team in rule_context.teams if (fall := _fall(team)) >= min_people]
    fallen = [(fall, team) for fall, team in fallen if fall / (fall + (team.active_users.value or 0)) >= min_share]
    if not fallen:
        return None
    fall, team = max(fallen, key=lambda entry: entry[0])
    language = rule_context.language
    return RuleMatch(
        words="team_active_users_fell" if team.active_users.value else "team_inactive",
        count=team.active_users.value,
        values={
            "team": truncate(team.name, _NAME_LENGTH),
            "people": language.value(team.active_users),
            "before": language.count(fall + (team.active_users.value or 0)),
            "previous": language.month_name(rule_context.previous),
        },
        figures={"active_users": team.active_users, "change": team.change.absolute},
    )


def _fall(team: TeamRow) -> float:
    """Return the decrease in active users from the month before; 0 unless both months are complete."""
    change = whole(team.change.absolute)
    return -change if change is not None and change < 0 and whole(team.active_users) is not None else 0
