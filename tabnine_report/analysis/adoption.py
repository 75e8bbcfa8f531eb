"""Active users: per month and per working day, adoption rate and stickiness."""

from tabnine_report.analysis.metric_definitions import METRICS
from tabnine_report.analysis.report_context import ReportContext
from tabnine_report.analysis.seats import inactive_accounts, over_assigned, unassigned_seats
from tabnine_report.analysis.shares import share, share_note
from tabnine_report.model.figure import Figure, State, difference
from tabnine_report.model.kpi import Kpi
from tabnine_report.model.sections import Adoption, FunnelStep
from tabnine_report.model.series import Point, Series

_OTHER_ACTIVE_USERS = "active_users - average_daily_active_users"


def monthly_active_users(context: ReportContext) -> Kpi:
    """Return the KPI of the month's active users, with the adoption rate as its note."""
    active_users, accounts = context.figure("active_users"), context.figure("accounts")
    note = share_note(context.language, "kpi_note.share_of_accounts", active_users, accounts)
    return context.monthly_kpi("active_users", note)


def daily_active_users(context: ReportContext) -> Kpi:
    """Return the KPI of the average daily active users, with the stickiness as its note."""
    average_daily, active_users = context.figure("average_daily_active_users"), context.figure("active_users")
    note = share_note(context.language, "kpi_note.stickiness", average_daily, active_users)
    return context.monthly_kpi("average_daily_active_users", note)


def agent_users(context: ReportContext) -> Kpi:
    """Return the KPI of the agent users, with their share of the active users as its note."""
    users, active_users = context.figure("agent_users"), context.figure("active_users")
    note = share_note(context.language, "kpi_note.share_of_active_users", users, active_users)
    return context.monthly_kpi("agent_users", note)


def adoption(context: ReportContext, page_one_kpis: tuple[Kpi, ...], quarter_kpis: tuple[Kpi, ...]) -> Adoption:
    """Build the adoption section.

    Args:
        context: The report's context.
        page_one_kpis: The KPIs of page one; this section's table repeats those of active users.
        quarter_kpis: The KPIs of the quarter that ends with the month.
    """
    by_key = {kpi.key: kpi for kpi in page_one_kpis}
    return Adoption(
        title=_title(context),
        funnel=_funnel(context),
        active_users=context.series("active_users"),
        accounts=context.series("accounts"),
        daily=_daily(context),
        days_off=context.working_days.off(context.month),
        kpis=(
            by_key["active_users"],
            by_key["average_daily_active_users"],
            context.monthly_kpi("weekly_active_users"),
            context.monthly_kpi("accounts"),
            context.monthly_kpi("adoption_rate", _of(context, "active_users", "accounts")),
            context.monthly_kpi("stickiness", _of(context, "average_daily_active_users", "active_users")),
            *quarter_kpis,
        ),
    )


def _of(context: ReportContext, part: str, whole: str) -> str:
    """Return the two numbers of a rate."""
    language = context.language
    numbers = (language.value(context.figure(key)) for key in (part, whole))
    return language.translate(f"kpi_note.of_{whole}", part=next(numbers), whole=next(numbers))


def _title(context: ReportContext) -> str:
    language, month = context.language, context.month
    rate, average_daily = context.figure("adoption_rate"), context.figure("average_daily_active_users")
    active_users, accounts = context.figure("active_users", month), context.figure("accounts", month)
    if active_users.value is None or accounts.value is None:
        return language.translate("adoption.title_unknown", month=language.month_name(month))
    is_over = active_users.value > accounts.value
    if is_over:
        key = "title_over" if active_users.state is State.MEASURED else "title_over_partial"
    elif rate.value is None:
        key = "title_few" if active_users.state is State.MEASURED else "title_few_partial"
    elif rate.state is State.PARTIAL:
        key = "title_partial"
    else:
        key = "title" if context.figure("stickiness").known else "title_without_stickiness"
    return language.translate(
        f"adoption.{key}",
        count=active_users.value if is_over else accounts.value,
        people=language.count(active_users.value),
        share=language.value(rate) if rate.value is None else language.percent(rate.value),
        accounts=language.value(accounts),
        average_daily=language.value(average_daily),
    )


def _funnel(context: ReportContext) -> tuple[FunnelStep, ...]:
    language, month = context.language, context.month
    seats, accounts = context.accounts.seats(), context.figure("accounts", month)
    active_users, average_daily = context.figure("active_users", month), context.figure("average_daily_active_users")
    steps = (
        ("seats", seats, ""),
        ("accounts", accounts, _unassigned(context)),
        ("active_users", active_users, _drop(context, "adoption.inactive", inactive_accounts(context))),
        (
            "average_daily_active_users",
            average_daily,
            _drop(context, "adoption.not_daily", other_active_users(context)),
        ),
    )
    return tuple(
        FunnelStep(
            label=language.translate(f"label.{key}"), figure=figure, share=share(figure, seats, language), drop=drop
        )
        for key, figure, drop in steps
    )


def _unassigned(context: ReportContext) -> str:
    if excess := over_assigned(context):
        return context.language.translate("seats.over_assigned_by", number=context.language.count(excess))
    return _drop(context, "adoption.unassigned", unassigned_seats(context))


def other_active_users(context: ReportContext) -> Figure:
    """Return the active users beyond the daily average; unavailable if the API's figures disagree."""
    active_users, average_daily = context.figure("active_users"), context.figure("average_daily_active_users")
    rest, language = difference(active_users, average_daily), context.language
    if rest.value is None or rest.value >= 0:
        version = context.usage.serving(context.month).version
        source = METRICS["active_users"].source(str(context.month), version)
        return rest.sourced(source.model_copy(update={"field": "", "formula": _OTHER_ACTIVE_USERS}))
    part, whole = language.value(average_daily), language.value(active_users)
    return Figure.unavailable(rest.unit, language.translate("reason.stickiness_over", part=part, whole=whole))


def _drop(context: ReportContext, key: str, drop: Figure) -> str:
    if drop.state is not State.MEASURED and not drop.bound:
        return drop.reason
    return context.language.translate(key, number=context.language.value(drop))


def _daily(context: ReportContext) -> Series:
    figures = {day: context.usage.active_users_on(day) for day in context.month.days}
    return Series(
        label=context.language.translate("adoption.daily"),
        unit=METRICS["active_users"].unit,
        points=tuple(Point(period=str(day), figure=figure) for day, figure in figures.items()),
    )
