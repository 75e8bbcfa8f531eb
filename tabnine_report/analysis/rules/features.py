"""Rules on completions, chat and agents: who began, who stopped, and how agents spread."""

from tabnine_report.analysis.monthly_table import MonthlyTable
from tabnine_report.analysis.rules.movement import relative, whole
from tabnine_report.analysis.rules.rule import Found, RuleContext
from tabnine_report.model.kpi import Kpi

_FEATURE_USERS = {"completions": "completion_users", "chat": "chat_users", "agent": "agent_users"}


def feature_began(rule_context: RuleContext) -> Found | None:
    """The first month with people who used a feature, after one in which nobody is known to have."""
    began = [
        (whole(users.figure) or 0, key, users)
        for key, users in _users(rule_context)
        if _is_first_month(users, rule_context.table)
    ]
    if not began:
        return None
    number, key, users = max(began, key=lambda one: one[0])
    return Found(
        says=f"finding.{key}_began",
        count=number,
        values={"people": rule_context.language.value(users.figure)},
        figures={users.key: users.figure},
    )


def feature_ended(rule_context: RuleContext, *, least_people: int) -> Found | None:
    """The first month in which nobody used a feature any more."""
    ended = []
    for key, users in _users(rule_context):
        before = rule_context.table.value(users.key, rule_context.previous)
        if whole(users.figure) == 0 and before is not None and before >= least_people:
            ended.append((before, key, users))
    if not ended:
        return None
    before, key, users = max(ended, key=lambda one: one[0])
    language = rule_context.language
    return Found(
        says=f"finding.{key}_ended",
        count=before,
        values={
            "month": language.month_name(rule_context.month),
            "people": language.count(before),
            "previous": language.month_name(rule_context.previous),
        },
        figures={users.key: users.figure},
    )


def agents_rose(rule_context: RuleContext, *, fewest_movements: int, least_people: int, half: float) -> Found | None:
    """Agents gained more people than between any two whole months before."""
    users, people, language = rule_context.kpis["agent_users"], rule_context.kpis["active_users"], rule_context.language
    rises = rule_context.table.changes["agent_users"].dropna()
    if relative(users) is None or len(rises) <= fewest_movements:
        return None
    rise = rises.iloc[-1]
    if rise < least_people or rise <= rises.iloc[:-1].max():
        return None
    return Found(
        says="finding.agents_reached_half" if _passed(half, rule_context.table) else "finding.agents_rose",
        values={
            "number": language.count(rise),
            "people": language.value(users.figure),
            "months": language.count(len(rises)),
        },
        # How many used Tabnine at all is evidence where it is whole; the sentence does without it otherwise.
        figures={"agent_users": users.figure}
        | ({"active_users": people.figure} if whole(people.figure) is not None else {}),
    )


def _users(rule_context: RuleContext) -> list[tuple[str, Kpi]]:
    return [(feature, rule_context.kpis[key]) for feature, key in _FEATURE_USERS.items()]


def _is_first_month(users: Kpi, table: MonthlyTable) -> bool:
    """Tell whether people used it now and never before; a month that does not tell of it does not show that."""
    if not whole(users.figure) or users.history is None:
        return False
    *before, _ = users.history.points
    return bool(table.comparable[users.key].iloc[-2] == 0) and not any(point.figure.value for point in before)


def _passed(share: float, table: MonthlyTable) -> bool:
    """Return whether agent users are at least that share of active users now, and were not in the previous month."""
    active_users = table.comparable["active_users"]
    shares = table.comparable["agent_users"] / active_users.where(active_users > 0)
    return bool(shares.iloc[-2] < share <= shares.iloc[-1])
