"""Rules on the data themselves: what the month's report has to do without."""

from tabnine_report.analysis.rules.rule import Found, RuleContext
from tabnine_report.model.month import Month
from tabnine_report.usage_api.versions import FROZEN


def usage_frozen(rule_context: RuleContext) -> Found | None:
    """The API reports no use any more, although it did before."""
    people = rule_context.kpis["active_users"]
    points = people.history.points if people.history else ()
    told = [Month.parse(point.period) for point in points if point.figure.value]
    if people.figure.reason != FROZEN or not told:
        return None
    last = rule_context.language.month(told[-1])
    return Found(says="finding.usage_frozen", values={"last": last}, figures={"active_users": people.figure})


def usage_missing(rule_context: RuleContext) -> Found | None:
    """The month's usage is not known, for another reason than a frozen endpoint."""
    figure = rule_context.figure("active_users")
    if figure.known or usage_frozen(rule_context):
        return None
    month = rule_context.language.month_name(rule_context.month)
    return Found(
        says="finding.usage_missing", values={"month": month, "why": figure.reason}, figures={"active_users": figure}
    )
