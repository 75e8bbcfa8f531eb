"""A calendar month, the period of a report.

Figures of a month cover the calendar month in UTC. When a month may be reported also depends on the profile's time
zone: see `Month.is_final`.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from tabnine_report.model.errors import MonthError

_FORM = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
_EARLIEST_YEAR = 2000


@dataclass(frozen=True, order=True)
class Month:
    """A calendar month in UTC; months sort by time.

    Raises:
        MonthError: If the year is not between 2000 and 9998, or the number not between 1 and 12.
    """

    year: int
    number: int

    def __post_init__(self) -> None:
        if not (_EARLIEST_YEAR <= self.year < date.max.year and 1 <= self.number <= 12):  # noqa: PLR2004 - December
            raise MonthError(f"{self.year:04d}-{self.number:02d} is not a month; write it as YYYY-MM, like 2026-10.")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the month written as `YYYY-MM`.

        Raises:
            MonthError: If the text has another format.
        """
        match = _FORM.fullmatch(text.strip())
        if match is None:
            raise MonthError(f"{text.strip()[:40]!r} is not a month; write it as YYYY-MM, like 2026-10.")
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, instant: datetime) -> Self:
        """Return the month, in UTC, of a time-zone-aware instant."""
        utc = instant.astimezone(UTC)
        return cls(utc.year, utc.month)

    @classmethod
    def last_final(cls, at: datetime, zone: ZoneInfo, settle_days: int) -> Self:
        """Return the newest month that is final at an instant: the one that a scheduled run reports."""
        month = cls.of(at)
        while not month.is_final(at, zone, settle_days):
            month = month.back(1)
        return month

    def is_final(self, at: datetime, zone: ZoneInfo, settle_days: int) -> bool:
        """Return whether the month's figures no longer change.

        A month is final once it has ended in UTC and `settle_days` full calendar days have passed in the zone. With
        one day, October is final from 2 November, local time.
        """
        return at >= self.end and at.astimezone(zone).date() >= self.final_on(settle_days)

    def final_on(self, settle_days: int) -> date:
        """Return the first local day on which the month is final."""
        return self.back(-1).first_day + timedelta(days=settle_days)

    @property
    def start(self) -> datetime:
        """The first instant of the month, in UTC."""
        return datetime(self.year, self.number, 1, tzinfo=UTC)

    @property
    def end(self) -> datetime:
        """The first instant after the month, in UTC."""
        return self.back(-1).start

    @property
    def first_day(self) -> date:
        """The first day of the month."""
        return date(self.year, self.number, 1)

    @property
    def days(self) -> tuple[date, ...]:
        """The days of the month, in order."""
        first = self.first_day
        return tuple(first + timedelta(days=n) for n in range((self.end - self.start).days))

    def back(self, months: int) -> Self:
        """Return the month that many months earlier, or later for a negative number."""
        index = self.year * 12 + (self.number - 1) - months
        return type(self)(index // 12, index % 12 + 1)

    def last(self, months: int) -> tuple[Self, ...]:
        """Return that many months ending with this one, oldest first."""
        return tuple(self.back(n) for n in reversed(range(months)))

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"
