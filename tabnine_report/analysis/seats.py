"""Seats, license and accounts: what was bought, what is assigned, and what of it nobody used."""

from datetime import UTC, date

from tabnine_report.analysis.metrics import METRICS
from tabnine_report.analysis.report_context import ReportContext
from tabnine_report.analysis.shares import share
from tabnine_report.model.figure import Figure, State, difference, total
from tabnine_report.model.kpi import Kpi
from tabnine_report.model.sections import AgentSpend, Fact, Seats
from tabnine_report.usage_api.snapshot import Failure


def unassigned_seats(context: ReportContext) -> Figure:
    """Give seats minus accounts at the month's end; unavailable where there are more accounts than seats."""
    seats, accounts = context.accounts.seats(), context.accounts.figure("accounts", context.month)
    return _rest(context, "unassigned_seats", difference(seats, accounts), (accounts, seats))


def inactive_accounts(context: ReportContext) -> Figure:
    """Give accounts at the month's end minus the month's people: at least so many did not use theirs.

    At least, because people who left in the month were active without an account at its end. Where people are counted
    in part only, or fewer than those who used agents, the rest would be too many, and there is no figure.
    """
    key, month, language = "inactive_accounts", context.month, context.language
    accounts, used = context.accounts.figure("accounts", month), context.figure("active_users", month)
    agents = context.figure("agent_users", month)
    reason = ""
    if used.state is State.PARTIAL:
        reason = language.translate("reason.people_partial", why=used.reason)
    elif used.value is not None and (agents.value or 0) > used.value:
        reason = language.translate("reason.people_too_few", more=language.value(agents), fewer=language.value(used))
    if reason:
        return Figure.unavailable(METRICS[key].unit, reason, METRICS[key].source(str(month)))
    return _rest(context, key, difference(accounts, used), (used, accounts))


def unused_seats(context: ReportContext) -> Figure:
    """Give the seats that nobody used: those unassigned and, at least, those assigned and not used."""
    unassigned, not_used = unassigned_seats(context), inactive_accounts(context)
    metric = METRICS["unused_seats"]
    source = metric.source(str(context.month), context.usage.serving(context.month).version)
    return total([unassigned, not_used.model_copy(update={"unit": metric.unit})]).sourced(source)


def unused_tile(context: ReportContext) -> Kpi:
    """Measure the unused seats, beside the two parts that they are made of."""
    language, translate = context.language, context.language.translate
    unassigned, not_used = unassigned_seats(context), inactive_accounts(context)
    note = translate("kpi_note.unused_parts", unassigned=language.value(unassigned), not_used=language.value(not_used))
    if not_used.known:
        return context.as_of_kpi("unused_seats", unused_seats(context), note)
    tile = context.as_of_kpi("unused_seats", unused_seats(context))
    if not unassigned.known:
        return tile
    only = translate("kpi_note.unassigned_only", unassigned=language.value(unassigned))
    return tile.model_copy(update={"note": f"{only} · {tile.note}"})


def seats(context: ReportContext, unused: Kpi, costs: tuple[Kpi, ...], agents: AgentSpend) -> Seats:
    """Build the section on seats, license, money and accounts.

    Args:
        context: What the report is built from.
        unused: The measure of page one.
        costs: What seats cost.
        agents: What agents cost.
    """
    bought = context.accounts.seats()
    registered = context.figure("registered")
    seat_utilization = share(registered, bought, context.language).sourced(
        METRICS["seat_utilization"].source(str(context.month))
    )
    return Seats(
        title=_title(context),
        kpis=(
            context.as_of_kpi("seats", bought),
            context.monthly_kpi("registered"),
            context.as_of_kpi("seat_utilization", seat_utilization),
            context.as_of_kpi("unassigned_seats", unassigned_seats(context)),
            context.as_of_kpi(
                "inactive_accounts", inactive_accounts(context), context.language.translate("seats.at_least")
            ),
            unused,
        ),
        license=(*_license(context), *_notice(context)),
        money=costs,
        agents=agents,
        accounts=(
            context.monthly_kpi("deactivated"),
            context.monthly_kpi("pending"),
            context.as_of_kpi("teams", context.accounts.teams()),
        ),
    )


def _rest(context: ReportContext, key: str, rest: Figure, parts: tuple[Figure, Figure]) -> Figure:
    """Keep a rest that is one; a negative one is explained instead of shown."""
    month, language = context.month, context.language
    source = METRICS[key].source(str(month), context.usage.serving(month).version)
    if rest.value is None or rest.value >= 0:
        return rest.sourced(source)
    more, fewer = (language.value(part) for part in parts)
    return Figure.unavailable(
        METRICS[key].unit, language.translate(f"reason.{key}_negative", more=more, fewer=fewer), source
    )


def _title(context: ReportContext) -> str:
    language, bought, unassigned = context.language, context.accounts.seats(), unassigned_seats(context)
    unused = unused_seats(context)
    accounts = context.accounts.figure("accounts", context.month)
    if bought.value is None:
        return language.translate("seats.title_unknown")
    if accounts.value is not None and accounts.value > bought.value:
        more, fewer = language.value(accounts), language.value(bought)
        return language.translate("reason.unassigned_seats_negative", more=more, fewer=fewer)
    key, figure = "seats.title_bought", bought
    if unused.known:
        key, figure = "seats.title", unused
    elif unassigned.known:
        key, figure = "seats.title_unassigned", unassigned
    return language.translate(key, count=bought.value, number=language.value(figure), seats=language.value(bought))


def _license(context: ReportContext) -> tuple[Fact, ...]:
    """Say when the license began and ends; the days left count from the day that the report stands for."""
    terms, language, translate = context.answers.license, context.language, context.language.translate
    if isinstance(terms, Failure) or not context.accounts.has_license_of_month():
        return ()
    facts = []
    if terms.issued_at is not None:
        facts.append(Fact(label=translate("seats.issued"), text=language.date(terms.issued_at.astimezone(UTC).date())))
    if terms.expires_at is not None:
        ends = terms.expires_at.astimezone(UTC).date()
        facts.append(Fact(label=translate("seats.expires"), text=language.date(ends)))
        left = _days_until(context, ends)
        key = "seats.days_left_until" if left >= 0 else "seats.days_since_end"
        facts.append(Fact(label=translate(key), text=_days(context, left)))
    return tuple(facts)


def _notice(context: ReportContext) -> tuple[Fact, ...]:
    """Say by which day notice can be given, where the profile knows; in words, which are no part of the outcome."""
    language, last = context.language, context.targets.notice_by
    if last is None:
        return ()
    left = _days_until(context, last)
    text = language.translate(
        "seats.notice_in" if left >= 0 else "seats.notice_ago", day=language.date(last), days=_days(context, left)
    )
    return (Fact(label=language.translate("seats.notice_by"), text=text),)


def _days_until(context: ReportContext, day: date) -> int:
    """Count the days from the day that the report stands for; fewer than 0 for a day that is over."""
    return (day - context.answers.snapshot.ended_at.astimezone(context.language.zone).date()).days


def _days(context: ReportContext, number: int) -> str:
    return context.language.translate("seats.days", count=abs(number), days=context.language.count(abs(number)))
