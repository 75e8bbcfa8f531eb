"""The findings of the month, in descending order of weight, and a sentence for a month without any.

Rules compare only complete months, and report a change only if it exceeds the organization's typical monthly change. No
rule names a cause.
"""

from collections.abc import Sequence

from tabnine_report.analysis.rule_context import RuleContext
from tabnine_report.analysis.rules.kpi_comparison import has_method_change, relative
from tabnine_report.analysis.rules.table import FINDINGS, MAX_FINDINGS, MAX_FULL_EDITION_ONLY, MIN_CHANGES
from tabnine_report.model.figure import State
from tabnine_report.model.findings import Finding, RecommendedAction


def findings(rule_context: RuleContext, actions: Sequence[RecommendedAction]) -> tuple[Finding, ...]:
    """Return the findings in descending order of weight, up to the limit of each edition.

    Args:
        rule_context: The month's data.
        actions: The recommended actions; a finding with the same content as one of them is omitted.
    """
    remaining = {"executive": MAX_FINDINGS, "full": MAX_FULL_EDITION_ONLY}
    recommended, results = {action.rule for action in actions}, []
    for rule in (rule for rule in FINDINGS if rule.repeated_by not in recommended):
        finding = rule.finding(rule_context) if remaining[rule.edition] else None
        if finding is not None:
            remaining[rule.edition] -= 1
            results.append(finding)
    return tuple(results)


def month_summary(rule_context: RuleContext, found: tuple[Finding, ...]) -> str:
    """Return a sentence on the month as a whole; empty if a finding already describes it."""
    month_rules = {rule.name for rule in FINDINGS if rule.kind == "month"}
    if any(finding.rule in month_rules for finding in found):
        return ""
    active_users = rule_context.kpis["active_users"]
    if active_users.figure.state is not State.MEASURED:
        key = "finding.lower_bound" if active_users.figure.at_least else "finding.incomplete_month"
    elif has_method_change(active_users, rule_context.month):
        key = "finding.method_change"
    elif active_users.change is None or not active_users.change.absolute.known:
        key = "finding.nothing_to_compare"
    elif relative(active_users) is None or rule_context.table.relative_changes["active_users"].count() <= MIN_CHANGES:
        key = "finding.typical_unknown"
    else:
        key = "finding.typical_month"
    return rule_context.language.translate(key, month=rule_context.language.month_name(rule_context.month))
