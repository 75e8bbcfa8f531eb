"""People: in the month, on a working day, and what share of the accounts and of each other they are."""

from datetime import date

from tabnine_report.analysis.metrics import METRICS
from tabnine_report.analysis.report_context import Material
from tabnine_report.analysis.seats import accounts_not_used, seats_unassigned
from tabnine_report.analysis.shares import share, share_note
from tabnine_report.model.figure import Figure, State, difference, total
from tabnine_report.model.kpi import Measure, Point, Series
from tabnine_report.model.month import Month
from tabnine_report.model.sections import Adoption, FunnelStep


def people(material: Material) -> Measure:
    """Measure the distinct people of the month, beside their share of the accounts."""
    used, accounts = material.of_month("people"), material.of_month("accounts")
    note = share_note(material.language, "tile.share_of_accounts", used(material.month), accounts(material.month))
    return material.over_time("people", used, note)


def on_a_working_day(material: Material) -> Measure:
    """Measure the people on a mean working day, beside their share of the month's people."""
    figure, used = working_day_people(material, material.month), material.of_month("people")(material.month)
    note = share_note(material.language, "tile.share_of_those_people", figure, used)
    return material.over_time("working_day_people", lambda month: working_day_people(material, month), note)


def agent_people(material: Material) -> Measure:
    """Measure the people who used agents, beside their share of the month's people."""
    users, used = material.of_month("agent_people"), material.of_month("people")
    note = share_note(material.language, "tile.share_of_the_people", users(material.month), used(material.month))
    return material.over_time("agent_people", users, note)


def working_day_people(material: Material, month: Month) -> Figure:
    """Give the mean of daily people over a month's working days, in whole people.

    Of a month that is not over, and of the organization's first one, only the days that there were count. Rounded,
    half upwards, so that what is computed from it can be recomputed from what is printed.
    """
    usage = material.usage
    days = [day for day in material.working_days.of(month) if _counts(material, day, month)]
    source = METRICS["working_day_people"].source(str(month), usage.serving(month).version)
    if not days:
        reason = material.language.say("reason.day_not_over")
        return Figure.unavailable(METRICS["working_day_people"].unit, reason, source)
    summed = total(usage.people_on(day) for day in days).sourced(source)
    if summed.value is None:
        return summed
    mean = summed.model_copy(update={"value": int(summed.value / len(days) + 0.5)})
    return usage.cut_short(mean, month)


def adoption_share(material: Material, month: Month) -> Figure:
    """Give the people of a month as a share of the accounts at its end."""
    return material.quotient("adoption", material.of_month("people"), material.of_month("accounts"))(month)


def habit_share(material: Material, month: Month) -> Figure:
    """Give the people on a working day as a share of the month's people."""
    habit = material.quotient("habit", lambda of: working_day_people(material, of), material.of_month("people"))
    return habit(month)


def adoption(material: Material, tiles: tuple[Measure, ...]) -> Adoption:
    """Build the section on who has it and who uses it.

    Args:
        material: What the report is built from.
        tiles: The measures of page one; those of people stand in this section's table as well.
    """
    by_key = {tile.key: tile for tile in tiles}
    return Adoption(
        title=_title(material),
        funnel=_funnel(material),
        people=material.series("people", material.of_month("people")),
        accounts=material.series("accounts", material.of_month("accounts")),
        daily=_daily(material),
        days_off=material.working_days.off(material.month),
        measures=(
            by_key["people"],
            by_key["working_day_people"],
            material.over_time("accounts", material.of_month("accounts")),
            material.over_time("adoption", lambda of: adoption_share(material, of)),
            material.over_time("habit", lambda of: habit_share(material, of)),
        ),
    )


def _counts(material: Material, day: date, month: Month) -> bool:
    usage = material.usage
    begun = not (usage.beginning and usage.beginning.month == month and usage.beginning.is_after(day))
    return begun and day <= usage.last_day()


def _title(material: Material) -> str:
    language, month = material.language, material.month
    adopted, habit = adoption_share(material, month), habit_share(material, month)
    used, accounts = material.of_month("people")(month), material.accounts.figure("accounts", month)
    if used.value is None or accounts.value is None:
        return language.say("adoption.title_unknown", month=language.month_name(month))
    if used.value > accounts.value:
        key = "title_over"
    elif not adopted.known:
        key = "title_few" if used.state is State.MEASURED else "title_few_partial"
    elif adopted.state is State.PARTIAL:
        key = "title_partial"
    else:
        key = "title" if habit.known else "title_without_habit"
    return language.say(
        f"adoption.{key}",
        count=used.value if key == "title_over" else accounts.value,
        people=language.value(used),
        share=language.value(adopted),
        accounts=language.value(accounts),
        habit=language.value(habit),
    )


def _funnel(material: Material) -> tuple[FunnelStep, ...]:
    language, month = material.language, material.month
    seats, accounts = material.accounts.seats(), material.accounts.figure("accounts", month)
    used, habitual = material.of_month("people")(month), working_day_people(material, month)
    steps = (
        ("seats", seats, ""),
        ("accounts", accounts, _drop(material, "adoption.unassigned", seats_unassigned(material))),
        ("people", used, _drop(material, "adoption.not_used", accounts_not_used(material))),
        ("working_day_people", habitual, _drop(material, "adoption.not_on_a_day", _others(material, used, habitual))),
    )
    return tuple(
        FunnelStep(label=language.say(f"label.{key}"), figure=figure, share=share(figure, seats, language), drop=drop)
        for key, figure, drop in steps
    )


def _others(material: Material, used: Figure, habitual: Figure) -> Figure:
    """Give the month's people who are not among those of a working day; answers that disagree give none."""
    others, language = difference(used, habitual), material.language
    if others.value is None or others.value >= 0:
        return others
    said = language.say("reason.habit_over", part=language.value(habitual), whole=language.value(used))
    return Figure.unavailable(others.unit, said)


def _drop(material: Material, key: str, lost: Figure) -> str:
    if lost.state is not State.MEASURED:
        return lost.reason
    return material.language.say(key, number=material.language.value(lost))


def _daily(material: Material) -> Series:
    figures = {day: material.usage.people_on(day) for day in material.month.days}
    return Series(
        label=material.language.say("adoption.daily"),
        unit=METRICS["people"].unit,
        points=tuple(Point(period=str(day), figure=figure) for day, figure in figures.items()),
    )
