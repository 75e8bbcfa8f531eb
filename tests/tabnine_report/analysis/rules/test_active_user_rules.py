"""Tests of the active user rules at, below and above each threshold."""

from typing import Any

import pytest
from rule_contexts import PARTLY, rule_context

from tabnine_report.analysis.rules.active_users import active_users_changed, active_users_record, stickiness_changed
from tabnine_report.model.month import Month

THRESHOLDS: dict[str, Any] = {"min_changes": 4, "times_typical": 1.5, "min_people": 5, "min_share": 0.03}
CALM = [100, 101, 102, 103, 104, 100]
"""A typical month changes by 1.0%, so the minimum share of 3% applies, then the minimum number of people."""


@pytest.mark.parametrize(
    ("before", "now", "says"),
    [
        ([*CALM], 104, None),  # 4 people.
        ([*CALM], 105, "active_users_rose"),  # 5 people, 5 %.
        ([*CALM], 95, "active_users_fell"),
        ([200, 202, 204, 206, 208, 200], 205, None),  # 5 people are 2.5 %: under 3 %.
        ([200, 202, 204, 206, 208, 200], 206, "active_users_rose"),  # 3 %.
        ([100, 110, 100, 110, 100], 114, None),  # The median of 10, 9.1, 10, 9.1 % is 9.5 %; 14 % is under 14.3 %.
        ([100, 110, 100, 110, 100], 115, "active_users_rose"),
        ([100, 101, 102, 100], 150, None),  # Three movements do not say what is ordinary.
        ([*CALM[:-1], 19], 40, None),  # A base of 19 has no percentage.
        ([*CALM[:-1], 20], 40, "active_users_rose"),
    ],
)
def test_active_users_beyond_the_typical_change(before: list[float], now: float, says: str | None) -> None:
    found = active_users_changed(rule_context(active_users=[*before, now]), **THRESHOLDS)
    assert (found and found.words) == says


@pytest.mark.parametrize("series", [[*CALM, PARTLY], [*CALM, None], [*CALM[:-1], PARTLY, 150], [*CALM[:-1], None, 150]])
def test_active_users_are_never_compared_with_an_incomplete_month(series: list[float | str | None]) -> None:
    assert active_users_changed(rule_context(active_users=series), **THRESHOLDS) is None


@pytest.mark.parametrize("month", [Month(2026, 8), Month(2026, 9), Month(2026, 12), Month(2027, 1)])
@pytest.mark.parametrize(
    ("year_before", "now", "says"),
    [
        (120, 80, "active_users_fell"),  # Down from the month before and from the year before.
        (78, 80, None),  # Down from the month before, as every year.
        (82, 80, None),  # 2.4 % under the year before are within the ordinary.
        (80, 120, "active_users_rose"),
        (120, 121, None),
        (None, 80, None),
        (PARTLY, 80, None),
        (19, 120, None),
    ],
)
def test_around_august_and_december_the_year_before_has_to_agree(
    month: Month, year_before: float | str | None, now: float, says: str | None
) -> None:
    series = [year_before, *[100, 101] * 5, 100, now]
    found = active_users_changed(rule_context(month=month, active_users=series), **THRESHOLDS)
    assert (found and found.words) == says


APART: dict[str, Any] = {"min_changes": 4, "times_typical": 1.5, "min_people": 5, "min_share": 0.05}


@pytest.mark.parametrize(
    ("stickiness", "says"),
    [(104, None), (105, "stickiness_rose"), (96, None), (95, "stickiness_fell")],
)
def test_stickiness_beyond_the_typical_change(stickiness: float, says: str | None) -> None:
    both = rule_context(active_users=[200] * 7, average_daily_active_users=[100] * 6 + [stickiness])
    found = stickiness_changed(both, **APART)
    assert (found and found.words) == says
    around = rule_context(
        month=Month(2026, 9), active_users=[200] * 7, average_daily_active_users=[100] * 6 + [stickiness]
    )
    assert stickiness_changed(around, **APART) is None


RECORD = {"min_months": 6, "min_people": 5, "months_since": 3}


@pytest.mark.parametrize(
    ("series", "says"),
    [
        ([90, 100, 91, 92, 93, 94, 105], "active_users_highest"),  # 5 more than the most, five months ago.
        ([90, 100, 91, 92, 93, 94, 104], None),  # 4 more.
        ([90, 91, 92, 93, 94, 100, 105], None),  # A record every month is no news.
        ([90, 91, 92, 100, 93, 94, 105], "active_users_highest"),  # Three months ago.
        ([90, 91, 92, 93, 100, 94, 105], None),  # Two months ago.
        ([90, 80, 91, 92, 93, 94, 75], "active_users_lowest"),
        ([90, 80, 91, 92, 93, 94, 76], None),
        ([100, 91, 92, 93, 94, 105], None),  # Five months before are too few for a record.
        ([100, 90, 91, 92, 93, None, 94, PARTLY, 105], "active_users_highest"),
        ([90, 100, 91, 92, 93, 94, PARTLY], None),
    ],
)
def test_a_record(series: list[float | str | None], says: str | None) -> None:
    found = active_users_record(rule_context(active_users=series), **RECORD)
    assert (found and found.words) == says
    if found:
        known = [number for number in series if isinstance(number, int)]
        assert found.values["months"] == str(len(known))


@pytest.mark.parametrize(("year_before", "says"), [(120, "active_users_lowest"), (64, None), (None, None)])
def test_a_record_in_december_takes_the_december_before(year_before: float | None, says: str | None) -> None:
    december = rule_context(month=Month(2026, 12), active_users=[year_before, *[100, 99, 101] * 3, 100, 101, 60])
    found = active_users_record(december, **RECORD)
    assert (found and found.words) == says
