"""Money: what seats cost at the profile's price, and what agents cost by the API; never added up, never a return."""

from collections.abc import Iterable

from tabnine_report.analysis.metrics import METRICS
from tabnine_report.analysis.report_context import ReportContext
from tabnine_report.analysis.seats import inactive_accounts, unassigned_seats
from tabnine_report.analysis.shares import share
from tabnine_report.model.figure import Figure, Unit, priced
from tabnine_report.model.kpi import Kpi
from tabnine_report.model.sections import AgentSpend, ModelSpend
from tabnine_report.usage_api.endpoints import agent_usage


def page_one_kpis(context: ReportContext) -> tuple[Kpi, ...]:
    """Measure what page one tells of money: the seats if the profile names a price, the agents if the API tells it."""
    kpis = (_cost(context, "seat_spend", context.accounts.seats()), _agent_cost(context))
    return tuple(kpi for kpi in kpis if kpi is not None)


def seat_spend_kpis(context: ReportContext) -> tuple[Kpi, ...]:
    """Measure what the seats cost that nobody has, and those that somebody has and did not use: two figures, no sum.

    Nothing where the profile names no price.
    """
    kpis = (
        _cost(context, "seat_spend", context.accounts.seats()),
        _cost(context, "unassigned_seat_spend", unassigned_seats(context)),
        _cost(context, "inactive_account_spend", inactive_accounts(context)),
    )
    return tuple(kpi for kpi in kpis if kpi is not None)


def agents(context: ReportContext, shown: Iterable[Kpi]) -> AgentSpend:
    """Build the part on what agents took and cost.

    Args:
        context: What the report is built from.
        shown: The measures of page one, that of the cost among them where there is one.
    """
    figures, language = context.agents, context.language
    cost = next((kpi for kpi in shown if kpi.key == "agent_spend"), None)
    if cost is None:
        return AgentSpend(title=language.translate("agents.title_missing", why=figures.missing))
    tokens = tuple(context.monthly_kpi(key) for key in ("agent_tokens", "agent_input_tokens", "agent_output_tokens"))
    title = "agents.title" if cost.figure.known else "agents.title_unknown"
    month = language.month_name(context.month)
    return AgentSpend(
        title=language.translate(title, cost=language.value(cost.figure, short=True), month=month),
        kpis=(cost, *tokens),
        models=_models(context, cost.figure),
    )


def _agent_cost(context: ReportContext) -> Kpi | None:
    if context.agents.missing:
        return None
    return context.monthly_kpi("agent_spend")


def _models(context: ReportContext, cost: Figure) -> tuple[ModelSpend, ...]:
    """Give the language models, the one that cost most first, by the names that the API has for them."""
    lines = [_model(context, told, cost) for told in context.agents.models() or ()]
    return tuple(sorted(lines, key=lambda line: (-(line.cost.value or 0), line.name)))


def _model(context: ReportContext, told: agent_usage.ModelSpend, cost: Figure) -> ModelSpend:
    model_figure = context.agents.model_figure
    amount = model_figure(told.cost, Unit.MONEY, "cost")
    return ModelSpend(
        name=told.model or context.language.translate("agents.unnamed"),
        tokens=model_figure(told.tokens_consumed, Unit.TOKENS, "tokensConsumed"),
        cost=amount,
        share=share(amount, cost, context.language),
    )


def _cost(context: ReportContext, key: str, seats: Figure) -> Kpi | None:
    price, language = context.price, context.language
    if price is None:
        return None
    version = context.usage.serving(context.month).version
    figure = priced(seats, price.amount, price.currency).sourced(METRICS[key].source(str(context.month), version))
    each = language.money(price.amount, price.currency)
    note = language.translate(f"money.{key}", count=seats.value, number=language.value(seats), price=each)
    return context.as_of_kpi(key, figure, note)
