"""The table of monthly metrics: missing values are never zero, and no comparison crosses a method change."""

import math

import pytest
from rule_contexts import PARTLY, kpi

from tabnine_report.analysis.monthly_table import MonthlyTable
from tabnine_report.model.month import Month
from tabnine_report.model.series import Series


def series(*numbers: float | str | None, breaks: tuple[str, ...] = ()) -> Series:
    history = kpi("active_users", numbers).history
    assert history is not None
    return history.model_copy(update={"breaks": breaks})


def column(table: MonthlyTable, frame: str) -> list[float | None]:
    """Return the only column of a frame, with None for NaN."""
    numbers = getattr(table, frame)["active_users"].tolist()
    return [None if math.isnan(number) else number for number in numbers]


def test_values_and_states_are_aligned_and_a_missing_value_is_no_zero() -> None:
    table = MonthlyTable({"active_users": series(None, PARTLY, 0), "chat_users": series(1, 2)})

    assert list(table.values.index) == list(table.states.index) == ["2026-08", "2026-09", "2026-10"]
    assert column(table, "values") == [None, 30, 0]
    assert list(table.states["active_users"]) == ["unavailable", "partial", "measured"]
    assert column(table, "complete") == [None, None, 0]
    assert table.values["chat_users"].isna().tolist() == [True, False, False]


def test_no_change_crosses_a_method_change() -> None:
    table = MonthlyTable({"active_users": series(100, 110, 200, 220, breaks=("2026-09",))})

    assert column(table, "changes") == [None, 10, None, 20]
    assert column(table, "relative_changes") == [None, 0.1, None, 0.1]


def test_only_months_since_the_newest_method_change_are_comparable() -> None:
    table = MonthlyTable({"active_users": series(100, 110, 200, 220, breaks=("2026-09",))})

    assert column(table, "comparable") == [None, None, 200, 220]
    assert table.value("active_users", Month(2026, 9)) == 200
    assert table.value("active_users", Month(2026, 8)) is None
    assert table.value("active_users", Month(2020, 1)) is None


@pytest.mark.parametrize("gap", [None, PARTLY])
def test_no_change_leads_from_or_to_an_incomplete_month(gap: str | None) -> None:
    table = MonthlyTable({"active_users": series(100, gap, 120, 150)})

    assert column(table, "changes") == [None, None, None, 30]


def test_a_base_too_small_for_a_percentage_has_a_change_but_no_relative_one() -> None:
    table = MonthlyTable({"active_users": series(0, 19, 20, 30)})

    assert column(table, "changes") == [None, 19, 1, 10]
    assert column(table, "relative_changes") == [None, None, None, 0.5]


def test_the_typical_change_is_the_median_size_before_the_reported_month() -> None:
    table = MonthlyTable({"active_users": series(100, 110, 99, 99, 990)})

    assert table.typical_change("active_users", 3) == pytest.approx(0.1)
    assert table.typical_change("active_users", 4) is None
