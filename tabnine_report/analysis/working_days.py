"""Which days of a month are working days: neither weekend nor, where the profile names a country, a public holiday."""

from datetime import date
from functools import cache

import holidays

from tabnine_report.model.month import Month

_SATURDAY = 5


class WorkingDays:
    """The working days of one country, or of no country in particular.

    Args:
        country: As `report.country` in a profile, `DE` or `DE-BY`: its weekends and public holidays, those moved to
            another day included. Empty for Monday to Friday, all of them.
    """

    def __init__(self, country: str) -> None:
        self.country = country

    def of(self, month: Month) -> tuple[date, ...]:
        """Give the working days of a month, first to last."""
        return tuple(day for day in month.days if self._is_one(day))

    def off(self, month: Month) -> tuple[date, ...]:
        """Give the other days of a month."""
        return tuple(day for day in month.days if not self._is_one(day))

    def holidays(self, month: Month) -> tuple[date, ...]:
        """Give the days of a month that would be working days if they were no public holidays."""
        if not self.country:
            return ()
        calendar = _calendar(self.country, month.year)
        return tuple(day for day in month.days if day in calendar and not calendar.is_weekend(day))

    def _is_one(self, day: date) -> bool:
        if not self.country:
            return day.weekday() < _SATURDAY
        return _calendar(self.country, day.year).is_working_day(day)


@cache
def _calendar(country: str, year: int) -> holidays.HolidayBase:
    name, _, subdivision = country.partition("-")
    return holidays.country_holidays(name, subdiv=subdivision or None, years=year)
