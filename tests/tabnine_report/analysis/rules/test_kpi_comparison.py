"""Method changes of a single KPI."""

from rule_contexts import rule_context

from tabnine_report.analysis.rules.kpi_comparison import has_method_change
from tabnine_report.model.month import Month


def test_a_method_change_applies_to_the_month_of_the_break_only() -> None:
    people = rule_context(active_users=[100, 110]).kpis["active_users"]
    assert people.history is not None
    broken = people.model_copy(update={"history": people.history.model_copy(update={"breaks": ("2026-10",)})})

    assert has_method_change(broken, Month(2026, 10))
    assert not has_method_change(broken, Month(2026, 9))
    assert not has_method_change(people, Month(2026, 10))
