"""Active users: per month and per working day, adoption rate and stickiness."""

from datetime import date

from tabnine_report.analysis.metrics import METRICS
from tabnine_report.analysis.report_context import ReportContext
from tabnine_report.analysis.seats import inactive_accounts, unassigned_seats
from tabnine_report.analysis.shares import share, share_note
from tabnine_report.model.figure import Figure, State, difference, total
from tabnine_report.model.kpi import Kpi, Point, Series
from tabnine_report.model.month import Month
from tabnine_report.model.sections import Adoption, FunnelStep


def monthly_active_users(context: ReportContext) -> Kpi:
    """Return the KPI of the month's active users, with the adoption rate as its note."""
    active_users, accounts = context.of_month("active_users"), context.of_month("accounts")
    note = share_note(
        context.language, "kpi_note.share_of_accounts", active_users(context.month), accounts(context.month)
    )
    return context.over_time("active_users", active_users, note)


def daily_active_users(context: ReportContext) -> Kpi:
    """Return the KPI of the average daily active users, with the stickiness as its note."""
    average_daily = average_daily_active_users(context, context.month)
    active_users = context.of_month("active_users")(context.month)
    note = share_note(context.language, "kpi_note.stickiness", average_daily, active_users)
    return context.over_time(
        "average_daily_active_users", lambda month: average_daily_active_users(context, month), note
    )


def agent_users(context: ReportContext) -> Kpi:
    """Return the KPI of the agent users, with their share of the active users as its note."""
    users, active_users = context.of_month("agent_users"), context.of_month("active_users")
    note = share_note(
        context.language, "kpi_note.share_of_active_users", users(context.month), active_users(context.month)
    )
    return context.over_time("agent_users", users, note)


def average_daily_active_users(context: ReportContext, month: Month) -> Figure:
    """Return the mean of the daily active users over a month's working days, in whole people.

    An open month and the organization's first month include only the days that have data. The mean is rounded (half
    up), so that readers can recompute the figures that depend on it from the printed value.
    """
    usage = context.usage
    days = [day for day in context.working_days.of(month) if _has_data(context, day, month)]
    source = METRICS["average_daily_active_users"].source(str(month), usage.serving(month).version)
    if not days:
        reason = context.language.translate("reason.day_not_over")
        return Figure.unavailable(METRICS["average_daily_active_users"].unit, reason, source)
    summed = total(usage.people_on(day) for day in days).sourced(source)
    if summed.value is None:
        return summed
    mean = summed.model_copy(update={"value": int(summed.value / len(days) + 0.5)})
    return usage.cut_short(mean, month)


def adoption_rate(context: ReportContext, month: Month) -> Figure:
    """Return the active users of a month as a share of the accounts at its end."""
    return context.quotient("adoption_rate", context.of_month("active_users"), context.of_month("accounts"))(month)


def stickiness(context: ReportContext, month: Month) -> Figure:
    """Return the average daily active users of a month as a share of its active users."""
    ratio = context.quotient(
        "stickiness", lambda month: average_daily_active_users(context, month), context.of_month("active_users")
    )
    return ratio(month)


def adoption(context: ReportContext, page_one_kpis: tuple[Kpi, ...]) -> Adoption:
    """Build the adoption section.

    Args:
        context: The report's context.
        page_one_kpis: The KPIs of page one; this section's table repeats those of active users.
    """
    by_key = {kpi.key: kpi for kpi in page_one_kpis}
    return Adoption(
        title=_title(context),
        funnel=_funnel(context),
        people=context.series("active_users", context.of_month("active_users")),
        accounts=context.series("accounts", context.of_month("accounts")),
        daily=_daily(context),
        days_off=context.working_days.off(context.month),
        kpis=(
            by_key["active_users"],
            by_key["average_daily_active_users"],
            context.over_time("accounts", context.of_month("accounts")),
            context.over_time("adoption_rate", lambda month: adoption_rate(context, month)),
            context.over_time("stickiness", lambda month: stickiness(context, month)),
        ),
    )


def _has_data(context: ReportContext, day: date, month: Month) -> bool:
    usage = context.usage
    has_started = not (usage.first_month and usage.first_month.month == month and usage.first_month.is_after(day))
    return has_started and day <= usage.last_day()


def _title(context: ReportContext) -> str:
    language, month = context.language, context.month
    rate, average_daily = adoption_rate(context, month), average_daily_active_users(context, month)
    active_users, accounts = context.of_month("active_users")(month), context.accounts.figure("accounts", month)
    if active_users.value is None or accounts.value is None:
        return language.translate("adoption.title_unknown", month=language.month_name(month))
    if active_users.value > accounts.value:
        key = "title_over"
    elif not rate.known:
        key = "title_few" if active_users.state is State.MEASURED else "title_few_partial"
    elif rate.state is State.PARTIAL:
        key = "title_partial"
    else:
        key = "title" if stickiness(context, month).known else "title_without_stickiness"
    return language.translate(
        f"adoption.{key}",
        count=active_users.value if key == "title_over" else accounts.value,
        people=language.value(active_users),
        share=language.value(rate),
        accounts=language.value(accounts),
        average_daily=language.value(average_daily),
    )


def _funnel(context: ReportContext) -> tuple[FunnelStep, ...]:
    language, month = context.language, context.month
    seats, accounts = context.accounts.seats(), context.accounts.figure("accounts", month)
    active_users, average_daily = context.of_month("active_users")(month), average_daily_active_users(context, month)
    steps = (
        ("seats", seats, ""),
        ("accounts", accounts, _drop(context, "adoption.unassigned", unassigned_seats(context))),
        ("active_users", active_users, _drop(context, "adoption.inactive", inactive_accounts(context))),
        (
            "average_daily_active_users",
            average_daily,
            _drop(context, "adoption.not_daily", _not_daily(context, active_users, average_daily)),
        ),
    )
    return tuple(
        FunnelStep(
            label=language.translate(f"label.{key}"), figure=figure, share=share(figure, seats, language), drop=drop
        )
        for key, figure, drop in steps
    )


def _not_daily(context: ReportContext, active_users: Figure, average_daily: Figure) -> Figure:
    """Return the active users beyond the daily average; unavailable if the API's figures disagree."""
    rest, language = difference(active_users, average_daily), context.language
    if rest.value is None or rest.value >= 0:
        return rest
    part, whole = language.value(average_daily), language.value(active_users)
    return Figure.unavailable(rest.unit, language.translate("reason.stickiness_over", part=part, whole=whole))


def _drop(context: ReportContext, key: str, drop: Figure) -> str:
    if drop.state is not State.MEASURED:
        return drop.reason
    return context.language.translate(key, number=context.language.value(drop))


def _daily(context: ReportContext) -> Series:
    figures = {day: context.usage.people_on(day) for day in context.month.days}
    return Series(
        label=context.language.translate("adoption.daily"),
        unit=METRICS["active_users"].unit,
        points=tuple(Point(period=str(day), figure=figure) for day, figure in figures.items()),
    )
