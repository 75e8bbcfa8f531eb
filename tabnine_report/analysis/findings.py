"""What changed: the rules' findings, heaviest first, and what to say where nothing changed.

Only whole months are compared, and a movement is told only if it is beyond what is ordinary between two months of this
organization. No rule names a cause.
"""

from tabnine_report.analysis.rules.movement import has_method_change, relative
from tabnine_report.analysis.rules.rule import RuleContext
from tabnine_report.analysis.rules.table import FEWEST_MOVEMENTS, FINDINGS, MOST_FINDINGS, MOST_FOR_FULL
from tabnine_report.model.figure import State
from tabnine_report.model.findings import Finding


def findings(rule_context: RuleContext) -> tuple[Finding, ...]:
    """Give what the rules find, heaviest first: so many for every reader, and so many for the full edition besides."""
    room = {"executive": MOST_FINDINGS, "full": MOST_FOR_FULL}
    found = []
    for rule in sorted(FINDINGS, key=lambda rule: -rule.weight):
        finding = rule.finding(rule_context) if room[rule.edition] else None
        if finding is not None:
            room[rule.edition] -= 1
            found.append(finding)
    return tuple(found)


def ordinary(rule_context: RuleContext, found: tuple[Finding, ...]) -> str:
    """Give what to say when nothing was found that tells what the month was like; empty when something was."""
    telling = {rule.name for rule in FINDINGS if rule.kind == "month"}
    if any(finding.rule in telling for finding in found):
        return ""
    people = rule_context.kpis["active_users"]
    if people.figure.state is not State.MEASURED:
        key = "finding.not_whole"
    elif has_method_change(people, rule_context.month):
        key = "finding.method_change"
    elif people.change is None or not people.change.absolute.known:
        key = "finding.nothing_to_compare"
    elif relative(people) is None or rule_context.table.relative_changes["active_users"].count() <= FEWEST_MOVEMENTS:
        key = "finding.ordinary_unknown"
    else:
        key = "finding.ordinary"
    return rule_context.language.translate(key, month=rule_context.language.month_name(rule_context.month))
