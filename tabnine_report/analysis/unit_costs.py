"""What a seat, an active user, an agent user and a million tokens cost in a month."""

from collections.abc import Iterator

from tabnine_report.analysis.metric_definitions import METRICS
from tabnine_report.analysis.report_context import ReportContext
from tabnine_report.model.figure import Figure, Unit, priced, ratio
from tabnine_report.model.kpi import Kpi
from tabnine_report.profile.report_settings import SeatPrice


def unit_costs(context: ReportContext) -> tuple[Kpi, ...]:
    """Return the KPIs of unit costs: of seats if the profile has a price, of agents if the API reports their spend.

    Seats and agents may have different currencies and are never added.
    """
    of_seats = _of_seats(context, context.price) if context.price else ()
    return (*of_seats, *(() if context.agents.missing else _of_agents(context)))


def _of_seats(context: ReportContext, price: SeatPrice) -> Iterator[Kpi]:
    translate = context.language.translate
    seat_price = Figure.money(price.amount, price.currency, METRICS["seat_price"].source(""))
    yield context.as_of_kpi("seat_price", seat_price, translate("unit_cost.seat_price"))
    spend, active_users = priced(context.accounts.seats(), price.amount, price.currency), context.figure("active_users")
    key, version = "seat_spend_per_active_user", context.usage.serving(context.month).version
    per_user = ratio(spend, active_users, Unit.MONEY, if_zero=translate("reason.division_by_zero"))
    per_user = per_user.sourced(METRICS[key].source(str(context.month), version))
    yield context.as_of_kpi(key, per_user, _parts(context, key, spend, active_users))


def _of_agents(context: ReportContext) -> Iterator[Kpi]:
    spend = context.figure("agent_spend")
    for key, divisor in (
        ("agent_spend_per_agent_user", "agent_users"),
        ("agent_spend_per_million_tokens", "agent_tokens"),
    ):
        yield context.monthly_kpi(key, _parts(context, key, spend, context.figure(divisor)))


def _parts(context: ReportContext, key: str, spend: Figure, divisor: Figure) -> str:
    """Return the two numbers of a unit cost."""
    language = context.language
    return language.translate(
        f"unit_cost.{key}",
        count=divisor.value,
        spend=language.value(spend, short=True),
        number=language.value(divisor, short=True),
    )
