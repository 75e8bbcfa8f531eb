"""The headline: the month in at most two short sentences, for the top of page one and the email's subject."""

from typing import Literal

from tabnine_report.analysis.changes import SMALLEST_BASE
from tabnine_report.analysis.report_context import ReportContext
from tabnine_report.analysis.seats import over_assigned, unassigned_seats
from tabnine_report.model.figure import Figure, State
from tabnine_report.model.kpi import Change, Kpi

_FRACTIONS = {
    "three_quarters": 3 / 4,
    "two_thirds": 2 / 3,
    "half": 1 / 2,
    "a_third": 1 / 3,
    "a_quarter": 1 / 4,
    "a_fifth": 1 / 5,
    "a_tenth": 1 / 10,
}
_CLOSE = 0.03
"""A share is written as a fraction if it exceeds the fraction by less than this."""


def headline(context: ReportContext, active_users: Kpi, unused: Kpi, *, draft: bool) -> str:
    """Return a sentence on the active users and one on the unused seats; omit unused seats if unknown.

    Without a sentence on seats, the first one states the change from the previous month.

    Args:
        context: The report's context.
        active_users: The KPI of the active users.
        unused: The KPI of the unused seats.
        draft: Whether the report is a draft.
    """
    translate = context.language.translate
    active, seats = _active_users(context, active_users.figure), _seats(context, unused.figure)
    change = "" if seats else _change(context, active_users.change)
    sentence = translate("headline.with_change", people=active, change=change) if change else f"{active}."
    sentence = " ".join(filter(None, (sentence, seats)))
    return translate("headline.draft", sentence=sentence) if draft else sentence


def direction(change: Change | None) -> Literal["", "as_many", "more", "fewer"]:
    """Return the direction of the change in active users; empty if it is not known."""
    if change is None or change.absolute.value is None:
        return ""
    if not change.absolute.value:
        return "as_many"
    return "more" if change.absolute.value > 0 else "fewer"


def has_seats(context: ReportContext, unused: Figure) -> bool:
    """Return whether the headline has a sentence on seats; if not, it states the change in active users."""
    return bool(_seats(context, unused))


def is_partial_first_month(context: ReportContext) -> bool:
    """Return whether the month is the organization's first one and does not cover all of its days."""
    first_month = context.usage.first_month
    return first_month is not None and first_month.month == context.month and first_month.is_partial


def _change(context: ReportContext, change: Change | None) -> str:
    """Return the change in active users, as in `18 more than in September`; empty if it is not known."""
    language, form = context.language, direction(change)
    if change is None or not form:
        return ""
    return language.translate(
        f"headline.{form}",
        number=language.count(abs(change.absolute.value or 0)),
        previous=language.month_name(context.previous),
    )


def _active_users(context: ReportContext, figure: Figure) -> str:
    """Return the sentence on the active users, without its period."""
    translate, language, first_month = context.language.translate, context.language, context.usage.first_month
    month = language.month_name(context.month)
    if figure.value is None:
        return translate("headline.unknown", month=month)
    started = ""
    if context.api_data.month_is_open:
        form = "so_far"
    elif first_month and is_partial_first_month(context):
        form = "first_month_from" if first_month.day else "first_month"
        started = language.date(first_month.day) if first_month.day else ""
    else:
        form = "whole"
    if not figure.value and not figure.bound:
        return translate(f"headline.nobody_{form}", month=month, day=started)
    people = language.count(figure.value)
    if figure.at_least or (form == "whole" and figure.state is State.PARTIAL):
        people = translate("headline.at_least", people=people)
    return translate(f"headline.{form}", count=figure.value, people=people, month=month, day=started)


def _seats(context: ReportContext, unused: Figure) -> str:
    """Return the sentence on unused seats; only on unassigned seats if the inactive accounts are not known."""
    language, seats, unassigned = context.language, context.accounts.seats(), unassigned_seats(context)
    if not seats.value:
        return ""
    if over_assigned(context):
        accounts = language.value(context.figure("accounts"))
        return language.translate("headline.over_assigned", seats.value, accounts=accounts, seats=language.value(seats))
    if unused.state is State.MEASURED:
        return _unused(context, unused, seats)
    if unassigned.state is not State.MEASURED:
        return ""
    return language.translate(
        "headline.unassigned", seats.value, number=language.value(unassigned), seats=language.value(seats)
    )


def _unused(context: ReportContext, unused: Figure, seats: Figure) -> str:
    language, number, whole = context.language, unused.value or 0, seats.value or 0
    if number in (0, whole):
        key = "headline.all_unused" if number else "headline.none_unused"
        return language.translate(key, whole, seats=language.value(seats))
    share, part = number / whole, ""
    if whole >= SMALLEST_BASE:
        name = next((name for name, least in _FRACTIONS.items() if least <= share < least + _CLOSE), "")
        part = language.translate(f"headline.{name}") if name else language.percent(share)
    key = "headline.unused" if part else "headline.unused_few"
    return language.translate(key, whole, part=part, number=language.count(number), seats=language.value(seats))
