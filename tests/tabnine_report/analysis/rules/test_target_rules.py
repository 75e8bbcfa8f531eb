"""Tests of the rules on targets, budget and notice deadline at, below and above each threshold."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from rule_contexts import LANGUAGE, OCTOBER, SOURCE, context_of, figure, rule_context

from tabnine_report.analysis.rule_context import RuleContext
from tabnine_report.analysis.rules.rule import RuleMatch
from tabnine_report.analysis.rules.targets import (
    adoption_target,
    budget_exceeded,
    budget_forecast,
    notice_due,
    seats_target,
)
from tabnine_report.model.figure import Figure, Unit
from tabnine_report.model.kpi import Kpi, Target
from tabnine_report.model.series import Point, Series

NBSP = "\N{NO-BREAK SPACE}"


def says(found: RuleMatch | None) -> str | None:
    return found.sentence_key if found else None


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


def costs(*dollars: float | None, budget: float) -> RuleContext:
    figures = [
        Figure.unavailable(Unit.MONEY, "Not told.") if one is None else Figure.money(one, "USD", SOURCE)
        for one in dollars
    ]
    months = OCTOBER.last(len(figures))
    points = tuple(Point(period=str(one), figure=told) for one, told in zip(months, figures, strict=True))
    now = dollars[-1]
    cost = Kpi(
        key="agent_spend",
        label="Agent spend",
        figure=figures[-1],
        history=Series(label="Agent spend", unit=Unit.MONEY, points=points),
        target=Target(value=Figure.money(budget, "USD"), met=None if now is None else now <= budget, words="a budget"),
    )
    return context_of(cost)


@pytest.mark.parametrize(
    ("adopted", "met", "said"),
    [
        ((0.9, 0.7), False, "finding.adoption_target_missed"),
        ((0.7, 0.799), False, "finding.adoption_target_missed"),
        ((0.7, 0.7996), False, "finding.adoption_target_just_missed"),  # 80 %, as it is printed
        ((0.7, 0.8), True, "finding.adoption_target_met"),
        ((0.8, 0.8), True, None),  # It was met before.
        ((None, 0.8), True, None),
        ((0.7, 0.8), None, None),
    ],
)
def test_adoption_target_is_reported_if_missed_or_newly_met(
    adopted: Sequence[float | None], said: str | None, *, met: bool | None
) -> None:
    assert says(adoption_target(shares(*adopted, met=met))) == said


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        (40, 51, "finding.seats_target_missed"),
        (None, 51, "finding.seats_target_missed"),
        (51, 50, "finding.seats_target_met"),
        (50, 50, None),
        (None, 50, None),
    ],
)
def test_unassigned_seats_target_is_reported_if_missed_or_newly_met(
    before: float | None, now: float, said: str | None
) -> None:
    one = rule_context(unassigned_seats=[now])
    aimed = one.kpis["unassigned_seats"].model_copy(update={"target": target(50, Unit.SEATS, met=now <= 50)})
    earlier = {} if before is None else {"unassigned_seats": figure(before, Unit.SEATS)}
    assert says(seats_target(replace(one, kpis={"unassigned_seats": aimed}, previous_figures=earlier))) == said


@pytest.mark.parametrize(
    ("dollars", "said"),
    [
        ((900, 1001), "finding.budget_exceeded"),
        ((1100, 1001), "finding.budget_exceeded"),
        ((1100, 1000), "finding.budget_met_again"),
        ((900, 1000), None),
        ((None, 1000), None),
        ((900, None), None),
    ],
)
def test_the_budget_is_reported_if_exceeded_or_newly_met(dollars: Sequence[float | None], said: str | None) -> None:
    assert says(budget_exceeded(costs(*dollars, budget=1000))) == said


def test_a_budget_exceeded_by_cents_is_printed_to_the_cent() -> None:
    found = budget_exceeded(costs(900, 1000.25, budget=1000))
    assert found is not None
    assert dict(found.values) == {"cost": "USD\N{NO-BREAK SPACE}1,000.25", "budget": "USD\N{NO-BREAK SPACE}1,000"}


@pytest.mark.parametrize(
    ("dollars", "month"),
    [
        # 100 a month over the last three: 900 + 100 is the budget itself, so it is passed a month later.
        ((600, 700, 800, 900), "December 2026"),
        ((600, 650, 700, 901), "November 2026"),  # 100.3 a month
        ((300, 400, 500, 600), None),  # in five months
        ((500, 600, 700, 800), "January 2027"),
        ((900, 850, 800, 850), None),  # no rise
        ((600, None, 800, 900), None),
        ((700, 800, 900), None),
        ((600, 700, 800, 1001), None),  # passed already: another rule
    ],
)
def test_the_budget_forecast_names_the_month(dollars: Sequence[float | None], month: str | None) -> None:
    found = budget_forecast(costs(*dollars, budget=1000), months=3, months_ahead=3)
    assert (found.values["month"] if found else None) == month
    if found:
        assert found.sentence(LANGUAGE).startswith("Forecast: ")
        assert f"USD{NBSP}100" in found.values["rise"]


@pytest.mark.parametrize(
    ("last", "spoken"),
    [
        (None, False),
        (date(2026, 10, 31), False),
        (date(2026, 11, 1), True),
        (date(2026, 12, 30), True),
        (date(2026, 12, 31), False),  # 60 days after 1 November
    ],
)
def test_the_notice_deadline_is_reported_within_sixty_days(last: date | None, *, spoken: bool) -> None:
    one = replace(rule_context(seats=[60], accounts=[50], unassigned_seats=[10]), notice_by=last)
    found = notice_due(one, days_after_month=60)
    assert (found is not None) is spoken
    if found:
        assert found.sentence_key == "finding.notice_due_unassigned"


def test_the_notice_deadline_is_reported_without_unknown_seats() -> None:
    one = replace(rule_context(seats=[None], accounts=[50], unassigned_seats=[None]), notice_by=date(2026, 11, 30))
    found = notice_due(one, days_after_month=60)
    assert found is not None
    assert found.sentence(LANGUAGE) == "The notice deadline of the license is 30 November 2026."


def test_over_assigned_seats_are_not_reported_as_assigned_at_the_notice_deadline() -> None:
    one = replace(rule_context(seats=[60], accounts=[65], unassigned_seats=[0]), notice_by=date(2026, 11, 30))
    found = notice_due(one, days_after_month=60)
    assert found is not None
    assert found.sentence(LANGUAGE) == (
        "The notice deadline of the license is 30 November 2026; 60 seats are over-assigned by 5."
    )
    assert found.figures.keys() == {"seats", "accounts"}


def test_without_targets_no_target_rule_applies() -> None:
    one = rule_context(adoption=[0.7, 0.6], unassigned_seats=[90], agent_spend=[900, 1100], seats=[100])
    assert [rule(one) for rule in (adoption_target, seats_target, budget_exceeded)] == [None] * 3
    assert budget_forecast(one, months=3, months_ahead=3) is None
    assert notice_due(one, days_after_month=60) is None
