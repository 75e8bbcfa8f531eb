"""The worth of an action, written in one way everywhere: `up to EUR 3,042` for what it can save at most."""

from tabnine_report.analysis.rule_context import RuleContext
from tabnine_report.analysis.rules.kpi_comparison import at_least
from tabnine_report.model.figure import Figure


def up_to_spend(rule_context: RuleContext, key: str) -> str:
    """Return the monthly spend that an action can save at most, by the key of its KPI; empty if it is not known."""
    spend = rule_context.kpis.get(key)
    return up_to(rule_context, spend.figure) if spend and at_least(spend.figure) else ""


def up_to(rule_context: RuleContext, figure: Figure) -> str:
    """Return a figure as the most that an action can save, without the qualifier of a lower bound."""
    most = rule_context.language.value(figure.as_counted(), short=True)
    return rule_context.language.translate("worth.up_to", amount=most)
