"""Seat spend at the price in the profile, and agent spend as the API reports it.

The two are never added up, and no return on investment is computed.
"""

from collections.abc import Iterable

from tabnine_report.analysis.estimates import Subject, estimate
from tabnine_report.analysis.metric_definitions import METRICS, MILLION
from tabnine_report.analysis.report_context import ReportContext
from tabnine_report.analysis.seats import seats_of_inactive_accounts, unassigned_seats
from tabnine_report.analysis.shares import share
from tabnine_report.model.estimate import Estimate
from tabnine_report.model.figure import Figure, State, Unit, priced, ratio, times
from tabnine_report.model.kpi import Kpi
from tabnine_report.model.sections import AgentSpend, ModelSpend
from tabnine_report.usage_api.endpoints import agent_usage


def page_one_kpis(context: ReportContext) -> tuple[Kpi, ...]:
    """Return the KPIs of spend on page one: seat spend if there is a price, agent spend if the API reports it."""
    kpis = (_seat_spend(context, "seat_spend", context.accounts.seats()), _agent_spend(context))
    return tuple(kpi for kpi in kpis if kpi is not None)


def seat_spend_kpis(context: ReportContext) -> tuple[Kpi, ...]:
    """Return the KPIs of seat spend, in total and on unassigned seats and inactive accounts.

    Empty if the profile has no seat price.
    """
    kpis = (
        _seat_spend(context, "seat_spend", context.accounts.seats()),
        _seat_spend(context, "unassigned_seat_spend", unassigned_seats(context)),
        _seat_spend(context, "inactive_account_spend", seats_of_inactive_accounts(context)),
    )
    return tuple(kpi for kpi in kpis if kpi is not None)


def agent_spend(context: ReportContext, page_one_kpis: Iterable[Kpi]) -> AgentSpend:
    """Build the part on agent spend.

    Args:
        context: The report's context.
        page_one_kpis: The KPIs of page one, including the agent spend if there is one.
    """
    figures, language = context.agents, context.language
    spend = next((kpi for kpi in page_one_kpis if kpi.key == "agent_spend"), None)
    if spend is None:
        return AgentSpend(title=language.translate("agents.title_missing", why=figures.missing))
    tokens = tuple(context.monthly_kpi(key) for key in ("agent_tokens", "agent_input_tokens", "agent_output_tokens"))
    return AgentSpend(
        title=_agents_title(context, spend),
        kpis=(spend, *tokens),
        models=_models(context, spend.figure),
        forecast=_forecast(context),
    )


def _agents_title(context: ReportContext, spend: Kpi) -> str:
    """Return the month's agent spend with its change."""
    language, change = context.language, spend.change.absolute if spend.change else None
    if not spend.figure.known:
        form = "title_suppressed" if spend.figure.state is State.SUPPRESSED else "title_unknown"
    elif change is None or not change.value:
        form = "title"
    else:
        form = "title_more" if change.value > 0 else "title_less"
    apart = change.model_copy(update={"value": abs(change.value)}) if change and change.value else spend.figure
    return language.translate(
        f"agents.{form}",
        cost=language.value(spend.figure, short=True),
        change=language.value(apart, short=True),
        month=language.month_name(context.month),
        previous=language.month_name(context.previous),
    )


def _agent_spend(context: ReportContext) -> Kpi | None:
    if context.agents.missing:
        return None
    return context.monthly_kpi("agent_spend")


def _forecast(context: ReportContext) -> Estimate:
    """Estimate the agent spend of the month after the reported one."""
    language, following = context.language, context.month.back(-1)
    source = METRICS["agent_spend"].source(str(following))
    subject = Subject(
        key="agent_spend",
        label=language.translate("estimate.agent_spend", next=language.month(following)),
        period=str(following),
        method=language.translate("estimate.agent_spend_method", month=language.month(context.month)),
        source=source.model_copy(update={"field": "", "formula": "agent_spend + (lowest .. highest monthly change)"}),
    )
    return estimate(context.series("agent_spend"), 1, subject, language)


def _models(context: ReportContext, spend: Figure) -> tuple[ModelSpend, ...]:
    """Return the spend by language model, in descending order; none if too few people used agents."""
    if spend.state is State.SUPPRESSED or context.figure("agent_tokens").state is State.SUPPRESSED:
        return ()
    models = [_model(context, record, spend) for record in context.agents.models() or ()]
    return tuple(sorted(models, key=lambda model: (-(model.cost.value or 0), model.name)))


def _model(context: ReportContext, record: agent_usage.ModelSpend, spend: Figure) -> ModelSpend:
    cost = context.agents.model_cost(record)
    tokens = context.agents.model_figure(record, Unit.TOKENS, "tokensConsumed")
    return ModelSpend(
        name=record.model or context.language.translate("agents.unnamed"),
        tokens=tokens,
        cost=cost,
        share=share(cost, spend, context.language),
        per_million=_per_million(context, cost, tokens),
    )


def _per_million(context: ReportContext, cost: Figure, tokens: Figure) -> Figure:
    """Return the cost of a million of a language model's tokens."""
    if_zero = context.language.translate("reason.division_by_zero")
    per_million = times(ratio(cost, tokens, Unit.MONEY, if_zero=if_zero), MILLION)
    return per_million.sourced(METRICS["agent_spend_per_million_tokens"].source(str(context.month)))


def _seat_spend(context: ReportContext, key: str, seats: Figure) -> Kpi | None:
    price, language = context.price, context.language
    if price is None:
        return None
    version = context.usage.serving(context.month).version
    figure = priced(seats, price.amount, price.currency).sourced(METRICS[key].source(str(context.month), version))
    seat_price = language.money(price.amount, price.currency)
    note = language.translate(f"money.{key}", count=seats.value, number=language.value(seats), price=seat_price)
    return context.as_of_kpi(key, figure, note)
