"""No rule speaks on a partial or missing month, whatever the other months are."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rule_contexts import PARTLY, grounds

from tabnine_report.analysis.rules.rule import Grounds
from tabnine_report.analysis.rules.table import ASKS, FINDINGS
from tabnine_report.model.figure import State
from tabnine_report.model.month import Month

KEYS = (
    *("people", "working_day_people", "completions_people", "chat_people", "agent_people"),
    *("accounts", "accounts_not_used", "seats", "seats_unused", "seats_unassigned", "pending"),
    *("teams", "accounts_without_team"),
)
NOT_WHOLE = st.sampled_from([None, PARTLY])
NUMBERS = st.integers(0, 300)
SETTINGS = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    # An organization has hundreds of numbers, and a busy machine is no failure.
    suppress_health_check=[HealthCheck.too_slow],
)


def series(draw: Any, *, reported: Any = None, previous: Any = None) -> list[Any]:
    numbers = draw(st.lists(NUMBERS | NOT_WHOLE, min_size=13, max_size=13))
    if previous is not None:
        numbers[-2] = draw(previous)
    if reported is not None:
        numbers[-1] = draw(reported)
    return numbers


@st.composite
def organizations(draw: Any, *, reported: Any = None, previous: Any = None) -> Grounds:
    month = Month(2026, draw(st.integers(1, 12)))
    return grounds(month=month, **{key: series(draw, reported=reported, previous=previous) for key in KEYS})


@SETTINGS
@given(organizations(reported=NOT_WHOLE))
def test_in_a_month_that_is_not_whole_only_missing_data_are_told(organization: Grounds) -> None:
    spoken = {rule.name for rule in (*FINDINGS, *ASKS) if rule.look(organization)}
    assert spoken <= {"usage_missing", "usage_frozen"}


@SETTINGS
@given(organizations(previous=NOT_WHOLE))
def test_nothing_is_compared_with_a_month_before_that_is_not_whole(organization: Grounds) -> None:
    compared = {"people_moved", "feature_ended", "agents_rose", "habit_apart", "team_fell"}
    assert not {rule.name for rule in FINDINGS if rule.name in compared and rule.look(organization)}


@SETTINGS
@given(organizations())
def test_whatever_is_said_rests_on_whole_figures_and_on_those_of_the_table(organization: Grounds) -> None:
    for rule in (*FINDINGS, *ASKS):
        found = rule.look(organization)
        if found and rule.name not in ("usage_missing", "usage_frozen"):
            assert found.says in rule.says
            assert set(found.figures) <= set(rule.evidence)
            assert {figure.state for figure in found.figures.values()} <= {State.MEASURED}
            assert found.sentence(organization.language)


def test_working_days_without_anybody_are_no_division_by_zero() -> None:
    rule = next(rule for rule in FINDINGS if rule.name == "habit_apart")
    nobody = grounds(people=[100] * 13, working_day_people=[60] * 12 + [0])

    found = rule.look(nobody)

    assert found is not None
    assert found.says == "finding.habit_behind"


@pytest.mark.parametrize("reported", [None, PARTLY])
def test_a_rise_of_agent_users_does_not_rest_on_a_month_that_is_not_whole(reported: str | None) -> None:
    rule = next(rule for rule in FINDINGS if rule.name == "agents_rose")

    found = rule.look(grounds(people=[200] * 12 + [reported], agent_people=[40] * 12 + [90]))

    assert found is not None
    assert set(found.figures) == {"agent_people"}


@pytest.mark.parametrize("name", ["people_moved", "habit_apart", "agents_rose"])
def test_the_rules_that_give_a_percentage_are_silent_on_a_base_under_20(name: str) -> None:
    rule = next(rule for rule in FINDINGS if rule.name == name)
    small = grounds(people=[19] * 12 + [60], working_day_people=[19] * 12 + [40], agent_people=[19] * 12 + [45])
    assert rule.look(small) is None
