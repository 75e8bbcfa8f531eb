"""Which days of a month are working days: Monday to Friday."""

from datetime import date

from reporting.month import Month

_SATURDAY = 5


def days_off(month: Month) -> tuple[date, ...]:
    """Give the days of a month that are no working days.

    Weekends only: a profile names no country yet, so no public holiday is known. A holiday lowers the mean of a working
    day therefore.
    """
    return tuple(day for day in month.days if day.weekday() >= _SATURDAY)


def working_days(month: Month) -> tuple[date, ...]:
    """Give the other days of a month, first to last."""
    off = set(days_off(month))
    return tuple(day for day in month.days if day not in off)
