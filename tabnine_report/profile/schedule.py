"""Check when the runs of a profile start: `report.schedule`, a cron expression in the profile's time zone."""

import re
from datetime import datetime, time, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError

from tabnine_report.model.month import Month

NO_SCHEDULE = "none"
"""The schedule of a profile whose runs are started manually."""

# The part of cron that every program reads alike: numbers, names of months and weekdays, lists, ranges. Prefect reads
# some steps ("*/31", "7/2"), and a range such as "5-5", in its own way.
_VALUE = r"(?:\d{1,2}|[A-Za-z]{3})"
_FIELD = rf"(?:\*|{_VALUE}(?:-{_VALUE})?(?:,{_VALUE}(?:-{_VALUE})?)*)"
_CRON = re.compile(rf"(?!.*\b(\w+)-\1\b){_FIELD} {_FIELD} (?P<day>{_FIELD}) {_FIELD} (?P<weekday>{_FIELD})", re.ASCII)

_FIRST_MONTH, _MONTHS = Month(2027, 1), 48
"""The months that are tried. They include a leap year."""
_GRACE = timedelta(days=7)
_MOST_RUNS_PER_MONTH = 31


def default_schedule(settle_days: int) -> str:
    """Return the default: 07:00 on the 2nd, or on the first day on which the month is final if that is later."""
    day = max(2, settle_days + 1)
    # Every month has the days up to the 28th.
    return f"0 7 {day if day <= 28 else 1} * *"  # noqa: PLR2004 - see above


def check_schedule(schedule: str) -> str:
    """Return a schedule with single spaces.

    Raises:
        ValueError: If it is neither `none` nor a cron expression that every program reads alike, or if it runs more
            often than once a day.
    """
    schedule = " ".join(schedule.split())
    if schedule == NO_SCHEDULE:
        return schedule
    match = _CRON.fullmatch(schedule)
    try:
        starts = _starts(schedule, _FIRST_MONTH.start, _FIRST_MONTH.end) if match else []
    except CronSimError:
        match = None
    if match is None:
        raise ValueError(
            'is neither "none" nor a cron expression such as "0 7 2 * *" (minute, hour, day, month, weekday). '
            "Each part is a star, or numbers, ranges and lists of them, without steps"
        )
    if match["day"] != "*" and match["weekday"] != "*":
        raise ValueError("must not set both a day and a weekday, because cron would run on either")
    if len(starts) > _MOST_RUNS_PER_MONTH:
        raise ValueError("must not run more often than once a day")
    return schedule


def month_without_run(schedule: str, zone: ZoneInfo, settle_days: int) -> Month | None:
    """Return a month that a schedule would report late, or None if it reports every month in time.

    A month is in time if a run starts between its final day and the end of that calendar month, or a week later.
    """
    for month in _FIRST_MONTH.back(1 - _MONTHS).last(_MONTHS):
        final = max(month.end.astimezone(zone), datetime.combine(month.final_on(settle_days), time(), zone))
        deadline = max(datetime.combine(month.back(-2).first_day, time(), zone), final + _GRACE)
        if not _starts(schedule, final, deadline):
            return month
    return None


def _starts(schedule: str, begin: datetime, end: datetime) -> list[datetime]:
    """Return the times of a schedule from `begin`, inclusive, to `end`, exclusive."""
    times = CronSim(schedule, begin - timedelta(minutes=1))
    return list(takewhile(lambda at: at < end, times))
