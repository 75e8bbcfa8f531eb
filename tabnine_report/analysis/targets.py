"""Targets: what the profile wants of the month, and whether it is so, told beside the figure that it is about."""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from tabnine_report.analysis.active_users import adoption_share
from tabnine_report.analysis.report_context import Material
from tabnine_report.analysis.seats import seats_unassigned
from tabnine_report.analysis.shares import share
from tabnine_report.model.figure import Figure, State, Unit
from tabnine_report.model.kpi import Measure, Point, Series, Target
from tabnine_report.model.month import Month
from tabnine_report.model.sections import Adoption, Seats
from tabnine_report.usage_api.agent_records import COST_CURRENCY
from tabnine_report.usage_api.endpoints import HISTORY_MONTHS

Section = TypeVar("Section", Adoption, Seats)


def targets(material: Material) -> dict[str, Target]:
    """Give the targets of the profile by the key of the measure that each stands beside."""
    found = {
        "people": _with_line(_people(material), _line_of_people(material)),
        "adoption": _people(material),
        "seats_unused": _seats(material),
        "seats_unassigned": _seats(material),
        "agent_cost": _with_line(_agent_cost(material), _line_of_budget(material)),
    }
    return {key: target for key, target in found.items() if target is not None}


def aimed(measures: Iterable[Measure], wanted: Mapping[str, Target]) -> tuple[Measure, ...]:
    """Give measures, each that a target is set for with it and with its words at the end of the note, once."""
    return tuple(_aimed(measure, wanted[measure.key]) if measure.key in wanted else measure for measure in measures)


def with_targets(section: Section, wanted: Mapping[str, Target]) -> Section:
    """Give a section with the targets of its measures."""
    return section.model_copy(update={"measures": aimed(section.measures, wanted)})


def _aimed(measure: Measure, target: Target) -> Measure:
    if measure.target is not None:
        return measure
    parts = (measure.note, target.words)
    if measure.note.endswith("."):  # A reason is a sentence: nothing can follow its full stop.
        parts = (target.words, measure.note)
    note = " · ".join(filter(None, parts))
    return measure.model_copy(update={"target": target, "note": note})


def _people(material: Material) -> Target | None:
    wanted = material.targets.people_share
    if wanted is None:
        return None
    reached = adoption_share(material, material.month)
    met = None if reached.value is None or reached.state is not State.MEASURED else reached.value >= wanted
    return _target(material, "people", Figure(value=wanted, unit=Unit.SHARE), met, reached)


def _line_of_people(material: Material) -> Series:
    """Give the people that would have been the share aimed at of each month's accounts."""
    wanted, accounts = material.targets.people_share or 0, material.of_month("accounts")

    def of_month(month: Month) -> Figure:
        figure = accounts(month)
        if figure.value is None:
            return Figure.unavailable(Unit.PEOPLE, figure.reason, figure.source)
        return Figure(value=round(figure.value * wanted, 1), unit=Unit.PEOPLE)

    return _line(material, Unit.PEOPLE, of_month)


def _line_of_budget(material: Material) -> Series:
    budget = Figure.money(material.targets.agent_cost_usd or 0, COST_CURRENCY)
    return _line(material, Unit.MONEY, lambda _: budget)


def _line(material: Material, unit: Unit, of_month: Callable[[Month], Figure]) -> Series:
    points = tuple(Point(period=str(month), figure=of_month(month)) for month in material.month.last(HISTORY_MONTHS))
    return Series(label=material.language.say("target.line"), unit=unit, points=points)


def _with_line(target: Target | None, line: Series) -> Target | None:
    return target and target.model_copy(update={"line": line})


def _seats(material: Material) -> Target | None:
    most = material.targets.unassigned_seats
    if most is None:
        return None
    unassigned = seats_unassigned(material)
    met = None if unassigned.value is None or unassigned.state is not State.MEASURED else unassigned.value <= most
    return _target(material, "seats", Figure(value=most, unit=Unit.SEATS), met, unassigned)


def _agent_cost(material: Material) -> Target | None:
    """Hold the cost against the budget: as its share, where it is known for the whole month."""
    most = material.targets.agent_cost_usd
    if most is None:
        return None
    cost, budget = material.agents.figure("agent_cost", material.month), Figure.money(most, COST_CURRENCY)
    if cost.value is None or cost.state is not State.MEASURED:
        return _target(material, "budget", budget, None, cost)
    met, spent = cost.value <= most, share(cost, budget, material.language)
    if spent.value is None or (not met and material.language.percent(spent.value) == material.language.percent(1)):
        # No percentage on a small budget; and what is above it by less than is printed is no 100 %.
        return _target(material, "budget", budget, met, cost)
    said = material.language.say(
        "target.of_budget", share=material.language.value(spent), target=_written(material, budget)
    )
    return Target(value=budget, met=met, words=said)


def _target(material: Material, what: str, value: Figure, met: bool | None, reached: Figure) -> Target:  # noqa: FBT001 - known or not
    key = {None: f"target.{what}", True: f"target.{what}_met", False: f"target.{what}_missed"}[met]
    if met is False and material.language.prints_alike(reached, value, short=True):
        key = f"target.{what}_just_missed"
    return Target(value=value, met=met, words=material.language.say(key, target=_written(material, value)))


def _written(material: Material, value: Figure) -> str:
    return material.language.value(value, short=True)
