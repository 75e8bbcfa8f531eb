"""Cross-checks of agent spend and agent tokens; there are none if the API does not provide them."""

from tabnine_report.analysis.check_results import compared, not_possible, stated, written
from tabnine_report.analysis.report_context import ReportContext
from tabnine_report.model.data_quality import CrossCheck
from tabnine_report.usage_api.endpoints.agent_usage import COST_CURRENCY

_COST_ROUNDING = 0.01


def agent_checks(context: ReportContext) -> tuple[CrossCheck, ...]:
    """Return the results of the checks of agent spend and agent tokens."""
    if context.agents.missing:
        return ()
    return (_cost_of_models(context), _tokens_of_agents(context), _tokens_of_models(context))


def _cost_of_models(context: ReportContext) -> CrossCheck:
    """Check that the costs of the language models add up to the agent spend."""
    spend, models = context.figure("agent_spend"), context.agents.models() or ()
    costs = [model.cost for model in models]
    if spend.value is None or not models or None in costs:
        return not_possible(context, "cost_of_models")
    summed = sum(cost or 0.0 for cost in costs)
    # Each cost may be rounded to the cent.
    agrees = abs(summed - spend.value) <= _COST_ROUNDING * (len(costs) + 1)
    first, second = context.language.money(summed, COST_CURRENCY), context.language.value(spend)
    return written(context, "cost_of_models", first, second, agrees=agrees)


def _tokens_of_agents(context: ReportContext) -> CrossCheck:
    """Check that input and output tokens add up to the agent tokens.

    The vendor prices cached tokens separately and does not document whether the total includes them.
    """
    keys = ("agent_input_tokens", "agent_output_tokens", "agent_tokens")
    sent, returned, total = (context.figure(key).value for key in keys)
    if sent is None or returned is None or total is None:
        return not_possible(context, "tokens_of_agents")
    if sent + returned >= total:
        return compared(context, "tokens_of_agents", sent + returned, total)
    first, second = context.language.count(sent + returned), context.language.count(total)
    sentence = context.language.translate("check.tokens_beyond", first=first, second=second)
    return stated(context, "tokens_of_agents", sentence, agrees=False)


def _tokens_of_models(context: ReportContext) -> CrossCheck:
    """Check that the tokens of the language models add up to the agent tokens."""
    total, models = context.figure("agent_tokens").value, context.agents.models() or ()
    tokens = [model.tokens_consumed for model in models]
    if total is None or not models or None in tokens:
        return not_possible(context, "tokens_of_models")
    return compared(context, "tokens_of_models", sum(number or 0 for number in tokens), total)
