"""Define the organization's calendar: its start, the launch of agents, and how busy each day is."""

from datetime import date

import holidays
import numpy as np
from numpy.typing import NDArray

from tabnine_report.sandbox.time_conversion import DAY_SECONDS, instant, month_bounds

_WEEKDAY_PACE = (0.97, 1.03, 1.02, 1.0, 0.90, 0.06, 0.05)
_HOLIDAY_PACE = 0.06
_YEAR_END_PACE = 0.22
_SUMMER_PACE = {7: 0.94, 8: 0.86}

ORGANIZATION_START = instant(2024, 11, 18)
"""The start of the license, in the middle of a month, so that the first month is partial."""

AGENT_LAUNCH = instant(2025, 10, 1)
"""The launch of the agent feature; there is no agent activity before."""


def working_pace(month: int) -> NDArray[np.float64]:
    """Return how busy each day of a month is, as a share of a typical working day.

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
