"""Estimates from the past, and their record."""

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tabnine_report.analysis.estimates import (
    LEAST_CHANGES,
    LEAST_TRIES,
    Record,
    Subject,
    Values,
    estimate,
    range_ahead,
    record_of,
)
from tabnine_report.model.estimate import Estimate
from tabnine_report.model.figure import Figure, Source, Unit
from tabnine_report.model.month import Month
from tabnine_report.model.series import Point, Series
from tabnine_report.text.i18n import Language

STEADY = [100 + 10 * month for month in range(13)]
SOURCE = Source(endpoint="/api/v1/organization/account-utilizations", formula="accounts + changes", period="2027-01-31")
SUBJECT = Subject(key="accounts", label="Accounts", period="2027-01-31", method="A method.", source=SOURCE)


def estimate_of(values: Values, months_ahead: int, *, breaks: tuple[str, ...] = ()) -> Estimate:
    figures = [
        Figure.unavailable(Unit.ACCOUNTS, "It is not known.")
        if value is None
        else Figure(value=value, unit=Unit.ACCOUNTS, source=SOURCE)
        for value in values
    ]
    months = Month(2026, 10).last(len(figures))
    points = tuple(Point(period=str(month), figure=figure) for month, figure in zip(months, figures, strict=True))
    series = Series(label="Accounts", unit=Unit.ACCOUNTS, points=points, breaks=breaks)
    return estimate(series, months_ahead, SUBJECT, Language("en", ZoneInfo("UTC")))


def test_a_range_is_the_last_value_plus_the_lowest_and_highest_change_of_each_month_ahead() -> None:
    accounts = [323, 334, 348, 359, 371, 382, 393, 399, 407, 416, 422, 433, 442]

    result = estimate_of(accounts, months_ahead=3)

    assert (result.low.value, result.high.value) == (442 + 3 * 6, 442 + 3 * 14)
    assert (result.lowest_change.value, result.highest_change.value) == (6, 14)
    # Ranges from the 7th to the 10th month: the first one, 426 to 435, missed 416.
    record = "In 3 of 4 past months, the actual value was within the estimated range."
    assert (result.tries, result.held, result.record) == (4, 3, record)
    assert (result.low.source, result.key, result.period) == (SOURCE, "accounts", "2027-01-31")


def test_a_figure_that_changes_evenly_is_estimated_exactly() -> None:
    result = estimate_of(STEADY, months_ahead=2)

    assert result.low == result.high
    assert result.low.value == STEADY[-1] + 20
    assert result.held == result.tries == 13 - LEAST_CHANGES - 2


def test_a_figure_that_accelerates_has_no_estimate_but_a_record() -> None:
    result = estimate_of([2.0**month for month in range(13)], months_ahead=1)

    record = "In 0 of 6 past months, the actual value was within the estimated range."
    assert (result.tries, result.held, result.record) == (6, 0, record)
    assert not result.known
    reason = "In only 0 of 6 past months, the actual value was within the estimated range; 75% is required."
    assert result.low.reason == result.high.reason == reason


@pytest.mark.parametrize("months", [1, LEAST_CHANGES])
def test_too_few_months_have_no_estimate(months: int) -> None:
    result = estimate_of(STEADY[:months], months_ahead=1)

    assert (result.known, result.tries) == (False, 0)
    assert result.record == "The method could not be tested on past months."
    assert result.low.reason == "The method must be tested on at least 3 past months, but there are only 0."


@pytest.mark.parametrize(("tries", "known"), [(LEAST_TRIES - 1, False), (LEAST_TRIES, True)])
def test_an_estimate_needs_three_tries(tries: int, *, known: bool) -> None:
    result = estimate_of(STEADY[: LEAST_CHANGES + 1 + tries], months_ahead=1)

    assert (result.tries, result.known) == (tries, known)


@pytest.mark.parametrize(("held", "proven"), [(2, False), (3, True), (4, True)])
def test_three_in_four_tries_must_have_held(held: int, *, proven: bool) -> None:
    assert Record(tries=4, held=held).is_proven is proven


def test_a_missing_last_value_is_the_reason() -> None:
    result = estimate_of([*STEADY[:-1], None], months_ahead=1)

    assert result.low.reason == "It is not known."
    assert result.tries == 5


def test_no_change_is_computed_across_a_missing_month() -> None:
    result = range_ahead([0, None, *STEADY[2:]], months_ahead=1)

    assert result is not None
    assert result.highest_change == 10


def test_nothing_before_a_method_change_is_used() -> None:
    values = [900, 100, *STEADY[2:]]
    assert estimate_of(values, months_ahead=1).lowest_change.value == -800

    after = estimate_of(values, months_ahead=1, breaks=("2025-12",))
    assert (after.lowest_change.value, after.highest_change.value, after.tries) == (10, 10, 4)


def test_a_falling_figure_does_not_fall_below_zero() -> None:
    result = estimate_of(list(range(12, -1, -1)), months_ahead=3)

    assert result.low.value == result.high.value == 0


VALUES = st.lists(st.one_of(st.none(), st.integers(0, 10_000)), min_size=1, max_size=14)


@given(VALUES, st.integers(1, 12))
def test_every_estimate_is_a_range_with_a_possible_record(values: Values, months_ahead: int) -> None:
    result = estimate_of(values, months_ahead)

    assert 0 <= result.held <= result.tries <= max(0, len(values) - LEAST_CHANGES - months_ahead)
    if result.low.value is not None and result.high.value is not None:
        assert 0 <= result.low.value <= result.high.value
        assert result.tries >= LEAST_TRIES
        assert result.held / result.tries >= 0.75
    else:
        assert result.low.reason == result.high.reason != ""


@given(VALUES, st.integers(1, 12), st.integers(0, 10_000))
def test_a_try_knows_only_the_months_before_it(values: Values, months_ahead: int, later: int) -> None:
    before, after = record_of(values, months_ahead), record_of([*values, later], months_ahead)

    assert after.tries - before.tries in (0, 1)
    assert after.held - before.held in (0, after.tries - before.tries)
