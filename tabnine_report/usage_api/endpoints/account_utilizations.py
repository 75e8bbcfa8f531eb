"""`organization/account-utilizations`: the number of accounts in each month."""

from pydantic import Field

from tabnine_report.model.month import Month
from tabnine_report.usage_api.base_records import Record
from tabnine_report.usage_api.endpoints.spec import EndpointSpec
from tabnine_report.usage_api.field_types import Count, MonthIndex, Year
from tabnine_report.usage_api.query import HISTORY_MONTHS, Query
from tabnine_report.usage_api.response_reading import Rows, read_array
from tabnine_report.usage_api.snapshot import Fetch


class AccountUtilization(Record):
    """The accounts of one month: states at its end, not flows.

    Attributes:
        year: The calendar year.
        month_index: `month` as the API counts it: 0 is January, 11 is December.
        registered: Accounts registered at any time in the month.
        active: Most likely the accounts still registered at the month's end (inferred), not active users.
        deactivated: Deactivated accounts.
        pending: Invitations that were not accepted yet.
    """

    year: Year
    month_index: MonthIndex = Field(alias="month")
    registered: Count | None = None
    active: Count | None = None
    deactivated: Count | None = None
    pending: Count | None = None

    @property
    def month(self) -> Month:
        """The calendar month of the row."""
        return Month(self.year, self.month_index + 1)


def _read(fetch: Fetch) -> Rows[AccountUtilization]:
    """Return one row per month, in the API's order; the API may omit months."""
    return read_array(AccountUtilization, fetch)


ACCOUNT_UTILIZATIONS = EndpointSpec(
    name="account-utilizations",
    path="/api/v1/organization/account-utilizations",
    permission="count accounts",
    queries=lambda scope: (Query("months", {"startDate": str(scope.month.back(HISTORY_MONTHS - 1))}),),
    read=_read,
    essential=True,
    count_rows=len,
)
