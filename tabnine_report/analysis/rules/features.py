"""Finding rules on the users of completions, chat and agents."""

from tabnine_report.analysis.monthly_table import MonthlyTable
from tabnine_report.analysis.rule_context import RuleContext
from tabnine_report.analysis.rules.kpi_comparison import relative, whole
from tabnine_report.analysis.rules.rule import RuleMatch
from tabnine_report.model.kpi import Kpi

_FEATURE_USERS = {"completions": "completion_users", "chat": "chat_users", "agent": "agent_users"}


def feature_first_used(rule_context: RuleContext) -> RuleMatch | None:
    """Report that a feature was used for the first time on record, after a month without any users."""
    first_used = [
        (whole(kpi.figure) or 0, key, kpi)
        for key, kpi in _users(rule_context)
        if _is_first_month(kpi, rule_context.table)
    ]
    if not first_used:
        return None
    number, key, users = max(first_used, key=lambda entry: entry[0])
    return RuleMatch(
        words=f"{key}_first_used",
        count=number,
        values={"people": rule_context.language.value(users.figure)},
        figures={users.key: users.figure},
    )


def feature_unused(rule_context: RuleContext, *, min_people: int) -> RuleMatch | None:
    """Report that nobody used a feature that people used the month before."""
    unused = []
    for key, users in _users(rule_context):
        before = rule_context.table.value(users.key, rule_context.previous)
        if whole(users.figure) == 0 and before is not None and before >= min_people:
            unused.append((before, key, users))
    if not unused:
        return None
    before, key, users = max(unused, key=lambda entry: entry[0])
    language = rule_context.language
    return RuleMatch(
        words=f"{key}_unused",
        count=before,
        values={
            "month": language.month_name(rule_context.month),
            "people": language.count(before),
            "previous": language.month_name(rule_context.previous),
        },
        figures={users.key: users.figure},
    )


def agent_users_rose(rule_context: RuleContext, *, min_changes: int, min_people: int, share: float) -> RuleMatch | None:
    """Report that agent users rose by more than in any earlier change between complete months."""
    users, active_users = rule_context.kpis["agent_users"], rule_context.kpis["active_users"]
    language, changes = rule_context.language, rule_context.table.changes["agent_users"].dropna()
    if relative(users) is None or len(changes) <= min_changes:
        return None
    rise = changes.iloc[-1]
    if rise < min_people or rise <= changes.iloc[:-1].max():
        return None
    return RuleMatch(
        words="agent_users_reached_half" if _reached(share, rule_context.table) else "agent_users_rose",
        values={
            "number": language.count(rise),
            "people": language.value(users.figure),
            "months": language.count(len(changes)),
        },
        # The sentence does not need the active users, so an incomplete count is left out.
        figures={"agent_users": users.figure}
        | ({"active_users": active_users.figure} if whole(active_users.figure) is not None else {}),
    )


def _users(rule_context: RuleContext) -> list[tuple[str, Kpi]]:
    return [(feature, rule_context.kpis[key]) for feature, key in _FEATURE_USERS.items()]


def _is_first_month(users: Kpi, table: MonthlyTable) -> bool:
    """Return whether a feature has users now and had none in any earlier month; the month before must be complete."""
    if not whole(users.figure) or users.history is None:
        return False
    *before, _ = users.history.points
    return bool(table.comparable[users.key].iloc[-2] == 0) and not any(point.figure.value for point in before)


def _reached(share: float, table: MonthlyTable) -> bool:
    """Return whether agent users are at least that share of active users now, and were not in the previous month."""
    active_users = table.comparable["active_users"]
    shares = table.comparable["agent_users"] / active_users.where(active_users > 0)
    return bool(shares.iloc[-2] < share <= shares.iloc[-1])
