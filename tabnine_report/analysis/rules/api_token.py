"""The rule for the action on the API token."""

from tabnine_report.analysis.rule_context import RuleContext
from tabnine_report.analysis.rules.due_dates import due_by, is_near
from tabnine_report.analysis.rules.rule import ActionMatch


def renew_token(rule_context: RuleContext, *, days_after_month: int) -> ActionMatch | None:
    """Recommend creating a new API token if it expires shortly after the month's end."""
    expires = rule_context.token_expires
    if expires is None or not is_near(rule_context, expires, days_after_month):
        return None
    due = due_by(rule_context, expires)
    return ActionMatch(
        words="renew_token",
        values={"day": rule_context.language.date(expires)},
        figures={},
        due=due.day,
        remark=due.remark,
    )
