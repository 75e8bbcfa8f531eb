"""Estimates for the sample report: given, or not given because too few of them held."""

from datetime import date

from tabnine_report.model.estimate import Estimate
from tabnine_report.model.figure import Figure, Unit
from tabnine_report.model.sections import SeatOutlook

METHOD = "October's number plus the lowest and the highest monthly change."
RECORD = "In 4 of 5 past months, the actual value was within the estimated range."
NOT_GIVEN = "In only 2 of 6 past months, the actual value was within the estimated range; 75% is required."


def number(value: float, unit: Unit) -> Figure:
    return Figure.money(value, "USD") if unit is Unit.MONEY else Figure(value=value, unit=unit)


def estimated(low: float, high: float, unit: Unit, period: str = "2027-01-31") -> Estimate:
    return Estimate(
        key="estimate",
        label="Estimate",
        period=period,
        low=number(low, unit),
        high=number(high, unit),
        lowest_change=number(1, unit),
        highest_change=number(2, unit),
        method=METHOD,
        record=RECORD,
        tries=5,
        held=4,
    )


def not_given(unit: Unit, period: str = "2027-01-31") -> Estimate:
    missing = Figure.unavailable(unit, NOT_GIVEN)
    return estimated(1, 2, unit, period).model_copy(update={"low": missing, "high": missing, "tries": 6, "held": 2})


def outlook(accounts: Estimate, free_seats: Estimate, *, short: int | None = None) -> SeatOutlook:
    return SeatOutlook(
        date=date(2027, 1, 31),
        accounts=accounts,
        free_seats=free_seats,
        short=None if short is None else Figure(value=short, unit=Unit.SEATS),
    )
