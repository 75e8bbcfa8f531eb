"""The deck: one or two sentences below the headline on the change, on agents, and on what the unused seats cost."""

from collections.abc import Mapping

from tabnine_report.analysis.headline import direction, has_seats, is_partial_first_month
from tabnine_report.analysis.report_context import ReportContext
from tabnine_report.analysis.unused_spend import unused_spend
from tabnine_report.model.figure import State
from tabnine_report.model.kpi import Kpi
from tabnine_report.model.sections import AgentSpend


def deck(context: ReportContext, kpis: Mapping[str, Kpi], agent_spend: AgentSpend) -> str:
    """Return the sentences, as far as their figures are known; may be empty.

    Args:
        context: The report's context.
        kpis: The KPIs of the report, by key.
        agent_spend: The part on agent spend.
    """
    agents = agent_spend.title if "agent_spend" in kpis and kpis["agent_spend"].figure.known else ""
    use = "; ".join(filter(None, (_use(context, kpis), _agents(context, kpis))))
    sentences = [f"{use[0].upper()}{use[1:]}."] if use else []
    if is_partial_first_month(context):
        next_month = context.language.month_name(context.month.back(-1))
        sentences.append(context.language.translate("deck.next_month", month=next_month))
    else:
        sentences.append(_unused_cost(context, kpis) or agents or _inactive(context, kpis))
    return " ".join(filter(None, sentences))


def _use(context: ReportContext, kpis: Mapping[str, Kpi]) -> str:
    """Return what the headline does not state about use: the change, the adoption rate, or the typical working day."""
    active_users, rate, daily = (kpis[key] for key in ("active_users", "adoption_rate", "average_daily_active_users"))
    language, form = context.language, direction(active_users.change)
    if active_users.change and form and has_seats(context, kpis["unused_seats"].figure):
        number = abs(active_users.change.absolute.value or 0)
        previous = language.month_name(context.previous)
        return language.translate(f"deck.{form}", number, number=language.count(number), previous=previous)
    if form and rate.figure.known:
        share, accounts = language.value(rate.figure), language.value(kpis["accounts"].figure)
        return language.translate("deck.adoption", share=share, accounts=accounts)
    if daily.figure.value:
        return language.translate("deck.daily", daily.figure.value, people=language.value(daily.figure))
    return ""


def _agents(context: ReportContext, kpis: Mapping[str, Kpi]) -> str:
    """Return the agent users, with those of the month before if they can be compared; empty without any."""
    users, language = kpis["agent_users"], context.language
    if not users.figure.value or (users.figure.state is State.PARTIAL and not users.figure.at_least):
        return ""
    more = users.change.absolute.value if users.change else None
    if more is None:
        return language.translate("deck.agents_only", users.figure.value, people=language.value(users.figure))
    return language.translate(
        "deck.agents",
        users.figure.value,
        people=language.value(users.figure),
        before=language.count(users.figure.value - more),
        previous=language.month_name(context.previous),
    )


def _unused_cost(context: ReportContext, kpis: Mapping[str, Kpi]) -> str:
    """Return what the unused seats cost; the unassigned ones alone if the inactive accounts are not known."""
    if "seat_spend" not in kpis or not kpis["seat_spend"].figure.known:
        return ""
    language, paid, cost = context.language, kpis["seat_spend"].figure, unused_spend(kpis)
    unassigned, inactive = kpis["unassigned_seat_spend"].figure, kpis["inactive_account_spend"].figure
    if cost is not None:
        key = "deck.unused_cost"
    elif unassigned.value and not inactive.known:
        key, cost = "deck.unassigned_cost", unassigned
    else:
        return ""
    return language.translate(key, cost=language.value(cost, short=True), paid=language.value(paid, short=True))


def _inactive(context: ReportContext, kpis: Mapping[str, Kpi]) -> str:
    inactive, accounts, language = kpis["inactive_accounts"].figure, kpis["accounts"].figure, context.language
    if not inactive.value or not accounts.known:
        return ""
    return language.translate(
        "deck.inactive", accounts.value, number=language.count(inactive.value), accounts=language.value(accounts)
    )
