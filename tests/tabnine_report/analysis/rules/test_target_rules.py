"""Tests of the finding rules on targets and the agent budget."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from rule_contexts import OCTOBER, context_of, costs, figure, rule_context

from tabnine_report.analysis.rule_context import RuleContext
from tabnine_report.analysis.rules.agent_budget import decide_agent_budget
from tabnine_report.analysis.rules.rule import RuleMatch
from tabnine_report.analysis.rules.targets import (
    adoption_target_changed,
    budget_met_again,
    seats_target_changed,
)
from tabnine_report.model.figure import Figure, Unit
from tabnine_report.model.kpi import Kpi, Target
from tabnine_report.model.series import Point, Series


def says(found: RuleMatch | None) -> str | None:
    return found.words if found else None


def target(value: float, unit: Unit, *, met: bool | None) -> Target:
    return Target(value=Figure(value=value, unit=unit), met=met, words="a target")


def shares(*adopted: float | None, met: bool | None, wanted: float = 0.8) -> RuleContext:
    figures = [figure(share, Unit.SHARE) for share in adopted]
    months = OCTOBER.last(len(figures))
    points = tuple(Point(period=str(one), figure=told) for one, told in zip(months, figures, strict=True))
    adoption = Kpi(
        key="adoption_rate",
        label="Adoption",
        figure=figures[-1],
        history=Series(label="Adoption", unit=Unit.SHARE, points=points),
        target=target(wanted, Unit.SHARE, met=met),
    )
    return context_of(adoption)


@pytest.mark.parametrize(
    ("adopted", "met", "said"),
    [
        ((0.9, 0.7), False, "adoption_target_missed"),
        ((0.9, 0.7996), False, "adoption_target_just_missed"),  # 80 %, as it is printed
        ((0.7, 0.799), False, None),  # It was missed before.
        ((None, 0.7), False, None),
        ((0.7, 0.8), True, "adoption_target_met"),
        ((0.8, 0.8), True, None),  # It was met before.
        ((None, 0.8), True, None),
        ((0.7, 0.8), None, None),
    ],
)
def test_a_change_of_the_adoption_target_is_reported(
    adopted: Sequence[float | None], said: str | None, *, met: bool | None
) -> None:
    assert says(adoption_target_changed(shares(*adopted, met=met))) == said


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        (40, 51, "seats_target_missed"),
        (52, 51, None),
        (None, 51, None),
        (51, 50, "seats_target_met"),
        (50, 50, None),
        (None, 50, None),
    ],
)
def test_a_change_of_the_target_for_unassigned_seats_is_reported(
    before: float | None, now: float, said: str | None
) -> None:
    one = rule_context(unassigned_seats=[now])
    aimed = one.kpis["unassigned_seats"].model_copy(update={"target": target(50, Unit.SEATS, met=now <= 50)})
    earlier = {} if before is None else {"unassigned_seats": figure(before, Unit.SEATS)}
    assert says(seats_target_changed(replace(one, kpis={"unassigned_seats": aimed}, previous_figures=earlier))) == said


@pytest.mark.parametrize(
    ("dollars", "said"),
    [
        ((1100, 1000), "budget_met_again"),
        ((1100, 1001), None),
        ((900, 1000), None),
        ((None, 1000), None),
        ((1100, None), None),
    ],
)
def test_a_budget_that_is_met_again_is_reported(dollars: Sequence[float | None], said: str | None) -> None:
    assert says(budget_met_again(costs(*dollars, budget=1000))) == said


def test_without_targets_no_target_rule_applies() -> None:
    one = rule_context(adoption=[0.7, 0.6], unassigned_seats=[90], agent_spend=[900, 1100], seats=[100])
    rules = (adoption_target_changed, seats_target_changed, budget_met_again)
    assert [rule(one) for rule in rules] == [None] * 3
    assert decide_agent_budget(one, min_share=0.9) is None
