"""Finding rules on the users of completions, chat and agents."""

from tabnine_report.analysis.rules.movement import relative, steps, value_of, values, whole
from tabnine_report.analysis.rules.rule import RuleContext, RuleMatch
from tabnine_report.model.kpi import Kpi

_FEATURE_USERS = {"completions": "completion_users", "chat": "chat_users", "agent": "agent_users"}


def feature_first_used(rule_context: RuleContext) -> RuleMatch | None:
    """A feature was used for the first time on record, after a month without any users."""
    first_used = [(whole(kpi.figure) or 0, key, kpi) for key, kpi in _users(rule_context) if _is_first_month(kpi)]
    if not first_used:
        return None
    number, key, users = max(first_used, key=lambda entry: entry[0])
    return RuleMatch(
        sentence_key=f"finding.{key}_first_used",
        count=number,
        values={"people": rule_context.language.value(users.figure)},
        figures={users.key: users.figure},
    )


def feature_unused(rule_context: RuleContext, *, min_people: int) -> RuleMatch | None:
    """Nobody used a feature, although people did the month before."""
    unused = []
    for key, users in _users(rule_context):
        before = value_of(users.history, rule_context.previous)
        if whole(users.figure) == 0 and before is not None and before >= min_people:
            unused.append((before, key, users))
    if not unused:
        return None
    before, key, users = max(unused, key=lambda entry: entry[0])
    language = rule_context.language
    return RuleMatch(
        sentence_key=f"finding.{key}_unused",
        count=before,
        values={
            "month": language.month_name(rule_context.month),
            "people": language.count(before),
            "previous": language.month_name(rule_context.previous),
        },
        figures={users.key: users.figure},
    )


def agent_users_rose(rule_context: RuleContext, *, min_changes: int, min_people: int, share: float) -> RuleMatch | None:
    """Agent users rose more than between any two complete months before."""
    users, active_users = rule_context.kpis["agent_users"], rule_context.kpis["active_users"]
    language, changes = rule_context.language, steps(users.history)
    if relative(users) is None or len(changes) <= min_changes:
        return None
    rise = changes[-1]
    if rise < min_people or rise <= max(changes[:-1]):
        return None
    return RuleMatch(
        sentence_key="finding.agent_users_reached_half"
        if _reached(share, users, active_users)
        else "finding.agent_users_rose",
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


def _is_first_month(users: Kpi) -> bool:
    """Return whether a feature has users now and had none in any earlier month; the month before must be complete."""
    if not whole(users.figure) or users.history is None:
        return False
    *before, _ = users.history.points
    return values(users.history)[-2] == 0 and not any(point.figure.value for point in before)


def _reached(share: float, users: Kpi, active_users: Kpi) -> bool:
    """Return whether the users reached a share of the active users this month, but not the month before."""
    *_, before, now = zip(values(users.history), values(active_users.history), strict=True)
    shares = [part / whole for part, whole in (before, now) if part is not None and whole]
    return len(shares) == len((before, now)) and shares[0] < share <= shares[1]
