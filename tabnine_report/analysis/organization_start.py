"""Find the month in which the organization started to use Tabnine, and whether that month is partial.

Earlier months are before the organization started. No month is compared with a partial first month.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Self

from tabnine_report.analysis.api_data import ApiData
from tabnine_report.model.month import Month
from tabnine_report.text.i18n import Language
from tabnine_report.usage_api.endpoints.usage import UsageData
from tabnine_report.usage_api.query import HISTORY_MONTHS
from tabnine_report.usage_api.snapshot import Failure

_LATEST_START_OF_A_COMPLETE_MONTH = 5


@dataclass(frozen=True)
class FirstMonth:
    """The first month of an organization.

    Attributes:
        month: The month.
        day: The day on which it started: the day of the license or of the first activity, whichever is earlier; None
            if both are unknown.
    """

    month: Month
    day: date | None

    @classmethod
    def find(cls, api_data: ApiData, active_months: Iterable[Month]) -> Self | None:
        """Return the first month with activity or accounts.

        Args:
            api_data: The API's data.
            active_months: The months with activity among the 13.

        Returns:
            None if it may be before the 13 months, or if the responses that would show it are missing.
        """
        accounts = [] if isinstance(api_data.accounts, Failure) else api_data.accounts
        with_accounts = {row.month for row in accounts if row.registered}
        first = min(with_accounts | set(active_months), default=None)
        if first is None or first <= api_data.month.back(HISTORY_MONTHS - 1):
            return None
        if not with_accounts and _may_have_been_active_before(api_data, first):
            return None
        days = (_license_day(api_data, first), _first_active_day(api_data, first))
        return cls(first, min((day for day in days if day is not None), default=None))

    @property
    def is_partial(self) -> bool:
        """Whether the month is incomplete: the start is after the 5th, or unknown."""
        return self.day is None or self.day.day > _LATEST_START_OF_A_COMPLETE_MONTH

    def starts_after(self, day: date) -> bool:
        """Return whether the organization started only after a day."""
        return day < (self.day or self.month.first_day)

    def sentence(self, language: Language) -> str:
        """Return the reason that makes the month's figures partial, with the day of the start."""
        if self.day is None:
            return language.translate("reason.first_month")
        return language.translate("reason.first_month_from", day=language.date(self.day))


def _may_have_been_active_before(api_data: ApiData, month: Month) -> bool:
    """Return whether usage before a month could not be fetched; version 2 data alone does not prove the start."""
    v1 = api_data.usage["v1"]
    return isinstance(v1, Failure) or any(
        gap < month for usage in api_data.usage.values() if isinstance(usage, UsageData) for gap in usage.gaps
    )


def _license_day(api_data: ApiData, month: Month) -> date | None:
    """Return the license's issue date if it is in the month. After a renewal, the license has a later issue date."""
    issued = None if isinstance(api_data.license, Failure) else api_data.license.issued_at
    return issued.date() if issued is not None and Month.of(issued) == month else None


def _first_active_day(api_data: ApiData, month: Month) -> date | None:
    """Return the first day with activity in a month; None if its days could not be fetched."""
    if any(isinstance(usage, UsageData) and month in usage.day_gaps for usage in api_data.usage.values()):
        return None
    return min(
        (
            day
            for usage in api_data.usage.values()
            if isinstance(usage, UsageData)
            for day, bucket in usage.days.items()
            if bucket.has_activity and Month(day.year, day.month) == month
        ),
        default=None,
    )
