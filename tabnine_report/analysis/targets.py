"""Targets: what the profile wants of the month, and whether it is so, told beside the figure that it is about."""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from tabnine_report.analysis.report_context import ReportContext
from tabnine_report.analysis.seats import unassigned_seats
from tabnine_report.analysis.shares import share
from tabnine_report.model.figure import Figure, State, Unit
from tabnine_report.model.kpi import Kpi, Target
from tabnine_report.model.month import Month
from tabnine_report.model.sections import Adoption, Seats
from tabnine_report.model.series import Point, Series
from tabnine_report.usage_api.endpoints.agent_usage import COST_CURRENCY
from tabnine_report.usage_api.queries import HISTORY_MONTHS

Section = TypeVar("Section", Adoption, Seats)


def targets(context: ReportContext) -> dict[str, Target]:
    """Give the targets of the profile by the key of the measure that each stands beside."""
    found = {
        "active_users": _with_line(_people(context), _line_of_people(context)),
        "adoption_rate": _people(context),
        "unused_seats": _seats(context),
        "unassigned_seats": _seats(context),
        "agent_spend": _with_line(_agent_cost(context), _line_of_budget(context)),
    }
    return {key: target for key, target in found.items() if target is not None}


def aimed(kpis: Iterable[Kpi], wanted: Mapping[str, Target]) -> tuple[Kpi, ...]:
    """Give measures, each that a target is set for with it and with its words at the end of the note, once."""
    return tuple(_aimed(kpi, wanted[kpi.key]) if kpi.key in wanted else kpi for kpi in kpis)


def with_targets(section: Section, wanted: Mapping[str, Target]) -> Section:
    """Give a section with the targets of its measures."""
    return section.model_copy(update={"kpis": aimed(section.kpis, wanted)})


def _aimed(kpi: Kpi, target: Target) -> Kpi:
    if kpi.target is not None:
        return kpi
    parts = (kpi.note, target.words)
    if kpi.note.endswith("."):  # A reason is a sentence: nothing can follow its full stop.
        parts = (target.words, kpi.note)
    note = " · ".join(filter(None, parts))
    return kpi.model_copy(update={"target": target, "note": note})


def _people(context: ReportContext) -> Target | None:
    wanted = context.targets.adoption_rate
    if wanted is None:
        return None
    reached = context.figure("adoption_rate")
    met = None if reached.value is None or reached.state is not State.MEASURED else reached.value >= wanted
    return _target(context, "active_users", Figure(value=wanted, unit=Unit.SHARE), met, reached)


def _line_of_people(context: ReportContext) -> Series:
    """Give the people that would have been the share aimed at of each month's accounts."""
    wanted = context.targets.adoption_rate or 0

    def in_month(month: Month) -> Figure:
        figure = context.figure("accounts", month)
        if figure.value is None:
            return Figure.unavailable(Unit.PEOPLE, figure.reason, figure.source)
        return Figure(value=round(figure.value * wanted, 1), unit=Unit.PEOPLE)

    return _line(context, Unit.PEOPLE, in_month)


def _line_of_budget(context: ReportContext) -> Series:
    budget = Figure.money(context.targets.agent_spend_usd or 0, COST_CURRENCY)
    return _line(context, Unit.MONEY, lambda _: budget)


def _line(context: ReportContext, unit: Unit, in_month: Callable[[Month], Figure]) -> Series:
    points = tuple(Point(period=str(month), figure=in_month(month)) for month in context.month.last(HISTORY_MONTHS))
    return Series(label=context.language.translate("target.line"), unit=unit, points=points)


def _with_line(target: Target | None, line: Series) -> Target | None:
    return target and target.model_copy(update={"line": line})


def _seats(context: ReportContext) -> Target | None:
    most = context.targets.unassigned_seats
    if most is None:
        return None
    unassigned = unassigned_seats(context)
    met = None if unassigned.value is None or unassigned.state is not State.MEASURED else unassigned.value <= most
    return _target(context, "seats", Figure(value=most, unit=Unit.SEATS), met, unassigned)


def _agent_cost(context: ReportContext) -> Target | None:
    """Hold the cost against the budget: as its share, where it is known for the whole month."""
    most = context.targets.agent_spend_usd
    if most is None:
        return None
    cost, budget = context.agents.figure("agent_spend", context.month), Figure.money(most, COST_CURRENCY)
    if cost.value is None or cost.state is not State.MEASURED:
        return _target(context, "budget", budget, None, cost)
    met, spent = cost.value <= most, share(cost, budget, context.language)
    if spent.value is None or (not met and context.language.percent(spent.value) == context.language.percent(1)):
        # No percentage on a small budget; and what is above it by less than is printed is no 100 %.
        return _target(context, "budget", budget, met, cost)
    said = context.language.translate(
        "target.of_budget", share=context.language.value(spent), target=_written(context, budget)
    )
    return Target(value=budget, met=met, words=said)


def _target(context: ReportContext, what: str, value: Figure, met: bool | None, reached: Figure) -> Target:  # noqa: FBT001 - known or not
    key = {None: f"target.{what}", True: f"target.{what}_met", False: f"target.{what}_missed"}[met]
    if met is False and context.language.prints_alike(reached, value, short=True):
        key = f"target.{what}_just_missed"
    return Target(value=value, met=met, words=context.language.translate(key, target=_written(context, value)))


def _written(context: ReportContext, value: Figure) -> str:
    return context.language.value(value, short=True)
