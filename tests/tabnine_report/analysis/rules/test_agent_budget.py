"""Tests of the decision on the agent budget."""

from dataclasses import replace

import pytest
from rule_contexts import action, context_of, costs, estimate_of

from tabnine_report.analysis.rules.agent_budget import decide_agent_budget
from tabnine_report.model.figure import Figure, Unit
from tabnine_report.model.kpi import Kpi, Target
from tabnine_report.model.series import Point, Series

NBSP = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("before", "now", "words", "worth"),
    [
        (1100, 1001, "budget_exceeded", "USD 1"),
        (None, 1500, "budget_exceeded", "USD 500"),
        (850, 900, "budget_near", "USD 100"),  # 90 % and rising
        (900, 1000, "budget_near", ""),
        (850, 899, None, ""),
        (950, 940, None, ""),  # falling
        (None, 940, None, ""),
        (900, None, None, ""),
    ],
)
def test_the_agent_budget_is_a_decision_if_exceeded_or_near_and_rising(
    before: float | None, now: float | None, words: str | None, worth: str
) -> None:
    found = decide_agent_budget(costs(before, now, budget=1000), min_share=0.9)
    assert (found and found.words, found.worth.replace(NBSP, " ") if found else "") == (words, worth)


def test_a_lower_bound_above_the_budget_is_a_decision() -> None:
    spend = Figure.money(1100, "USD").raised_to(1100, "A model has no price.")
    target = Target(value=Figure.money(1000, "USD"), met=None, words="a budget")
    history = Series(label="Agent spend", unit=Unit.MONEY, points=(Point(period="2026-10", figure=spend),))
    kpi = Kpi(key="agent_spend", label="Agent spend", figure=spend, target=target, history=history)
    context = context_of(kpi)
    found = action("decide_agent_budget", context)
    assert found is not None
    assert found.reason.replace(NBSP, " ") == "Agent spend was at least USD 1,100 in October; the budget is USD 1,000."
    assert found.worth.replace(NBSP, " ") == "at least USD 100"


def test_a_budget_exceeded_by_cents_is_printed_to_the_cent() -> None:
    found = action("decide_agent_budget", costs(900, 1000.25, budget=1000))
    assert found is not None
    assert found.reason.replace(NBSP, " ") == "Agent spend was USD 1,000.25 in October; the budget is USD 1,000."
    assert found.worth.replace(NBSP, " ") == "USD 0.25"


@pytest.mark.parametrize(
    ("low", "high", "worth"),
    [(1100, 1200, "USD 100 to 200"), (1100, 1100, "USD 100"), (800, 1200, "up to USD 200"), (700, 1000, None)],
)
def test_an_estimate_above_the_budget_is_a_decision(low: float, high: float, worth: str | None) -> None:
    forecast = estimate_of(Figure.money(low, "USD"), Figure.money(high, "USD"))
    found = action("decide_agent_budget", replace(costs(850, 800, budget=1000), forecast=forecast))
    assert (found and found.worth.replace(NBSP, " ")) == worth
    if found:
        assert found.reason.startswith("Estimate for November: USD")
        assert found.worth_note == "over the budget in November (estimate; correct in 3 of 4 past months)"
