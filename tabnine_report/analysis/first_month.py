"""The organization's first month: what it began with is not compared with anything.

Where the 13 months hold it, everything before is no month of the organization, and it may be a part of a month itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Self

from tabnine_report.analysis.api_data import ApiData
from tabnine_report.model.month import Month
from tabnine_report.text.i18n import Language
from tabnine_report.usage_api.endpoints.usage import UsageData
from tabnine_report.usage_api.queries import HISTORY_MONTHS
from tabnine_report.usage_api.snapshot import Failure

_LATEST_DAY_OF_A_WHOLE_MONTH = 5


@dataclass(frozen=True)
class FirstMonth:
    """When the organization began.

    Attributes:
        month: Its first month.
        day: The day it began, where known: the day of the license or the first day with people, whichever came first.
    """

    month: Month
    day: date | None

    @classmethod
    def find(cls, answers: ApiData, active_months: Iterable[Month]) -> Self | None:
        """Find the first month with people or accounts.

        Args:
            answers: What the snapshot answers.
            active_months: The months with activity, of the 13.

        Returns:
            None where it may lie before the months asked about, or where the answers that would tell are missing.
        """
        accounts = [] if isinstance(answers.accounts, Failure) else answers.accounts
        with_accounts = {row.month for row in accounts if row.registered}
        if not with_accounts and isinstance(answers.usage["v1"], Failure):
            return None
        months = with_accounts | set(active_months)
        first = min(months, default=None)
        if first is None or first <= answers.month.back(HISTORY_MONTHS - 1):
            return None
        days = (_license_day(answers, first), _first_day_with_people(answers, first))
        return cls(first, min((day for day in days if day is not None), default=None))

    @property
    def is_partial(self) -> bool:
        """Whether it is not a whole month: begun after the 5th, or on a day that is not known."""
        return self.day is None or self.day.day > _LATEST_DAY_OF_A_WHOLE_MONTH

    def is_after(self, day: date) -> bool:
        """Tell whether the organization had not begun on a day."""
        return day < (self.day or self.month.first_day)

    def sentence(self, language: Language) -> str:
        """Say that the month is partial, and since when."""
        if self.day is None:
            return language.translate("reason.first_month")
        return language.translate("reason.first_month_from", day=language.date(self.day))


def _license_day(answers: ApiData, month: Month) -> date | None:
    """Give the day the license was issued, if in that month: a renewal gives a later one."""
    issued = None if isinstance(answers.license, Failure) else answers.license.issued_at
    return issued.date() if issued is not None and Month.of(issued) == month else None


def _first_day_with_people(answers: ApiData, month: Month) -> date | None:
    """Give the first day with people in a month that the API was asked about day by day."""
    return min(
        (
            day
            for usage in answers.usage.values()
            if isinstance(usage, UsageData)
            for day, bucket in usage.days.items()
            if bucket.has_activity and Month(day.year, day.month) == month
        ),
        default=None,
    )
