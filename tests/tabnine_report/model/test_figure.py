"""Figures: a missing value never becomes zero, the worst state wins, and reasons are kept."""

import math
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import ValidationError

from tabnine_report.model.figure import (
    Figure,
    Source,
    State,
    Unit,
    difference,
    priced,
    ratio,
    relative_change,
    times,
    total,
)

IF_ZERO = "There were no accounts."
SOURCE = Source(endpoint="/api/v1/organization/usage", field="activeUsers", period="2026-10")
WORSE = [State.MEASURED, State.PARTIAL, State.UNAVAILABLE, State.DISCONTINUED, State.SUPPRESSED]
WITHOUT_VALUE = {State.UNAVAILABLE, State.DISCONTINUED, State.SUPPRESSED}


@st.composite
def figures(draw: st.DrawFn, smallest: int = 0) -> Figure:
    state = draw(st.sampled_from(State))
    return Figure(
        value=None if state in WITHOUT_VALUE else draw(st.integers(smallest, 10**9)),
        unit=Unit.PEOPLE,
        state=state,
        reason="" if state is State.MEASURED else draw(st.sampled_from(["One.", "Two.", "Three."])),
        as_of=draw(st.none() | st.datetimes(timezones=st.just(UTC))),
    )


COMPUTATIONS: list[Callable[[Figure, Figure], Figure]] = [
    lambda a, b: total([a, b]),
    difference,
    partial(ratio, if_zero=IF_ZERO),
    partial(relative_change, if_zero=IF_ZERO),
    lambda a, b: ratio(difference(a, b), total([a, b]), if_zero=IF_ZERO),
]


@pytest.mark.parametrize("compute", COMPUTATIONS)
@given(a=figures(), b=figures())
def test_a_result_of_a_missing_value_is_missing(
    compute: Callable[[Figure, Figure], Figure], a: Figure, b: Figure
) -> None:
    assume(not (a.known and b.known))

    assert compute(a, b).value is None


@pytest.mark.parametrize("compute", [lambda a, b: total([a, b]), difference])
@given(a=figures(), b=figures())
def test_the_worst_state_wins_and_its_reason_is_kept(
    compute: Callable[[Figure, Figure], Figure], a: Figure, b: Figure
) -> None:
    result = compute(a, b)

    assert result.state is max(a.state, b.state, key=WORSE.index)
    for part in (a, b):
        if part.state is result.state:
            assert part.reason in result.reason


@given(a=figures(), b=figures(smallest=1))
def test_a_ratio_has_the_worse_state_of_its_parts(a: Figure, b: Figure) -> None:
    assert ratio(a, b, if_zero=IF_ZERO).state is max(a.state, b.state, key=WORSE.index)


@given(figures())
def test_a_division_by_zero_is_unavailable_with_the_reason(part: Figure) -> None:
    assume(part.known)
    result = ratio(part, Figure.measured(0, Unit.ACCOUNTS, SOURCE), if_zero=IF_ZERO)

    assert (result.value, result.state) == (None, State.UNAVAILABLE)
    assert result.reason == IF_ZERO


AT_LEAST = Figure.measured(90, Unit.PEOPLE, SOURCE).raised_to(105, "At least.")


@given(figures())
def test_a_sum_or_a_share_of_a_lower_bound_is_a_lower_bound(other: Figure) -> None:
    assume(other.known and other.value != AT_LEAST.value)  # "At least 0" states nothing.

    assert (AT_LEAST.value, AT_LEAST.state) == (105, State.PARTIAL)
    for result in (total([AT_LEAST, other]), difference(AT_LEAST, other)):
        assert (result.at_least, result.state) == (True, State.PARTIAL)
        assert "At least." in result.reason


@st.composite
def bounds(draw: st.DrawFn) -> tuple[Figure, int]:
    """Return a figure and the true number, which it may be a bound of."""
    value, bound = draw(st.integers(0, 50)), draw(st.sampled_from(["", "at_least", "at_most"]))
    if not bound:
        return Figure(value=value, unit=Unit.PEOPLE), value
    figure = Figure(value=value, unit=Unit.PEOPLE, state=State.PARTIAL, reason="A bound.", **{bound: True})
    return figure, draw(st.integers(value, 100) if bound == "at_least" else st.integers(0, value))


@pytest.mark.parametrize("compute", [*COMPUTATIONS, lambda a, _: priced(a, 2.5, "EUR")])
@given(bounds(), bounds())
def test_the_true_number_is_never_beyond_a_bound(
    compute: Callable[[Figure, Figure], Figure], a: tuple[Figure, int], b: tuple[Figure, int]
) -> None:
    result = compute(a[0], b[0])
    true = compute(*(Figure(value=number, unit=Unit.PEOPLE) for _, number in (a, b))).value
    if result.value is None or true is None:
        return
    excess, rounding = true - result.value, 1e-9

    assert result.at_least or excess <= rounding
    assert result.at_most or excess >= -rounding
    assert result.value or not result.at_least


@pytest.mark.parametrize("compute", [difference, partial(ratio, if_zero=IF_ZERO)])
def test_two_lower_bounds_have_no_known_difference_or_ratio(compute: Callable[[Figure, Figure], Figure]) -> None:
    result = compute(AT_LEAST, AT_LEAST)

    assert (result.value, result.state, result.reason) == (None, State.UNAVAILABLE, "At least.")


@pytest.mark.parametrize(("part", "expected"), [(-1, None), (0, 0), (1, 1 / 105), (-0.5, None)])
def test_a_share_of_a_lower_bound_is_unknown_only_if_the_part_is_negative(part: float, expected: float | None) -> None:
    share = ratio(Figure.measured(part, Unit.PEOPLE, SOURCE), AT_LEAST, if_zero=IF_ZERO)

    assert share.value == (None if expected is None else pytest.approx(expected))
    assert share.bound == ("at_most" if expected else "")
    assert share.reason == "At least."


def test_a_figure_that_loses_its_value_or_its_bound_is_no_bound() -> None:
    counted = Figure.measured(3, Unit.PEOPLE, SOURCE).as_lower_bound()
    assert counted.bound == "at_least"
    assert counted.as_counted().bound == ""
    assert (counted.suppressed("Too few.").at_least, counted.suppressed("Too few.").at_most) == (False, False)


def test_a_multiple_has_the_state_and_the_bound_of_the_figure() -> None:
    assert times(AT_LEAST, 3) == AT_LEAST.with_value(315)
    missing = Figure.unavailable(Unit.PEOPLE, "The API was down.")
    assert times(missing, 3) == missing


def test_at_least_zero_is_unavailable() -> None:
    nothing = Figure.measured(0, Unit.PEOPLE, SOURCE).raised_to(0, "At least.")

    assert (nothing.value, nothing.state, nothing.at_least) == (None, State.UNAVAILABLE, False)
    assert Figure.model_validate(nothing.model_dump()) == nothing
    assert Figure.measured(0, Unit.SEATS, SOURCE).as_lower_bound().at_least is False


def test_a_figure_without_a_value_or_with_two_directions_is_no_bound() -> None:
    with pytest.raises(ValueError, match="is a bound"):
        Figure(value=None, unit=Unit.PEOPLE, state=State.UNAVAILABLE, reason="Not reported.", at_least=True)
    with pytest.raises(ValueError, match="both a lower and an upper bound"):
        Figure(value=1, unit=Unit.PEOPLE, at_least=True, at_most=True)


@given(figures(), figures())
def test_a_result_is_as_of_its_oldest_part(a: Figure, b: Figure) -> None:
    moments = [part.as_of for part in (a, b) if part.as_of is not None]

    assert difference(a, b).as_of == (min(moments) if moments else None)


@given(st.lists(figures(), min_size=1, max_size=8))
def test_a_sum_is_missing_if_any_part_is(parts: list[Figure]) -> None:
    result = total(parts)

    values = [part.value for part in parts if part.value is not None]
    assert result.value == (sum(values) if len(values) == len(parts) else None)


@given(figures(), st.sampled_from(["One.", "Four."]))
def test_marking_a_figure_partial_keeps_its_reasons_and_its_value(figure: Figure, reason: str) -> None:
    marked = figure.partial(reason)

    assert marked.value == figure.value
    if figure.known:
        assert marked.state is State.PARTIAL
        assert figure.reason in marked.reason
        assert marked.reason.count(reason) == 1
    else:
        assert marked == figure


def test_arithmetic() -> None:
    october, september = Figure.measured(412, Unit.PEOPLE, SOURCE), Figure.measured(389, Unit.PEOPLE, SOURCE)

    assert difference(october, september).value == 23
    assert relative_change(october, september, if_zero=IF_ZERO).value == pytest.approx(23 / 389)
    assert ratio(Figure.measured(236, Unit.PEOPLE, SOURCE), october, if_zero=IF_ZERO).unit is Unit.SHARE
    assert total([october, september]).value == 801


def test_a_change_against_an_unavailable_month_is_unavailable_with_its_reason() -> None:
    missing = Figure.unavailable(Unit.PEOPLE, "The API was down.")
    change = relative_change(Figure.measured(5, Unit.PEOPLE, SOURCE), missing, if_zero=IF_ZERO)

    assert (change.state, change.reason) == (State.UNAVAILABLE, "The API was down.")


def test_equal_reasons_appear_once_and_different_ones_are_joined() -> None:
    one, two = (Figure.unavailable(Unit.PEOPLE, reason) for reason in ("One.", "Two."))

    assert difference(one, one).reason == "One."
    assert difference(one, two).reason == "One. Two."


def test_suppressed_wins_over_unavailable() -> None:
    suppressed = Figure(value=None, unit=Unit.PEOPLE, state=State.SUPPRESSED, reason="Too few people.")
    result = difference(Figure.unavailable(Unit.PEOPLE, "Not reported."), suppressed)

    assert (result.state, result.reason) == (State.SUPPRESSED, "Too few people.")


def test_why_another_part_is_partial_is_not_the_reason_of_a_missing_result() -> None:
    counted = Figure.measured(3, Unit.PEOPLE, SOURCE)
    result = total([counted.partial("At least."), counted.suppressed("Too few people.")])

    assert (result.state, result.reason) == (State.SUPPRESSED, "Too few people.")


@pytest.mark.parametrize(
    "impossible",
    [
        {"value": None},
        {"value": 3, "state": State.UNAVAILABLE, "reason": "Not reported."},
        {"value": 3, "reason": "Why?"},
        {"value": 3, "state": State.PARTIAL},
        {"value": None, "state": State.DISCONTINUED},
        {"value": math.nan},
        {"value": math.inf},
    ],
)
def test_value_state_and_reason_must_agree(impossible: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Figure(unit=Unit.PEOPLE, **impossible)


def test_an_impossible_figure_is_named() -> None:
    with pytest.raises(ValidationError, match="A figure that is partial has no reason"):
        Figure(value=3, unit=Unit.PEOPLE, state=State.PARTIAL)
    with pytest.raises(ValidationError, match="A figure that is measured has a reason"):
        Figure(value=3, unit=Unit.PEOPLE, reason="Why?")


def test_a_figure_and_its_source_cannot_be_changed() -> None:
    figure = Figure.measured(3, Unit.PEOPLE, SOURCE)
    with pytest.raises(ValidationError, match="frozen"):
        figure.value = 4  # type: ignore[misc]
    with pytest.raises(ValidationError, match="frozen"):
        SOURCE.field = "seats"  # type: ignore[misc]


@given(figures())
def test_a_figure_survives_json(figure: Figure) -> None:
    assert Figure.model_validate_json(figure.model_dump_json()) == figure


def test_a_sum_of_different_units_is_an_error() -> None:
    with pytest.raises(ValueError, match="one unit"):
        total([Figure.measured(1, Unit.PEOPLE, SOURCE), Figure.measured(1, Unit.SEATS, SOURCE)])
    with pytest.raises(ValueError, match="one unit"):
        total([])


def test_counts_stay_integers_through_json() -> None:
    figure = Figure.measured(412, Unit.PEOPLE, SOURCE, as_of=datetime(2026, 11, 2, tzinfo=UTC))

    assert type(Figure.model_validate_json(figure.model_dump_json()).value) is int


def test_a_reason_that_another_one_contains_appears_once() -> None:
    one = Figure.unavailable(Unit.SEATS, "No accounts.")
    both = Figure.unavailable(Unit.SEATS, "No accounts. No people.")

    assert total([one, both]).reason == total([both, one]).reason == "No accounts. No people."


def test_only_money_has_a_currency() -> None:
    assert Figure.money(12.5, "EUR").currency == "EUR"
    with pytest.raises(ValueError, match="money has no currency"):
        Figure(value=1, unit=Unit.MONEY)
    with pytest.raises(ValueError, match="seats has a currency"):
        Figure(value=1, unit=Unit.SEATS, currency="EUR")
    assert Figure.unavailable(Unit.MONEY, "Not reported.").currency == ""


def test_a_priced_figure_is_money_in_the_state_of_the_figure() -> None:
    seats = Figure(value=12, unit=Unit.SEATS)
    missing = Figure.unavailable(Unit.SEATS, "Not reported.")

    assert priced(seats, 2.5, "EUR") == Figure.money(30.0, "EUR")
    # As floats, 13 * 19.95 is 259.34999999999997.
    assert priced(Figure(value=13, unit=Unit.SEATS), 19.95, "EUR").value == 259.35
    assert priced(seats.partial("Not all."), 2.5, "EUR").state is State.PARTIAL
    assert (priced(missing, 2.5, "EUR").value, priced(missing, 2.5, "EUR").reason) == (None, "Not reported.")


def test_computations_need_one_currency() -> None:
    euros, dollars = Figure.money(30, "EUR"), Figure.money(10, "USD")

    assert total([euros, euros]) == Figure.money(60, "EUR")
    assert ratio(euros, Figure.money(60, "EUR"), if_zero=IF_ZERO) == Figure(value=0.5, unit=Unit.SHARE)
    computations: list[Callable[[Figure, Figure], Figure]] = [
        lambda a, b: total([a, b]),
        difference,
        partial(ratio, if_zero=IF_ZERO),
    ]
    for compute in computations:
        with pytest.raises(ValueError, match="one currency"):
            compute(euros, dollars)
