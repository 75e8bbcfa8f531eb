"""Working days: days that are neither weekend nor, if the profile names a country, public holiday."""

from datetime import date
from functools import cache

import holidays

from tabnine_report.model.month import Month

_SATURDAY = 5


class WorkingDays:
    """The calendar of working days of a country.

    Args:
        country: The country of the profile, as in `DE` or `DE-BY`. Its weekends and public holidays count, observed
            ones included. If empty, every day from Monday to Friday is a working day.
    """

    def __init__(self, country: str) -> None:
        self.country = country

    def of(self, month: Month) -> tuple[date, ...]:
        """Return the working days of a month, in order."""
        return tuple(day for day in month.days if self._is_working_day(day))

    def off(self, month: Month) -> tuple[date, ...]:
        """Return the days of a month that are no working days, in order."""
        return tuple(day for day in month.days if not self._is_working_day(day))

    def holidays(self, month: Month) -> tuple[date, ...]:
        """Return the public holidays of a month that are not on a weekend, in order."""
        if not self.country:
            return ()
        calendar = _calendar(self.country, month.year)
        return tuple(day for day in month.days if day in calendar and not calendar.is_weekend(day))

    def _is_working_day(self, day: date) -> bool:
        if not self.country:
            return day.weekday() < _SATURDAY
        return _calendar(self.country, day.year).is_working_day(day)


@cache
def _calendar(country: str, year: int) -> holidays.HolidayBase:
    name, _, subdivision = country.partition("-")
    return holidays.country_holidays(name, subdiv=subdivision or None, years=year)
