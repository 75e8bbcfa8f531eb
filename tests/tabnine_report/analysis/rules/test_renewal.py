"""Tests of the decision on the renewal of the license."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from rule_contexts import LANGUAGE, OCTOBER, action, estimate_of, rule_context

from tabnine_report.analysis.rules.renewal import decide_renewal
from tabnine_report.model.figure import Figure, Unit
from tabnine_report.model.findings import RecommendedAction
from tabnine_report.model.sections import SeatOutlook

NBSP = "\N{NO-BREAK SPACE}"
NOVEMBER_30, DECEMBER_31 = date(2026, 11, 30), date(2026, 12, 31)


SEATS: dict[str, Any] = {"seats": [100], "accounts": [90], "unassigned_seats": [10]}


def renewal(license_ends: date | None = None, notice_by: date | None = None, **series: Any) -> RecommendedAction | None:
    context = rule_context(**{"inactive_accounts": [None], **SEATS, **series})
    return action("decide_renewal", replace(context, license_ends=license_ends, notice_by=notice_by))


@pytest.mark.parametrize(
    ("ends", "recommended"),
    [
        (None, False),
        (date(2026, 10, 31), False),  # It ended within the month.
        (date(2026, 11, 1), True),
        (date(2027, 1, 29), True),
        (date(2027, 1, 30), False),  # 90 days after 1 November
    ],
)
def test_the_renewal_is_a_decision_shortly_before_the_license_ends(ends: date | None, *, recommended: bool) -> None:
    context = replace(rule_context(**SEATS, inactive_accounts=[None]), license_ends=ends)
    assert (decide_renewal(context, days_after_month=90) is not None) is recommended


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
    assert found.reason == " ".join(filter(None, ("10 of 100 seats are unassigned.", remark)))
    assert ("on 31 December 2026" in found.title) is (ends is not None and ends >= as_of)


@pytest.mark.parametrize(
    ("series", "reason", "worth"),
    [
        ({}, "10 of 100 seats are unassigned.", "up to 10 seats"),
        ({"unassigned_seats": [1]}, "1 of 100 seats is unassigned.", "up to 1 seat"),
        (
            {"inactive_accounts": [7], "unassigned_seat_spend": [390]},
            "10 of 100 seats are unassigned; inactive accounts: at least 7.",
            "up to 390",
        ),
        ({"unassigned_seats": [0], "accounts": [100]}, "All 100 seats are assigned.", ""),
        (
            {"unassigned_seats": [0], "accounts": [100], "inactive_accounts": [7]},
            "All seats are assigned; inactive accounts: at least 7 of 100.",
            "",
        ),
        ({"unassigned_seats": [0], "accounts": [105]}, "There are 105 accounts for 100 seats.", ""),
        ({"unassigned_seats": [None], "seats": [None]}, "The number of unassigned seats is not known.", ""),
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


def outlook(low: float, high: float, price: float | None = None, short: float | None = None) -> SeatOutlook:
    """Return an outlook of free seats on 31 December 2026."""
    seats = estimate_of(Figure(value=low, unit=Unit.SEATS), Figure(value=high, unit=Unit.SEATS))
    spend = estimate_of(*(Figure.money(number * price, "EUR") for number in (low, high))) if price else None
    missing = None if short is None else Figure(value=short, unit=Unit.SEATS)
    return SeatOutlook(date=DECEMBER_31, accounts=seats, free_seats=seats, free_spend=spend, short=missing)


@pytest.mark.parametrize(
    ("seats", "reason", "worth", "note"),
    [
        (
            outlook(4, 8, price=39),
            ("10 seats are unassigned now. The estimate for the renewal is 4 to 8, if accounts change as before."),
            "EUR 156 to 312",
            "a month from renewal, for 4 to 8 fewer seats (estimate; correct in 3 of 4 past months)",
        ),
        (
            outlook(4, 8),
            ("10 seats are unassigned now. The estimate for the renewal is 4 to 8, if accounts change as before."),
            "4 to 8 seats",
            "fewer from renewal (estimate; correct in 3 of 4 past months)",
        ),
        (
            outlook(0, 8, price=39, short=2),
            ("10 seats are unassigned now. The estimate for the renewal is up to 8, if accounts change as before."),
            "up to EUR 312",
            "a month from renewal, for up to 8 fewer seats (estimate; correct in 3 of 4 past months)",
        ),
        (
            outlook(0, 0, price=39, short=12),
            (
                "10 seats are unassigned now. "
                "At renewal, up to 12 will be missing, if accounts change as before (estimate)."
            ),
            "",
            "",
        ),
    ],
)
def test_the_renewal_follows_the_estimate(seats: SeatOutlook, reason: str, worth: str, note: str) -> None:
    context = replace(rule_context(**SEATS, inactive_accounts=[7]), license_ends=DECEMBER_31, outlook=seats)
    found = action("decide_renewal", context)
    assert found is not None
    assert (found.reason, found.worth.replace(NBSP, " "), found.worth_note) == (reason, worth, note)


def test_an_estimate_for_a_day_that_has_passed_is_not_used() -> None:
    late = date(2027, 1, 5)
    context = replace(rule_context(**SEATS, inactive_accounts=[7]), license_ends=DECEMBER_31, outlook=outlook(4, 8))
    found = action("decide_renewal", replace(context, as_of=late))
    assert found is not None
    assert "estimate" not in f"{found.reason} {found.worth_note}"
