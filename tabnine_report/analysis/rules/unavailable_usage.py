"""Finding rules on missing usage data."""

from tabnine_report.analysis.rule_context import RuleContext
from tabnine_report.analysis.rules.rule import RuleMatch
from tabnine_report.model.month import Month
from tabnine_report.usage_api.versions import FROZEN


def usage_frozen(rule_context: RuleContext) -> RuleMatch | None:
    """Report that the API no longer returns usage, although it did before."""
    active_users = rule_context.kpis["active_users"]
    points = active_users.history.points if active_users.history else ()
    months_with_usage = [Month.parse(point.period) for point in points if point.figure.value]
    if active_users.figure.reason != FROZEN or not months_with_usage:
        return None
    return RuleMatch(
        words="usage_frozen",
        values={"last": rule_context.language.month(months_with_usage[-1])},
        figures={"active_users": active_users.figure},
    )


def usage_missing(rule_context: RuleContext) -> RuleMatch | None:
    """Report that the month's usage is unavailable for a reason other than a frozen endpoint."""
    active_users = rule_context.figure("active_users")
    if active_users.known or usage_frozen(rule_context):
        return None
    return RuleMatch(
        words="usage_missing",
        values={"month": rule_context.language.month_name(rule_context.month)},
        figures={"active_users": active_users},
    )
