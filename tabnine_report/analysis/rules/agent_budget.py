"""The rule for the decision on the agent budget."""

from tabnine_report.analysis.rule_context import RuleContext
from tabnine_report.analysis.rules.kpi_comparison import at_least, whole
from tabnine_report.analysis.rules.rule import ActionMatch
from tabnine_report.analysis.rules.targets import amounts, kpi_with_target
from tabnine_report.analysis.rules.worth import amount_range, record_in_words
from tabnine_report.model.figure import Figure
from tabnine_report.model.kpi import Kpi, Target


def decide_agent_budget(rule_context: RuleContext, *, min_share: float) -> ActionMatch | None:
    """Recommend raising the budget or limiting agents if spend exceeds it, is expected to, or is near it and rising."""
    found = kpi_with_target(rule_context, "agent_spend")
    cost = at_least(found[0].figure) if found else None
    if found is None or cost is None:
        return None
    spend, target, budget = found
    if cost > budget:
        return _match(rule_context, spend, target, words="budget_exceeded", worth=_apart(rule_context, spend, budget))
    forecast = rule_context.forecast
    if forecast is not None and forecast.known and (forecast.high.value or 0) > budget:
        low, high = (_beyond(figure, budget) for figure in (forecast.low, forecast.high))
        worth = amount_range(rule_context, low, high)
        return _match(rule_context, spend, target, words="budget_forecast", worth=worth)
    before = rule_context.table.value("agent_spend", rule_context.previous)
    rises = whole(spend.figure) is not None and before is not None and cost > before
    if not rises or cost < min_share * budget:
        return None
    worth = _apart(rule_context, spend, budget) if cost < budget else ""
    return _match(rule_context, spend, target, words="budget_near", worth=worth)


def _match(rule_context: RuleContext, spend: Kpi, target: Target, *, words: str, worth: str) -> ActionMatch:
    language, forecast = rule_context.language, rule_context.forecast
    before = rule_context.table.value("agent_spend", rule_context.previous)
    next_month = language.month_name(rule_context.month.back(-1))
    estimated, record = "", ""
    if words == "budget_forecast" and forecast is not None:
        estimated, record = (
            amount_range(rule_context, forecast.low, forecast.high),
            record_in_words(rule_context, forecast),
        )
    return ActionMatch(
        words=words,
        values={
            **amounts(rule_context, spend, target),
            "month": language.month_name(rule_context.month),
            "previous": language.month_name(rule_context.previous),
            "before": language.money(before or 0, spend.figure.currency, short=True),
            "next": next_month,
            "estimated": estimated,
        },
        figures={"agent_spend": spend.figure},
        worth=worth,
        worth_note=language.translate(
            f"worth.{words}", month=language.month_name(rule_context.month), next=next_month, record=record
        )
        if worth
        else "",
    )


def _apart(rule_context: RuleContext, spend: Kpi, budget: float) -> str:
    """Return the amount between the spend and the budget; a lower bound if the spend is one."""
    apart = spend.figure.model_copy(update={"value": abs((spend.figure.value or 0) - budget)})
    return rule_context.language.value(apart, short=True)


def _beyond(estimated: Figure, budget: float) -> Figure:
    """Return the amount beyond the budget; zero within it."""
    return estimated.model_copy(update={"value": max((estimated.value or 0) - budget, 0)})
