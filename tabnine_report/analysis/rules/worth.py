"""The worth of an action, written in one way everywhere.

What an action can save at most is `up to EUR 3,042`, a lower bound `at least EUR 100`, and an estimate a range, with
the record of such estimates beside it.
"""

from tabnine_report.analysis.rule_context import RuleContext
from tabnine_report.analysis.rules.kpi_comparison import at_least
from tabnine_report.model.estimate import Estimate
from tabnine_report.model.figure import Figure
from tabnine_report.text.formats import NO_BREAK


def up_to_spend(rule_context: RuleContext, key: str) -> str:
    """Return the monthly spend that an action can save at most, by the key of its KPI; empty if it is not known."""
    spend = rule_context.kpis.get(key)
    return up_to(rule_context, spend.figure) if spend and at_least(spend.figure) else ""


def up_to(rule_context: RuleContext, figure: Figure) -> str:
    """Return a figure as the most that an action can save, without the qualifier of a lower bound."""
    most = rule_context.language.value(figure.as_counted(), short=True)
    return rule_context.language.translate("worth.up_to", amount=most)


def amount_range(rule_context: RuleContext, low: Figure, high: Figure) -> str:
    """Return two figures as a range, which has their currency once; `up to` the higher one if the lower one is zero."""
    language = rule_context.language
    first, last = (language.value(figure, short=True) for figure in (low, high))
    if first == last:
        return first
    if not low.value:
        return language.translate("worth.up_to", amount=last)
    if high.currency and last.startswith(high.currency):
        last = last.removeprefix(f"{high.currency}{NO_BREAK}")
    elif high.currency:
        first = first.removesuffix(f"{NO_BREAK}{high.currency}")
    return language.translate("worth.range", low=first, high=last)


def record_in_words(rule_context: RuleContext, estimate: Estimate) -> str:
    """Return how many of such estimates were correct in the past, as in `3 of the last 4 estimates were right`."""
    count = rule_context.language.count
    return rule_context.language.translate("worth.record", held=count(estimate.held), tries=count(estimate.tries))
