"""Targets from the profile, and whether the month meets them."""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from tabnine_report.analysis.report_context import ReportContext
from tabnine_report.analysis.seats import over_assigned, unassigned_seats
from tabnine_report.analysis.shares import share
from tabnine_report.model.figure import Figure, State, Unit
from tabnine_report.model.kpi import Kpi, Target
from tabnine_report.model.month import Month
from tabnine_report.model.sections import Adoption, Seats
from tabnine_report.model.series import Point, Series
from tabnine_report.usage_api.endpoints.agent_usage import COST_CURRENCY
from tabnine_report.usage_api.query import HISTORY_MONTHS

Section = TypeVar("Section", Adoption, Seats)


def targets(context: ReportContext) -> dict[str, Target]:
    """Return the targets of the profile by the key of the KPI that each belongs to."""
    by_key = {
        "active_users": _with_line(_adoption(context), _active_users_line(context)),
        "adoption_rate": _adoption(context),
        "unused_seats": _seats(context),
        "unassigned_seats": _seats(context),
        "agent_spend": _with_line(_agent_spend(context), _budget_line(context)),
    }
    return {key: target for key, target in by_key.items() if target is not None}


def add_targets(kpis: Iterable[Kpi], by_key: Mapping[str, Target]) -> tuple[Kpi, ...]:
    """Return the KPIs, each with its target and with the target in its note."""
    return tuple(_with_target(kpi, by_key[kpi.key]) if kpi.key in by_key else kpi for kpi in kpis)


def with_targets(section: Section, by_key: Mapping[str, Target]) -> Section:
    """Return a section with the targets of its KPIs."""
    return section.model_copy(update={"kpis": add_targets(section.kpis, by_key)})


def _with_target(kpi: Kpi, target: Target) -> Kpi:
    if kpi.target is not None:
        return kpi
    parts = (kpi.note, target.words)
    if kpi.note.endswith("."):  # A reason ends with a period, so it comes last.
        parts = (target.words, kpi.note)
    note = " · ".join(filter(None, parts))
    return kpi.model_copy(update={"target": target, "note": note})


def _adoption(context: ReportContext) -> Target | None:
    least = context.targets.adoption_rate
    if least is None:
        return None
    rate = context.figure("adoption_rate")
    met = None if rate.value is None or rate.state is not State.MEASURED else rate.value >= least
    return _target(context, "active_users", Figure(value=least, unit=Unit.SHARE), met, rate)


def _active_users_line(context: ReportContext) -> Series:
    """Return the active users that each month's accounts would need to meet the adoption target."""
    least = context.targets.adoption_rate or 0

    def in_month(month: Month) -> Figure:
        figure = context.figure("accounts", month)
        if figure.value is None:
            return Figure.unavailable(Unit.PEOPLE, figure.reason, figure.source)
        return Figure(value=round(figure.value * least, 1), unit=Unit.PEOPLE)

    return _line(context, Unit.PEOPLE, in_month)


def _budget_line(context: ReportContext) -> Series:
    budget = Figure.money(context.targets.agent_spend_usd or 0, COST_CURRENCY)
    return _line(context, Unit.MONEY, lambda _: budget)


def _line(context: ReportContext, unit: Unit, in_month: Callable[[Month], Figure]) -> Series:
    points = tuple(Point(period=str(month), figure=in_month(month)) for month in context.month.last(HISTORY_MONTHS))
    return Series(label=context.language.translate("target.line"), unit=unit, points=points)


def _with_line(target: Target | None, line: Series) -> Target | None:
    return target and target.model_copy(update={"line": line})


def _seats(context: ReportContext) -> Target | None:
    """Return the target for unassigned seats; neither met nor missed if there are more accounts than seats."""
    most = context.targets.unassigned_seats
    if most is None:
        return None
    unassigned = unassigned_seats(context)
    comparable = unassigned.state is State.MEASURED and not over_assigned(context)
    met = None if unassigned.value is None or not comparable else unassigned.value <= most
    return _target(context, "seats", Figure(value=most, unit=Unit.SEATS), met, unassigned)


def _agent_spend(context: ReportContext) -> Target | None:
    """Return the agent budget, with the spend as a share of it if the spend covers the whole month."""
    most = context.targets.agent_spend_usd
    if most is None:
        return None
    spend, budget = context.figure("agent_spend"), Figure.money(most, COST_CURRENCY)
    if spend.value is None or spend.state is not State.MEASURED:
        return _target(context, "budget", budget, None, spend)
    met, used = spend.value <= most, share(spend, budget, context.language)
    if used.value is None or (not met and context.language.percent(used.value) == context.language.percent(1)):
        # A small budget has no percentage, and a spend just over the budget must not print as 100%.
        return _target(context, "budget", budget, met, spend)
    words = context.language.translate(
        "target.of_budget", share=context.language.value(used), target=_short(context, budget)
    )
    return Target(value=budget, met=met, words=words)


def _target(context: ReportContext, name: str, value: Figure, met: bool | None, reached: Figure) -> Target:  # noqa: FBT001 - a fact, not a switch
    key = {None: f"target.{name}", True: f"target.{name}_met", False: f"target.{name}_missed"}[met]
    if met is False and context.language.prints_alike(reached, value, short=True):
        key = f"target.{name}_just_missed"
    return Target(value=value, met=met, words=context.language.translate(key, target=_short(context, value)))


def _short(context: ReportContext, value: Figure) -> str:
    return context.language.value(value, short=True)
