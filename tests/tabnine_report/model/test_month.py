"""Months: strict parsing, order, and finality."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tabnine_report.model.errors import MonthError
from tabnine_report.model.month import Month

BERLIN, AUCKLAND, HONOLULU = ZoneInfo("Europe/Berlin"), ZoneInfo("Pacific/Auckland"), ZoneInfo("Pacific/Honolulu")

months = st.builds(Month, st.integers(2003, 9000), st.integers(1, 12))
zones = st.sampled_from([BERLIN, AUCKLAND, HONOLULU, ZoneInfo("UTC")])
instants = st.datetimes(datetime(2005, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - naive bounds


@given(months)
def test_a_month_survives_writing_and_parsing(month: Month) -> None:
    assert Month.parse(str(month)) == month
    assert Month.parse(f" {month}\n") == month


@pytest.mark.parametrize(
    "text", ["2026-13", "2026-00", "2026-1", "26-10", "2026/10", "2026-10-01", "", "last month", "1999-12", "9999-01"]
)
def test_another_format_is_an_error_that_states_the_right_one(text: str) -> None:
    with pytest.raises(MonthError, match="write it as YYYY-MM"):
        Month.parse(text)


def test_digits_of_another_script_are_an_error() -> None:
    with pytest.raises(MonthError):
        Month.parse("\N{ARABIC-INDIC DIGIT TWO}026-10")


def test_the_error_shortens_a_long_text() -> None:
    with pytest.raises(MonthError) as error:
        Month.parse("x" * 10_000)

    assert len(str(error.value)) < 120


@given(months, st.integers(-24, 24))
def test_going_back_and_forth_returns_the_same_month(month: Month, steps: int) -> None:
    assert month.back(steps).back(-steps) == month
    assert (month.back(steps) < month) == (steps > 0)


@given(months)
def test_a_month_ends_when_the_next_one_starts(month: Month) -> None:
    assert month.end == month.back(-1).start
    assert month.days[0] == month.first_day == month.start.date()
    assert month.days[-1] + timedelta(days=1) == month.end.date()
    assert {day.month for day in month.days} == {month.number}


@given(months, st.integers(1, 24))
def test_the_last_months_are_consecutive_and_end_with_this_one(month: Month, count: int) -> None:
    last = month.last(count)

    assert len(last) == count
    assert last[-1] == month
    assert all(one.end == following.start for one, following in pairwise(last))


@given(instants)
def test_the_month_of_an_instant_contains_it(instant: datetime) -> None:
    month = Month.of(instant)

    assert month.start <= instant < month.end


@given(months, zones)
def test_the_month_of_an_instant_is_in_utc_whatever_its_time_zone(month: Month, zone: ZoneInfo) -> None:
    assert Month.of(month.start.astimezone(zone)) == month
    assert Month.of((month.end - timedelta(microseconds=1)).astimezone(zone)) == month


@given(instants, zones, st.integers(0, 28))
def test_the_last_final_month_is_final_and_the_next_one_is_not(
    instant: datetime, zone: ZoneInfo, settle_days: int
) -> None:
    month = Month.last_final(instant, zone, settle_days)

    assert month.is_final(instant, zone, settle_days)
    assert not month.back(-1).is_final(instant, zone, settle_days)


@given(months, zones, st.integers(0, 28))
def test_no_month_is_final_before_it_has_ended_in_utc(month: Month, zone: ZoneInfo, settle_days: int) -> None:
    assert not month.is_final(month.end - timedelta(seconds=1), zone, settle_days)


def test_october_is_final_from_the_second_of_november_local_time() -> None:
    october = Month(2026, 10)

    # Midnight in Berlin is 23:00 UTC in winter, in Auckland 11:00 the day before in summer, in Honolulu 10:00.
    for zone, final_from in (
        (BERLIN, datetime(2026, 11, 1, 23, tzinfo=UTC)),
        (AUCKLAND, datetime(2026, 11, 1, 11, tzinfo=UTC)),
        (HONOLULU, datetime(2026, 11, 2, 10, tzinfo=UTC)),
    ):
        assert not october.is_final(final_from - timedelta(seconds=1), zone, 1)
        assert october.is_final(final_from, zone, 1)


def test_without_settle_days_a_month_is_not_final_until_it_has_ended_in_utc() -> None:
    # In Auckland it is already 1 November; in UTC it is still October.
    at = datetime(2026, 10, 31, 20, tzinfo=UTC)

    assert at.astimezone(AUCKLAND).date() == date(2026, 11, 1)
    assert not Month(2026, 10).is_final(at, AUCKLAND, 0)


def test_february_of_a_leap_year_has_29_days() -> None:
    assert (len(Month(2024, 2).days), len(Month(2026, 2).days)) == (29, 28)


def test_months_sort_by_time() -> None:
    assert sorted([Month(2026, 2), Month(2025, 12), Month(2026, 1)]) == [
        Month(2025, 12),
        Month(2026, 1),
        Month(2026, 2),
    ]
