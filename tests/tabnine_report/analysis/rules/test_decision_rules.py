"""Tests of the decisions on the agent budget and on the renewal of the license."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from rule_contexts import LANGUAGE, OCTOBER, context_of, costs, rule_context

from tabnine_report.analysis.rule_context import RuleContext
from tabnine_report.analysis.rules.decisions import decide_agent_budget, decide_renewal
from tabnine_report.analysis.rules.table import ACTIONS
from tabnine_report.model.figure import Figure, Unit
from tabnine_report.model.findings import RecommendedAction
from tabnine_report.model.kpi import Kpi, Target
from tabnine_report.model.series import Point, Series

NBSP = "\N{NO-BREAK SPACE}"
NOVEMBER_30, DECEMBER_31 = date(2026, 11, 30), date(2026, 12, 31)


def action(rule: str, context: RuleContext) -> RecommendedAction | None:
    return next(entry for entry in ACTIONS if entry.name == rule).action(context)


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
    assert found.reason.replace(NBSP, " ") == "October cost at least USD 1,100; the budget is USD 1,000."
    assert found.worth.replace(NBSP, " ") == "at least USD 100"


def test_a_budget_exceeded_by_cents_is_printed_to_the_cent() -> None:
    found = action("decide_agent_budget", costs(900, 1000.25, budget=1000))
    assert found is not None
    assert found.reason.replace(NBSP, " ") == "October cost USD 1,000.25; the budget is USD 1,000."
    assert found.worth.replace(NBSP, " ") == "USD 0.25"


SEATS: dict[str, Any] = {"seats": [100], "accounts": [90], "unassigned_seats": [10]}


def renewal(license_ends: date | None = None, notice_by: date | None = None, **series: Any) -> RecommendedAction | None:
    context = rule_context(**{"inactive_accounts": [None], **SEATS, **series})
    return action("decide_renewal", replace(context, license_ends=license_ends, notice_by=notice_by))


@pytest.mark.parametrize(
    ("ends", "spoken"),
    [
        (None, False),
        (date(2026, 10, 31), False),  # It ended within the month.
        (date(2026, 11, 1), True),
        (date(2027, 1, 29), True),
        (date(2027, 1, 30), False),  # 90 days after 1 November
    ],
)
def test_the_renewal_is_a_decision_shortly_before_the_license_ends(ends: date | None, *, spoken: bool) -> None:
    context = replace(rule_context(**SEATS, inactive_accounts=[None]), license_ends=ends)
    assert (decide_renewal(context, days_after_month=90) is not None) is spoken


@pytest.mark.parametrize(
    ("ends", "notice", "made", "due", "remark"),
    [
        (DECEMBER_31, NOVEMBER_30, 2, NOVEMBER_30, ""),
        (DECEMBER_31, None, 2, DECEMBER_31, ""),
        (DECEMBER_31, NOVEMBER_30, 20, NOVEMBER_30, ""),
        (DECEMBER_31, NOVEMBER_30, 21, NOVEMBER_30, "Only 9 days are left."),
        (DECEMBER_31, NOVEMBER_30, 29, NOVEMBER_30, "Only 1 day is left."),
        (DECEMBER_31, NOVEMBER_30, 30, NOVEMBER_30, "The deadline is today."),
        (DECEMBER_31, NOVEMBER_30, 31, DECEMBER_31, "The deadline, 30 November 2026, has passed."),
        (DECEMBER_31, date(2026, 10, 31), 2, DECEMBER_31, "The deadline, 31 October 2026, has passed."),
        (DECEMBER_31, NOVEMBER_30, 65, date(2027, 1, 14), "The deadline, 30 November 2026, has passed."),
        (DECEMBER_31, None, 65, date(2027, 1, 14), "The deadline, 31 December 2026, has passed."),
        (None, NOVEMBER_30, 65, date(2027, 1, 14), "The deadline, 30 November 2026, has passed."),
    ],
)
def test_the_due_date_of_the_renewal(ends: date | None, notice: date | None, made: int, due: date, remark: str) -> None:
    as_of = date.fromordinal(OCTOBER.back(-1).first_day.toordinal() + made - 1)
    context = replace(rule_context(**SEATS, inactive_accounts=[None]), license_ends=ends, notice_by=notice, as_of=as_of)
    found = action("decide_renewal", context)
    assert found is not None
    assert found.due == due
    assert found.reason == " ".join(filter(None, ("10 of 100 seats have no account.", remark)))
    assert ("on 31 December 2026" in found.title) is (ends is not None and ends >= as_of)


@pytest.mark.parametrize(
    ("series", "reason", "worth"),
    [
        ({}, "10 of 100 seats have no account.", "up to 10 seats"),
        ({"unassigned_seats": [1]}, "1 of 100 seats has no account.", "up to 1 seat"),
        (
            {"inactive_accounts": [7], "unassigned_seat_spend": [390]},
            "10 of 100 seats have no account; inactive accounts: at least 7.",
            "up to 390",
        ),
        ({"unassigned_seats": [0], "accounts": [100]}, "Every one of the 100 seats has an account.", ""),
        (
            {"unassigned_seats": [0], "accounts": [100], "inactive_accounts": [7]},
            "Every seat has an account; inactive accounts: at least 7 of 100.",
            "",
        ),
        ({"unassigned_seats": [0], "accounts": [105]}, "There are 105 accounts for 100 seats.", ""),
        ({"unassigned_seats": [None], "seats": [None]}, "How many seats have no account is not known.", ""),
    ],
)
def test_the_reason_and_the_worth_of_the_renewal(series: dict[str, Any], reason: str, worth: str) -> None:
    found = renewal(DECEMBER_31, **series)
    assert found is not None
    assert (found.title, found.reason, found.worth) == (
        f"How many seats to renew on {LANGUAGE.date(DECEMBER_31)}?",
        reason,
        worth,
    )
    assert bool(found.worth_note) is bool(worth)
