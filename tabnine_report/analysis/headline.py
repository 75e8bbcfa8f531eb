"""The month in one sentence: what page one opens with, and the email's subject."""

from tabnine_report.analysis.report_context import Material
from tabnine_report.analysis.seats import seats_unassigned
from tabnine_report.model.figure import Figure, State
from tabnine_report.model.kpi import Change, Measure


def headline(material: Material, people: Measure, unused: Measure, *, draft: bool) -> str:
    """Say how many people used it, how that changed, and what of the seats went unused, as far as it is known.

    Args:
        material: What the report is built from.
        people: The measure of page one.
        unused: Likewise, the unused seats.
        draft: Whether the report is one.
    """
    say = material.language.say
    who = _people(material, people.figure)
    change = _change(material, people.change)
    of_seats = _seats(material, unused.figure)
    form = "_".join(name for name, part in (("people", who), ("change", change), ("seats", of_seats)) if part)
    sentence = say(f"headline.{form}", people=who, change=change, seats=of_seats)
    return say("headline.draft", sentence=sentence) if draft else sentence


def _people(material: Material, figure: Figure) -> str:
    say, language, usage = material.language.say, material.language, material.usage
    month, beginning = language.month_name(material.month), usage.beginning
    if figure.value is None:
        return say("headline.unknown", month=month)
    if material.answers.month_is_open:
        form = "so_far"
    elif beginning and beginning.month == material.month and beginning.is_partial:
        form = "first_month"
    else:
        form = "partly" if figure.state is State.PARTIAL else "whole"
    return say(f"headline.{form}", count=figure.value, people=language.value(figure), month=month)


def _change(material: Material, change: Change | None) -> str:
    if change is None or change.absolute.value is None:
        return ""
    language, number = material.language, change.absolute.value
    previous = language.month_name(material.previous)
    if number == 0:
        return language.say("headline.as_many", previous=previous)
    form = "more" if number > 0 else "fewer"
    return language.say(f"headline.{form}", number=language.count(abs(number)), previous=previous)


def _seats(material: Material, unused: Figure) -> str:
    """Give the seats' part; the unassigned ones alone where it is not known who used theirs."""
    language, seats, unassigned = material.language, material.accounts.seats(), seats_unassigned(material)
    if not seats.known:
        return ""
    form, figure = ("unused", unused) if unused.state is State.MEASURED else ("unassigned", unassigned)
    if figure.state is not State.MEASURED:
        return ""
    number = language.value(figure)
    return language.say(f"headline.{form}", count=seats.value, number=number, seats=language.value(seats))
