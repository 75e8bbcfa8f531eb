"""The title of the section on seats and money: what the unused seats cost, and what agents cost."""

from collections.abc import Iterable

from tabnine_report.analysis.report_context import ReportContext
from tabnine_report.analysis.seats import over_assigned, unassigned_seats, unused_seats
from tabnine_report.analysis.unused_spend import unused_spend
from tabnine_report.model.kpi import Kpi


def seats_title(context: ReportContext, seat_spend: Iterable[Kpi], agents: Iterable[Kpi]) -> str:
    """Return the title, as far as its figures are known.

    Args:
        context: The report's context.
        seat_spend: The KPIs of the seat spend.
        agents: The KPIs of the agent spend, with their targets.
    """
    agent_spend = next((kpi for kpi in agents if kpi.key == "agent_spend"), None)
    seats, cost = _seats(context, {kpi.key: kpi for kpi in seat_spend}), _agents(context, agent_spend)
    if not cost:
        return context.language.translate("seats.title_one", seats=seats)
    return context.language.translate("seats.title", seats=seats, agents=cost)


def _seats(context: ReportContext, seat_spend: dict[str, Kpi]) -> str:
    """Return the part on seats, without its period."""
    language, translate = context.language, context.language.translate
    purchased, unassigned, unused = context.accounts.seats(), unassigned_seats(context), unused_seats(context)
    if purchased.value is None:
        return purchased.reason.rstrip(".") if context.accounts.has_no_seat_number else translate("seats.unknown")
    seats = language.value(purchased)
    if over_assigned(context):
        accounts = language.value(context.figure("accounts"))
        return translate("seats.too_few", purchased.value, accounts=accounts, seats=seats)
    if spend := unused_spend(seat_spend):
        return translate("seats.unused_cost", cost=language.value(spend, short=True))
    if unused.known:
        key = "seats.unused" if unused.value else "seats.none_unused"
        return translate(key, purchased.value, number=language.count(unused.value or 0), seats=seats)
    if unassigned.known:
        return translate("seats.unassigned", purchased.value, number=language.value(unassigned), seats=seats)
    return translate("seats.bought", purchased.value, seats=seats)


def _agents(context: ReportContext, spend: Kpi | None) -> str:
    """Return the part on agents, without its period; empty without their spend."""
    if spend is None or not spend.figure.known:
        return ""
    language, target = context.language, spend.target
    key = "seats.agents_over" if target is not None and target.met is False else "seats.agents"
    return language.translate(
        key, cost=language.value(spend.figure, short=True), month=language.month_name(context.month)
    )
