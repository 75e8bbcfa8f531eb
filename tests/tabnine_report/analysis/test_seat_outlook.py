"""The seats at the license's end and the next month's agent spend, computed by hand."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_organization import AgentUse, Build, Organization, accounts_of

from tabnine_report.analysis.seat_outlook import month_ends_until
from tabnine_report.model.estimate import Estimate
from tabnine_report.model.month import Month
from tabnine_report.model.report import MonthlyReport
from tabnine_report.model.sections import SeatOutlook

PRICE = (39, "EUR")
OCTOBER = Month(2026, 10)
UNTRIED = "The method must be tested on at least 3 past months, but there are only 0."


@pytest.fixture
def acme(acme: Organization) -> Organization:
    """60 seats until 1 February 2027; 38 accounts a year ago, one more in each month, and 50 now."""
    return with_accounts(acme, *range(38, 51))


def with_accounts(acme: Organization, *numbers: int) -> Organization:
    months = OCTOBER.last(len(numbers))
    acme.accounts = {str(month): accounts_of(month, number) for month, number in zip(months, numbers, strict=True)}
    acme.users = (numbers[-1], 0, 3, 0)
    return acme


def outlook_of(report: MonthlyReport) -> SeatOutlook:
    assert report.seats.outlook is not None
    return report.seats.outlook


def ends(acme: Organization, day: date) -> None:
    acme.license["exp"] = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())


def values(estimate: Estimate | None) -> tuple[float | None, float | None]:
    assert estimate is not None
    return estimate.low.value, estimate.high.value


def test_the_seats_without_an_account_at_the_licenses_end(acme: Organization, build: Build) -> None:
    outlook = outlook_of(build(acme, price=PRICE))

    assert outlook.date == date(2027, 2, 1)
    assert values(outlook.accounts) == (53, 53)
    assert values(outlook.free_seats) == (7, 7)
    assert values(outlook.free_spend) == (273, 273)
    assert outlook.short is None
    assert (outlook.accounts.tries, outlook.accounts.held) == (4, 4)
    record = "In 4 of 4 past months, the actual value was within the estimated range."
    assert outlook.free_seats.record == outlook.accounts.record == record
    assert outlook.accounts.label == "Accounts on 1 February 2027 (estimate)"
    assert outlook.accounts.method == (
        "The accounts at the end of October 2026, plus the lowest or the highest monthly change so far, for each of "
        "the 3 month ends until 1 February 2027."
    )
    assert outlook.free_seats.low.as_of == acme.now


def test_the_fewest_accounts_leave_the_most_seats(acme: Organization, build: Build) -> None:
    numbers = [30, 32, 35, 37, 40, 42, 45, 47, 50, 52, 55, 57, 50]
    numbers[-1] = 60
    acme.license["seats"] = 68
    outlook = outlook_of(build(with_accounts(acme, *numbers), price=PRICE))

    assert values(outlook.accounts) == (60 + 3 * 2, 60 + 3 * 3)
    assert values(outlook.free_seats) == (0, 2)
    assert values(outlook.free_spend) == (0, 78)
    assert (outlook.short and outlook.short.value) == 1


def test_without_a_price_there_is_no_spend(acme: Organization, build: Build) -> None:
    assert outlook_of(build(acme)).free_spend is None


def test_a_license_without_an_end_has_the_notice_deadline(acme: Organization, build: Build) -> None:
    del acme.license["exp"]
    assert build(acme).seats.outlook is None

    assert outlook_of(build(acme, targets={"notice_by": date(2026, 12, 15)})).date == date(2026, 12, 15)


@pytest.mark.parametrize("day", [date(2026, 10, 20), date(2026, 11, 1), date(2026, 11, 29)])
def test_without_a_month_end_until_the_licenses_end_there_is_no_outlook(
    acme: Organization, build: Build, day: date
) -> None:
    ends(acme, day)

    assert build(acme).seats.outlook is None


@pytest.mark.parametrize("missing", ["seats", "license"])
def test_without_seats_there_is_no_outlook(acme: Organization, build: Build, missing: str) -> None:
    if missing == "license":
        acme.failed["license"] = 500
    acme.license["seats"] = "unlimited"

    assert build(acme, targets={"notice_by": date(2027, 1, 15)}).seats.outlook is None


def test_an_estimate_that_did_not_prove_itself_is_not_given(acme: Organization, build: Build) -> None:
    ends(acme, date(2027, 8, 31))
    outlook = outlook_of(build(acme, price=PRICE))

    assert outlook.short is None
    for estimate in (outlook.accounts, outlook.free_seats, outlook.free_spend):
        assert estimate is not None
        assert (estimate.low.reason, estimate.high.reason) == (UNTRIED, UNTRIED)


def test_withheld_accounts_are_the_reason(acme: Organization, build: Build) -> None:
    acme.users = (30, 0, 3, 0)

    assert outlook_of(build(acme)).free_seats.low.reason.startswith("The API's list of users contradicts")


@pytest.mark.parametrize(
    ("day", "month_ends"),
    [
        (date(2026, 10, 31), 0),
        (date(2026, 11, 29), 0),
        (date(2026, 11, 30), 1),
        (date(2026, 12, 1), 1),
        (date(2027, 1, 30), 2),
        (date(2027, 1, 31), 3),
        (date(2027, 2, 1), 3),
        (date(2028, 2, 28), 15),
        (date(2028, 2, 29), 16),
        (date(2026, 9, 30), -1),
        (date.max, 95_678),
    ],
)
def test_month_ends_are_counted_from_the_reported_months_end(day: date, month_ends: int) -> None:
    assert month_ends_until(day, OCTOBER) == month_ends


def spends(acme: Organization, *amounts: float) -> Organization:
    months = OCTOBER.last(len(amounts))
    acme.agents = AgentUse(cost={str(month): amount for month, amount in zip(months, amounts, strict=True)})
    return acme


def forecast_of(report: MonthlyReport) -> Estimate:
    assert report.seats.agents is not None
    assert report.seats.agents.forecast is not None
    return report.seats.agents.forecast


def test_the_next_months_agent_spend(acme: Organization, build: Build) -> None:
    forecast = forecast_of(build(spends(acme, *(100.0 + 5 * month + month % 2 for month in range(13)))))

    assert (forecast.period, forecast.label) == ("2026-11", "Agent spend in November 2026 (estimate)")
    assert values(forecast) == (160 + 4, 160 + 6)
    assert (forecast.low.currency, forecast.tries, forecast.held) == ("USD", 6, 6)


def test_an_accelerating_agent_spend_has_no_forecast(acme: Organization, build: Build) -> None:
    forecast = forecast_of(build(spends(acme, *(1.5**month for month in range(13)))))

    assert forecast.low.reason == (
        "In only 0 of 6 past months, the actual value was within the estimated range; 75% is required."
    )


def test_without_agent_spend_there_is_no_forecast(acme: Organization, build: Build) -> None:
    agents = build(acme).seats.agents

    assert agents is not None
    assert agents.forecast is None


@settings(
    max_examples=40, derandomize=True, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(
    numbers=st.lists(st.integers(0, 80), min_size=1, max_size=13),
    seats=st.integers(1, 80),
    day=st.dates(date(2026, 10, 1), date(2027, 6, 30)),
)
def test_seats_and_accounts_of_an_outlook_add_up(
    acme: Organization, build: Build, numbers: list[int], seats: int, day: date
) -> None:
    acme.license["seats"] = seats
    ends(acme, day)
    outlook = build(with_accounts(acme, *numbers), price=PRICE).seats.outlook

    if outlook is None or not outlook.accounts.known:
        return
    fewest, most = outlook.accounts.low.value or 0, outlook.accounts.high.value or 0
    free = max(0, seats - most), max(0, seats - fewest)
    assert values(outlook.free_seats) == free
    assert values(outlook.free_spend) == (free[0] * PRICE[0], free[1] * PRICE[0])
    assert (outlook.short.value if outlook.short else 0) == max(0, most - seats)
