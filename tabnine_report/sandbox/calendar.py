"""Define the organization's calendar: its start, its months, and how busy each day is.

Instants are whole UNIX seconds in UTC. A month is the number `12 * year + (month - 1)`, so months count up.
"""

from datetime import UTC, date, datetime

import holidays
import numpy as np
from numpy.typing import NDArray

DAY_SECONDS = 86_400

_WEEKDAY_PACE = (0.97, 1.03, 1.02, 1.0, 0.90, 0.06, 0.05)
_HOLIDAY_PACE = 0.06
_YEAR_END_PACE = 0.22
_SUMMER_PACE = {7: 0.94, 8: 0.86}


def instant(year: int, month: int, day: int = 1) -> int:
    """Return the UNIX second at which a day begins in UTC."""
    return int(datetime(year, month, day, tzinfo=UTC).timestamp())


ORGANIZATION_START = instant(2024, 11, 18)
"""The start of the license, in the middle of a month, so that the first month is partial."""

AGENT_LAUNCH = instant(2025, 10, 1)
"""The launch of the agent feature; there is no agent activity before."""


def as_datetime(second: int) -> datetime:
    """Return a UNIX second as an aware UTC datetime."""
    return datetime.fromtimestamp(second, UTC)


def as_instant(moment: datetime) -> int:
    """Return an aware datetime as a UNIX second, without the fraction."""
    return int(moment.timestamp())


def instant_text(second: int) -> str:
    """Return a UNIX second as the API writes it: `2026-10-01T00:00:00Z`."""
    return as_datetime(second).isoformat().replace("+00:00", "Z")


def month_at(second: int) -> int:
    """Return the number of the month that contains an instant."""
    moment = as_datetime(second)
    return 12 * moment.year + moment.month - 1


def month_bounds(month: int) -> tuple[int, int]:
    """Return the first instant of a month and the first instant after it."""
    return instant(month // 12, month % 12 + 1), instant((month + 1) // 12, (month + 1) % 12 + 1)


def working_pace(month: int) -> NDArray[np.float64]:
    """Return how busy each day of a month is, as a share of an ordinary working day.

    Weekends and public holidays are nearly empty, 22 December to 5 January is quiet, July and August are slower.
    """
    year, number = month // 12, month % 12 + 1
    start, end = month_bounds(month)
    public_holidays = holidays.country_holidays("DE", years=year)
    days = [date(year, number, day + 1) for day in range((end - start) // DAY_SECONDS)]
    return np.array([_pace(day, is_holiday=day in public_holidays) for day in days])


def _pace(day: date, *, is_holiday: bool) -> float:
    pace = _WEEKDAY_PACE[day.weekday()] * _SUMMER_PACE.get(day.month, 1.0)
    if is_holiday:
        return min(pace, _HOLIDAY_PACE)
    at_year_end = (day.month, day.day) >= (12, 22) or (day.month, day.day) <= (1, 5)
    return pace * _YEAR_END_PACE if at_year_end else pace
