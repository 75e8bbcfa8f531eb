"""Tests that no rule uses a partial or missing month."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rule_contexts import PARTLY, rule_context

from tabnine_report.analysis.rule_context import RuleContext
from tabnine_report.analysis.rules.rule import ActionRule, FindingRule
from tabnine_report.analysis.rules.table import ACTIONS, FINDINGS
from tabnine_report.model.figure import State
from tabnine_report.model.month import Month

pytestmark = [
    # Servers of other tests run in threads of the same process and use `random` while Hypothesis draws.
    pytest.mark.filterwarnings("ignore:Do not use the `random` module inside strategies"),
    pytest.mark.filterwarnings("ignore:Generating overly large repr"),
]

KEYS = (
    *("active_users", "average_daily_active_users", "completion_users", "chat_users", "agent_users"),
    *("accounts", "inactive_accounts", "seats", "unused_seats", "unassigned_seats", "pending"),
    *("teams", "accounts_without_team"),
)
NOT_WHOLE = st.sampled_from([None, PARTLY])
NUMBERS = st.integers(0, 300)
SETTINGS = settings(
    max_examples=60,
    derandomize=True,
    # An organization has hundreds of numbers, and a busy machine is no failure.
)


def series(draw: Any, *, reported: Any = None, previous: Any = None) -> list[Any]:
    numbers: list[Any] = draw(st.lists(NUMBERS | NOT_WHOLE, min_size=13, max_size=13))
    if previous is not None:
        numbers[-2] = draw(previous)
    if reported is not None:
        numbers[-1] = draw(reported)
    return numbers


@st.composite
def organizations(draw: Any, *, reported: Any = None, previous: Any = None) -> RuleContext:
    month = Month(2026, draw(st.integers(1, 12)))
    return rule_context(month=month, **{key: series(draw, reported=reported, previous=previous) for key in KEYS})


@SETTINGS
@given(organizations(reported=NOT_WHOLE))
def test_an_incomplete_month_has_only_findings_on_missing_data(organization: RuleContext) -> None:
    matched = {rule.name for rule in (*FINDINGS, *ACTIONS) if rule.evaluate(organization)}
    assert matched <= {"usage_missing", "usage_frozen"}


@SETTINGS
@given(organizations(previous=NOT_WHOLE))
def test_no_rule_compares_with_an_incomplete_month_before(organization: RuleContext) -> None:
    compared = {
        "active_users_changed",
        "feature_unused",
        "agent_users_rose",
        "stickiness_changed",
        "team_active_users_fell",
    }
    assert not {rule.name for rule in FINDINGS if rule.name in compared and rule.evaluate(organization)}


@SETTINGS
@given(organizations())
def test_findings_use_complete_figures_listed_in_the_table(organization: RuleContext) -> None:
    for rule in (*FINDINGS, *ACTIONS):
        found = rule.evaluate(organization)
        if found and rule.name not in ("usage_missing", "usage_frozen"):
            assert found.words in rule.words
            assert set(found.figures) <= set(rule.evidence)
            assert {figure.state for figure in found.figures.values()} <= {State.MEASURED}
            assert rule_text(rule, organization)


def rule_text(rule: FindingRule | ActionRule, organization: RuleContext) -> str:
    if isinstance(rule, FindingRule):
        finding = rule.finding(organization)
        assert finding is not None
        return finding.text
    action = rule.action(organization)
    assert action is not None
    return action.title


def test_working_days_without_users_do_not_divide_by_zero() -> None:
    rule = next(rule for rule in FINDINGS if rule.name == "stickiness_changed")
    nobody = rule_context(active_users=[100] * 13, average_daily_active_users=[60] * 12 + [0])

    found = rule.evaluate(nobody)

    assert found is not None
    assert found.words == "stickiness_fell"


@pytest.mark.parametrize("reported", [None, PARTLY])
def test_a_rise_of_agent_users_uses_complete_figures(reported: str | None) -> None:
    rule = next(rule for rule in FINDINGS if rule.name == "agent_users_rose")

    found = rule.evaluate(rule_context(active_users=[200] * 12 + [reported], agent_users=[40] * 12 + [90]))

    assert found is not None
    assert set(found.figures) == {"agent_users"}


@pytest.mark.parametrize("name", ["active_users_changed", "stickiness_changed", "agent_users_rose"])
def test_rules_with_a_percentage_do_not_apply_to_a_base_under_20(name: str) -> None:
    rule = next(rule for rule in FINDINGS if rule.name == name)
    small = rule_context(
        active_users=[19] * 12 + [60], average_daily_active_users=[19] * 12 + [40], agent_users=[19] * 12 + [45]
    )
    assert rule.evaluate(small) is None
