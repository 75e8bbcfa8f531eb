"""People: in the month, on a working day, and what share of the accounts and of each other they are."""

from tabnine_report.analysis.metrics import METRICS
from tabnine_report.analysis.report_context import ReportContext
from tabnine_report.analysis.seats import inactive_accounts, unassigned_seats
from tabnine_report.analysis.shares import share, share_note
from tabnine_report.model.figure import Figure, State, difference
from tabnine_report.model.kpi import Kpi
from tabnine_report.model.sections import Adoption, FunnelStep
from tabnine_report.model.series import Point, Series


def people(context: ReportContext) -> Kpi:
    """Measure the distinct people of the month, beside their share of the accounts."""
    used, accounts = context.figure("active_users"), context.figure("accounts")
    return context.monthly_kpi(
        "active_users", share_note(context.language, "kpi_note.share_of_accounts", used, accounts)
    )


def on_a_working_day(context: ReportContext) -> Kpi:
    """Measure the people on a mean working day, beside their share of the month's people."""
    figure, used = context.figure("average_daily_active_users"), context.figure("active_users")
    note = share_note(context.language, "kpi_note.share_of_those_people", figure, used)
    return context.monthly_kpi("average_daily_active_users", note)


def agent_users(context: ReportContext) -> Kpi:
    """Measure the people who used agents, beside their share of the month's people."""
    users, used = context.figure("agent_users"), context.figure("active_users")
    return context.monthly_kpi("agent_users", share_note(context.language, "kpi_note.share_of_the_people", users, used))


def adoption(context: ReportContext, page_one_kpis: tuple[Kpi, ...]) -> Adoption:
    """Build the section on who has it and who uses it.

    Args:
        context: What the report is built from.
        page_one_kpis: The measures of page one; those of people stand in this section's table as well.
    """
    by_key = {tile.key: tile for tile in page_one_kpis}
    return Adoption(
        title=_title(context),
        funnel=_funnel(context),
        people=context.series("active_users"),
        accounts=context.series("accounts"),
        daily=_daily(context),
        days_off=context.working_days.off(context.month),
        kpis=(
            by_key["active_users"],
            by_key["average_daily_active_users"],
            context.monthly_kpi("accounts"),
            context.monthly_kpi("adoption_rate"),
            context.monthly_kpi("stickiness"),
        ),
    )


def _title(context: ReportContext) -> str:
    language, month = context.language, context.month
    adopted, stickiness = context.figure("adoption_rate"), context.figure("stickiness")
    used, accounts = context.figure("active_users", month), context.accounts.figure("accounts", month)
    if used.value is None or accounts.value is None:
        return language.translate("adoption.title_unknown", month=language.month_name(month))
    if used.value > accounts.value:
        key = "title_over"
    elif not adopted.known:
        key = "title_few" if used.state is State.MEASURED else "title_few_partial"
    elif adopted.state is State.PARTIAL:
        key = "title_partial"
    else:
        key = "title" if stickiness.known else "title_without_stickiness"
    return language.translate(
        f"adoption.{key}",
        count=used.value if key == "title_over" else accounts.value,
        people=language.value(used),
        share=language.value(adopted),
        accounts=language.value(accounts),
        stickiness=language.value(stickiness),
    )


def _funnel(context: ReportContext) -> tuple[FunnelStep, ...]:
    language, month = context.language, context.month
    seats, accounts = context.accounts.seats(), context.accounts.figure("accounts", month)
    used, habitual = context.figure("active_users", month), context.figure("average_daily_active_users")
    steps = (
        ("seats", seats, ""),
        ("accounts", accounts, _drop(context, "adoption.unassigned", unassigned_seats(context))),
        ("active_users", used, _drop(context, "adoption.not_used", inactive_accounts(context))),
        (
            "average_daily_active_users",
            habitual,
            _drop(context, "adoption.not_on_a_day", _others(context, used, habitual)),
        ),
    )
    return tuple(
        FunnelStep(
            label=language.translate(f"label.{key}"), figure=figure, share=share(figure, seats, language), drop=drop
        )
        for key, figure, drop in steps
    )


def _others(context: ReportContext, used: Figure, habitual: Figure) -> Figure:
    """Give the month's people who are not among those of a working day; answers that disagree give none."""
    others, language = difference(used, habitual), context.language
    if others.value is None or others.value >= 0:
        return others
    said = language.translate("reason.stickiness_over", part=language.value(habitual), whole=language.value(used))
    return Figure.unavailable(others.unit, said)


def _drop(context: ReportContext, key: str, lost: Figure) -> str:
    if lost.state is not State.MEASURED:
        return lost.reason
    return context.language.translate(key, number=context.language.value(lost))


def _daily(context: ReportContext) -> Series:
    figures = {day: context.usage.active_users_on(day) for day in context.month.days}
    return Series(
        label=context.language.translate("adoption.daily"),
        unit=METRICS["active_users"].unit,
        points=tuple(Point(period=str(day), figure=figure) for day, figure in figures.items()),
    )
