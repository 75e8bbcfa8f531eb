"""Seats, license and accounts: purchased, assigned and unused seats."""

from datetime import UTC, date
from typing import Literal

from tabnine_report.analysis.metric_definitions import METRICS
from tabnine_report.analysis.reasons import without_value
from tabnine_report.analysis.report_context import ReportContext
from tabnine_report.analysis.shares import share
from tabnine_report.model.figure import Figure, State, difference, total
from tabnine_report.model.kpi import Kpi
from tabnine_report.model.sections import AgentSpend, Fact, SeatBreakdown, SeatOutlook, Seats
from tabnine_report.usage_api.snapshot import Failure


def unassigned_seats(context: ReportContext) -> Figure:
    """Return the seats minus the accounts at the month's end; zero if there are more accounts than seats."""
    rest = _seats_minus_accounts(context)
    if rest.value is not None and rest.value < 0:
        rest = rest.model_copy(update={"value": 0})
    return rest.sourced(METRICS["unassigned_seats"].source(str(context.month)))


def over_assigned(context: ReportContext) -> int:
    """Return the accounts at the month's end beyond the seats; zero if there are none, or if either is not known."""
    return -min(0, int(_seats_minus_accounts(context).value or 0))


def seat_utilization(context: ReportContext) -> Figure:
    """Return the accounts at the month's end as a share of the seats; above 100%, the seats are over-assigned."""
    accounts, seats = context.figure("accounts"), context.accounts.seats()
    return share(accounts, seats, context.language).sourced(METRICS["seat_utilization"].source(str(context.month)))


def inactive_accounts(context: ReportContext) -> Figure:
    """Return the accounts at the month's end minus the active users: a lower bound.

    It is a lower bound because people who left during the month may have been active without an account at its end.
    """
    accounts, active_users = context.figure("accounts"), context.figure("active_users")
    return inactive_among(context, "inactive_accounts", accounts, active_users, exceeds_key="reason.adoption_rate_over")


def inactive_among(
    context: ReportContext, key: str, accounts: Figure, active_users: Figure, *, exceeds_key: str
) -> Figure:
    """Return accounts minus the active users among their holders.

    If the count of active users is itself partial, the difference would be too large, so the figure is unavailable.

    Args:
        context: The report's context.
        key: The metric.
        accounts: The accounts of the organization or of a team.
        active_users: Its active users.
        exceeds_key: The catalog's key of the reason for more active users than accounts.
    """
    metric, language = METRICS[key], context.language
    source = metric.source(str(context.month), context.usage.serving(context.month).version)
    if active_users.state is State.PARTIAL:
        reason = language.translate("reason.people_partial", why=active_users.reason)
        return Figure.unavailable(metric.unit, reason, source)
    rest = difference(accounts, active_users).as_lower_bound()
    if rest.value is None or rest.value >= 0:
        return rest.sourced(source)
    part, whole = language.value(active_users), language.value(accounts)
    return Figure.unavailable(metric.unit, language.translate(exceeds_key, part=part, whole=whole), source)


def seats_of_inactive_accounts(context: ReportContext, inactive: Figure | None = None) -> Figure:
    """Return the seats of inactive accounts, by default of all: a lower bound.

    It is unavailable if there are more accounts than seats: some inactive accounts then have no seat of their own. It
    is also unavailable if the license has no number of seats: no seat is then known to be purchased for an account.
    """
    accounts, unit = inactive or inactive_accounts(context), METRICS["unused_seats"].unit
    if context.accounts.has_no_seat_number:
        return Figure.unavailable(unit, context.accounts.seats().reason, accounts.source)
    if accounts.known and over_assigned(context):
        return Figure.unavailable(unit, _over_assigned_sentence(context), accounts.source)
    return accounts.model_copy(update={"unit": unit})


def unused_seats(context: ReportContext) -> Figure:
    """Return the unassigned seats plus the inactive accounts: a lower bound."""
    metric = METRICS["unused_seats"]
    source = metric.source(str(context.month), context.usage.serving(context.month).version)
    return total([unassigned_seats(context), seats_of_inactive_accounts(context)]).as_lower_bound().sourced(source)


def unused_seats_kpi(context: ReportContext) -> Kpi:
    """Return the KPI of the unused seats, with its two parts as its note."""
    language, translate = context.language, context.language.translate
    unassigned, inactive = unassigned_seats(context), inactive_accounts(context)
    note = translate("kpi_note.unused_parts", unassigned=language.value(unassigned), inactive=language.value(inactive))
    if inactive.known:
        return context.as_of_kpi("unused_seats", unused_seats(context), note)
    kpi = context.as_of_kpi("unused_seats", unused_seats(context))
    if not unassigned.known or over_assigned(context):
        return kpi
    unassigned_only = translate("kpi_note.unassigned_only", unassigned=language.value(unassigned))
    return kpi.model_copy(update={"note": f"{unassigned_only} · {kpi.note}"})


def seats(  # noqa: PLR0913 - the parts of the section, most of them keyword-only
    context: ReportContext,
    unused: Kpi,
    *,
    title: str,
    breakdown: SeatBreakdown | None,
    outlook: SeatOutlook | None,
    seat_spend: tuple[Kpi, ...],
    unit_costs: tuple[Kpi, ...],
    agent_spend: AgentSpend,
) -> Seats:
    """Build the section on seats, license, spend and accounts.

    Args:
        context: The report's context.
        unused: The KPI of the unused seats on page one.
        title: The section's title.
        breakdown: The part on where the seats went.
        outlook: The part on the license's end.
        seat_spend: The KPIs of the seat spend.
        unit_costs: The KPIs of the unit costs.
        agent_spend: The part on agent spend.
    """
    basis, why_at_least = _basis(context), context.language.translate("seats.why_at_least")
    return Seats(
        title=title,
        kpis=(
            context.as_of_kpi("seats", context.accounts.seats()),
            context.monthly_kpi("accounts"),
            context.as_of_kpi("seat_utilization", seat_utilization(context), basis),
            context.as_of_kpi("unassigned_seats", unassigned_seats(context), basis),
            context.as_of_kpi("inactive_accounts", inactive_accounts(context), why_at_least),
            unused,
        ),
        note=_inference(context),
        breakdown=breakdown,
        outlook=outlook,
        license=(*_license(context), *_notice(context)),
        money=seat_spend,
        unit_costs=unit_costs,
        agents=agent_spend,
        accounts=(
            context.monthly_kpi("registered"),
            context.monthly_kpi("deactivated"),
            context.monthly_kpi("pending"),
            context.as_of_kpi("teams", context.accounts.rows("teams")),
        ),
    )


def _seats_minus_accounts(context: ReportContext) -> Figure:
    return difference(context.accounts.seats(), context.figure("accounts"))


def _basis(context: ReportContext) -> str:
    """Return the accounts and the seats that every seat figure is computed from, and the excess if there is one."""
    language, seats, accounts = context.language, context.accounts.seats(), context.figure("accounts")
    basis = language.translate(
        "seats.basis",
        accounts=language.value(accounts),
        month=language.month_name(context.month),
        seats=language.value(seats),
    )
    if not (excess := over_assigned(context)):
        return basis
    return f"{language.translate('seats.over_assigned_by', number=language.count(excess))} · {basis}"


def _over_assigned_sentence(context: ReportContext) -> str:
    language, seats = context.language, context.accounts.seats()
    return language.translate(
        "seats.over_assigned",
        number=language.count(over_assigned(context)),
        accounts=language.value(context.figure("accounts")),
        month=language.month_name(context.month),
        seats=language.value(seats),
        day=language.day_of(seats.as_of or context.api_data.snapshot.ended_at),
    )


def _inference(context: ReportContext) -> str:
    """Return what the seat figures assume about the accounts, and whether the list of users supports it."""
    compared, translate = context.accounts.account_count_check, context.language.translate
    if compared is None:
        return translate("seats.inferred_not_compared")
    return translate("seats.inferred_agrees" if compared.agrees else "seats.inferred_contradicted")


def _license(context: ReportContext) -> tuple[Fact, ...]:
    """Return the license dates; the days left count from the day of the snapshot."""
    terms, language, translate = context.api_data.license, context.language, context.language.translate
    if isinstance(terms, Failure) or not context.accounts.has_license_of_month():
        return ()
    facts = []
    if terms.issued_at is not None:
        issued = terms.issued_at.astimezone(UTC).date()
        facts.append(Fact(key="issued", label=translate("seats.issued"), text=language.date(issued), day=issued))
    if terms.expires_at is None:
        text = without_value(language, terms, "license.exp", block="license")
        facts.append(Fact(key="expires", label=translate("seats.expires"), text=text))
    elif isinstance(terms.expires_at, str):
        facts.append(Fact(key="expires", label=translate("seats.expires"), text=translate("seats.never_expires")))
    else:
        expires = terms.expires_at.astimezone(UTC).date()
        facts.append(Fact(key="expires", label=translate("seats.expires"), text=language.date(expires), day=expires))
        left = _days_until(context, expires)
        key: Literal["days_left", "days_since_end"] = "days_left" if left >= 0 else "days_since_end"
        facts.append(Fact(key=key, label=translate(f"seats.{key}"), text=_days(context, left)))
    return tuple(facts)


def _notice(context: ReportContext) -> tuple[Fact, ...]:
    """Return the notice deadline, if the profile has one."""
    language, deadline = context.language, context.targets.notice_by
    if deadline is None:
        return ()
    left = _days_until(context, deadline)
    text = language.translate(
        "seats.notice_in" if left >= 0 else "seats.notice_ago", day=language.date(deadline), days=_days(context, left)
    )
    return (Fact(key="notice_by", label=language.translate("seats.notice_by"), text=text, day=deadline),)


def _days_until(context: ReportContext, day: date) -> int:
    """Return the days from the day of the snapshot; negative for a day in the past."""
    return (day - context.api_data.snapshot.ended_at.astimezone(context.language.zone).date()).days


def _days(context: ReportContext, number: int) -> str:
    return context.language.translate("seats.days", count=abs(number), days=context.language.count(abs(number)))
