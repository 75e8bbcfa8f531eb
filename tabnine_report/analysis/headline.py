"""The headline: the month in one sentence, for the top of page one and the email's subject."""

from tabnine_report.analysis.report_context import ReportContext
from tabnine_report.analysis.seats import over_assigned, unassigned_seats
from tabnine_report.model.figure import Figure, State
from tabnine_report.model.kpi import Change, Kpi


def headline(context: ReportContext, active_users: Kpi, unused: Kpi, *, draft: bool) -> str:
    """Return the active users, their change, and the unused seats in one sentence, as far as they are known.

    Args:
        context: The report's context.
        active_users: The KPI of the active users.
        unused: The KPI of the unused seats.
        draft: Whether the report is a draft.
    """
    translate = context.language.translate
    people = _people(context, active_users.figure)
    change = _change(context, active_users.change)
    seats = _seats(context, unused.figure)
    form = "_".join(name for name, text in (("people", people), ("change", change), ("seats", seats)) if text)
    sentence = translate(f"headline.{form}", people=people, change=change, seats=seats)
    return translate("headline.draft", sentence=sentence) if draft else sentence


def _people(context: ReportContext, figure: Figure) -> str:
    translate, language, usage = context.language.translate, context.language, context.usage
    month, first_month = language.month_name(context.month), usage.first_month
    if figure.value is None:
        return translate("headline.unknown", month=month)
    if context.api_data.month_is_open:
        form = "so_far"
    elif first_month and first_month.month == context.month and first_month.is_partial:
        form = "first_month"
    else:
        form = "whole"
    people = language.count(figure.value)
    if figure.at_least or (form == "whole" and figure.state is State.PARTIAL):
        people = translate("headline.at_least", people=people)
    return translate(f"headline.{form}", count=figure.value, people=people, month=month)


def _change(context: ReportContext, change: Change | None) -> str:
    if change is None or change.absolute.value is None:
        return ""
    language, number = context.language, change.absolute.value
    previous = language.month_name(context.previous)
    if number == 0:
        return language.translate("headline.as_many", previous=previous)
    form = "more" if number > 0 else "fewer"
    return language.translate(f"headline.{form}", number=language.count(abs(number)), previous=previous)


def _seats(context: ReportContext, unused: Figure) -> str:
    """Return the part on unused seats; the unassigned ones alone if the inactive accounts are not known."""
    language, seats, unassigned = context.language, context.accounts.seats(), unassigned_seats(context)
    if not seats.known:
        return ""
    if excess := over_assigned(context):
        return language.translate(
            "headline.over_assigned", count=seats.value, number=language.count(excess), seats=language.value(seats)
        )
    form, figure = ("unused", unused) if unused.state is State.MEASURED else ("unassigned", unassigned)
    if figure.state is not State.MEASURED:
        return ""
    number = language.value(figure)
    return language.translate(f"headline.{form}", count=seats.value, number=number, seats=language.value(seats))
