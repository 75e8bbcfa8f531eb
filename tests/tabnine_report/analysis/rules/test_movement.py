"""Tests of changes across a method change."""

from rule_contexts import kpi, rule_context

from tabnine_report.analysis.rules.movement import is_counted_anew, moves, steps, value_of, values
from tabnine_report.model.kpi import Series
from tabnine_report.model.month import Month


def method_change(since: str, *numbers: float) -> Series:
    history = kpi("active_users", numbers).history
    assert history is not None
    return history.model_copy(update={"breaks": (since,)})


def test_no_change_crosses_a_method_change() -> None:
    history = method_change("2026-09", 100, 110, 200, 220)

    assert steps(history) == [10, 20]
    assert moves(history) == [0.1, None, 0.1]


def test_values_before_a_method_change_are_not_comparable() -> None:
    history = method_change("2026-09", 100, 110, 200, 220)

    assert values(history) == [None, None, 200, 220]
    assert (value_of(history, Month(2026, 9)), value_of(history, Month(2026, 8))) == (200, None)


def test_a_method_change_applies_to_the_month_of_the_break_only() -> None:
    people = rule_context(active_users=[100, 110]).kpis["active_users"]
    broken = people.model_copy(update={"history": method_change("2026-10", 100, 110)})

    assert is_counted_anew(broken, Month(2026, 10))
    assert not is_counted_anew(broken, Month(2026, 9))
    assert not is_counted_anew(people, Month(2026, 10))
