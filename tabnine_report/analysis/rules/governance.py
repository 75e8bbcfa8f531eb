"""Rules for the full edition only: single teams, and how people sign in."""

from tabnine_report.analysis.rules.movement import whole
from tabnine_report.analysis.rules.rule import Found, RuleContext
from tabnine_report.model.sections import TeamRow
from tabnine_report.text.sanitizing import NAME_LENGTH, sanitize


def team_fell(rule_context: RuleContext, *, least_people: int, least_share: float) -> Found | None:
    """A team that the report shows lost a large part of its people, or all of them."""
    fallen = [(fall, team) for team in rule_context.teams if (fall := _fall(team)) >= least_people]
    fallen = [(fall, team) for fall, team in fallen if fall / (fall + (team.people.value or 0)) >= least_share]
    if not fallen:
        return None
    fall, team = max(fallen, key=lambda one: one[0])
    language = rule_context.language
    return Found(
        says="finding.team_fell" if team.people.value else "finding.team_stopped",
        values={
            "team": sanitize(team.name, NAME_LENGTH),
            "people": language.value(team.people),
            "before": language.count(fall + (team.people.value or 0)),
            "previous": language.month_name(rule_context.previous),
        },
        figures={"active_users": team.people, "change": team.change.absolute},
    )


def password_beside_saml(rule_context: RuleContext) -> Found | None:
    """People may sign in by password although SAML is on."""
    sign_in = rule_context.sign_in
    if sign_in is None or not (sign_in.saml and sign_in.password):
        return None
    return Found(says="finding.password_beside_saml", figures={})


def _fall(team: TeamRow) -> float:
    """Give how many people fewer than in the month before; 0 where that is not told of two whole months."""
    change = whole(team.change.absolute)
    return -change if change is not None and change < 0 and whole(team.people) is not None else 0
