"""Seats, licence and accounts: what was bought, what is assigned, and what of it nobody used."""

from datetime import UTC, date

from tabnine_report.analysis.metrics import METRICS
from tabnine_report.analysis.report_context import Material
from tabnine_report.analysis.shares import share
from tabnine_report.model.figure import Figure, State, difference, total
from tabnine_report.model.kpi import Measure
from tabnine_report.model.sections import AgentCost, Fact, Seats
from tabnine_report.usage_api.snapshot import Failure


def seats_unassigned(material: Material) -> Figure:
    """Give seats minus accounts at the month's end; unavailable where there are more accounts than seats."""
    seats, accounts = material.accounts.seats(), material.accounts.figure("accounts", material.month)
    return _rest(material, "seats_unassigned", difference(seats, accounts), (accounts, seats))


def accounts_not_used(material: Material) -> Figure:
    """Give accounts at the month's end minus the month's people: at least so many did not use theirs.

    At least, because people who left in the month were active without an account at its end. Where people are counted
    in part only, or fewer than those who used agents, the rest would be too many, and there is no figure.
    """
    key, month, language = "accounts_not_used", material.month, material.language
    accounts, used = material.accounts.figure("accounts", month), material.of_month("people")(month)
    agents = material.of_month("agent_people")(month)
    reason = ""
    if used.state is State.PARTIAL:
        reason = language.say("reason.people_partial", why=used.reason)
    elif used.value is not None and (agents.value or 0) > used.value:
        reason = language.say("reason.people_too_few", more=language.value(agents), fewer=language.value(used))
    if reason:
        return Figure.unavailable(METRICS[key].unit, reason, METRICS[key].source(str(month)))
    return _rest(material, key, difference(accounts, used), (used, accounts))


def seats_unused(material: Material) -> Figure:
    """Give the seats that nobody used: those unassigned and, at least, those assigned and not used."""
    unassigned, not_used = seats_unassigned(material), accounts_not_used(material)
    metric = METRICS["seats_unused"]
    source = metric.source(str(material.month), material.usage.serving(material.month).version)
    return total([unassigned, not_used.model_copy(update={"unit": metric.unit})]).sourced(source)


def unused_tile(material: Material) -> Measure:
    """Measure the unused seats, beside the two parts that they are made of."""
    language, say = material.language, material.language.say
    unassigned, not_used = seats_unassigned(material), accounts_not_used(material)
    note = say("tile.unused_parts", unassigned=language.value(unassigned), not_used=language.value(not_used))
    if not_used.known:
        return material.once("seats_unused", seats_unused(material), note)
    tile = material.once("seats_unused", seats_unused(material))
    if not unassigned.known:
        return tile
    only = say("tile.unassigned_only", unassigned=language.value(unassigned))
    return tile.model_copy(update={"note": f"{only} · {tile.note}"})


def seats(material: Material, unused: Measure, costs: tuple[Measure, ...], agents: AgentCost) -> Seats:
    """Build the section on seats, licence, money and accounts.

    Args:
        material: What the report is built from.
        unused: The measure of page one.
        costs: What seats cost.
        agents: What agents cost.
    """
    bought = material.accounts.seats()
    registered = material.of_month("registered")(material.month)
    seat_use = share(registered, bought, material.language).sourced(METRICS["seat_use"].source(str(material.month)))
    return Seats(
        title=_title(material),
        measures=(
            material.once("seats", bought),
            material.over_time("registered", material.of_month("registered")),
            material.once("seat_use", seat_use),
            material.once("seats_unassigned", seats_unassigned(material)),
            material.once("accounts_not_used", accounts_not_used(material), material.language.say("seats.at_least")),
            unused,
        ),
        licence=(*_licence(material), *_notice(material)),
        money=costs,
        agents=agents,
        accounts=(
            material.over_time("deactivated", material.of_month("deactivated")),
            material.over_time("pending", material.of_month("pending")),
            material.once("teams", material.accounts.teams()),
        ),
    )


def _rest(material: Material, key: str, rest: Figure, parts: tuple[Figure, Figure]) -> Figure:
    """Keep a rest that is one; a negative one is explained instead of shown."""
    month, language = material.month, material.language
    source = METRICS[key].source(str(month), material.usage.serving(month).version)
    if rest.value is None or rest.value >= 0:
        return rest.sourced(source)
    more, fewer = (language.value(part) for part in parts)
    return Figure.unavailable(METRICS[key].unit, language.say(f"reason.{key}_negative", more=more, fewer=fewer), source)


def _title(material: Material) -> str:
    language, bought, unassigned = material.language, material.accounts.seats(), seats_unassigned(material)
    unused = seats_unused(material)
    accounts = material.accounts.figure("accounts", material.month)
    if bought.value is None:
        return language.say("seats.title_unknown")
    if accounts.value is not None and accounts.value > bought.value:
        more, fewer = language.value(accounts), language.value(bought)
        return language.say("reason.seats_unassigned_negative", more=more, fewer=fewer)
    key, figure = "seats.title_bought", bought
    if unused.known:
        key, figure = "seats.title", unused
    elif unassigned.known:
        key, figure = "seats.title_unassigned", unassigned
    return language.say(key, count=bought.value, number=language.value(figure), seats=language.value(bought))


def _licence(material: Material) -> tuple[Fact, ...]:
    """Say when the licence began and ends; the days left count from the day that the report stands for."""
    licence, language, say = material.answers.license, material.language, material.language.say
    if isinstance(licence, Failure) or not material.accounts.licence_is_of_the_month():
        return ()
    facts = []
    if licence.issued_at is not None:
        facts.append(Fact(label=say("seats.issued"), text=language.date(licence.issued_at.astimezone(UTC).date())))
    if licence.expires_at is not None:
        ends = licence.expires_at.astimezone(UTC).date()
        facts.append(Fact(label=say("seats.expires"), text=language.date(ends)))
        left = _days_until(material, ends)
        key = "seats.days_left_until" if left >= 0 else "seats.days_since_end"
        facts.append(Fact(label=say(key), text=_days(material, left)))
    return tuple(facts)


def _notice(material: Material) -> tuple[Fact, ...]:
    """Say by which day notice can be given, where the profile knows; in words, which are no part of the outcome."""
    language, last = material.language, material.targets.notice_by
    if last is None:
        return ()
    left = _days_until(material, last)
    text = language.say(
        "seats.notice_in" if left >= 0 else "seats.notice_ago", day=language.date(last), days=_days(material, left)
    )
    return (Fact(label=language.say("seats.notice_by"), text=text),)


def _days_until(material: Material, day: date) -> int:
    """Count the days from the day that the report stands for; fewer than 0 for a day that is over."""
    return (day - material.answers.snapshot.ended_at.astimezone(material.language.zone).date()).days


def _days(material: Material, number: int) -> str:
    return material.language.say("seats.days", count=abs(number), days=material.language.count(abs(number)))
