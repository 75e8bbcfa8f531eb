"""Check the API's count of accounts by month against its list of users, which tests what its field `active` means.

Tabnine does not document `active`. This report takes it as the accounts registered at the month's end. It could also
count the people who used the product, or the accounts registered throughout the month. Where it differs too much from
the registered users in the list of users, the report shows no figure that is based on it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from tabnine_report.analysis.api_data import ApiData
from tabnine_report.model.month import Month
from tabnine_report.usage_api.endpoints import Endpoint
from tabnine_report.usage_api.endpoints.users import USERS_REGISTERED_IN_TEAMS, USERS_REGISTERED_WITHOUT_TEAM
from tabnine_report.usage_api.snapshot import Failure

TOLERANCE = 0.02
"""The difference, as a share of the registered users, that accounts may have from them."""
SAME_MOMENT = timedelta(days=5)
"""The time within which the accounts of an organization hardly change, so that two counts of them are comparable."""


@dataclass(frozen=True)
class AccountCountCheck:
    """The accounts of a month beside the registered users in the list of users.

    Attributes:
        month: The month.
        accounts: The field `active` of the month.
        users: The registered users, as of the request.
    """

    month: Month
    accounts: int
    users: int

    @property
    def agrees(self) -> bool:
        """Whether the two differ by no more than the tolerance."""
        return abs(self.accounts - self.users) <= TOLERANCE * self.users


def check_account_count(api_data: ApiData) -> AccountCountCheck | None:
    """Compare the reported month, and the newest one that the API returns, with the list of users.

    A month that has ended is compared only with users that were requested soon afterward: later, an organization that
    grows has more users, and that contradicts nothing.

    Returns:
        The first comparison that does not agree, otherwise the first one; None if none is possible.
    """
    comparisons = list(_comparisons(api_data))
    return next((one for one in comparisons if not one.agrees), comparisons[0] if comparisons else None)


def _comparisons(api_data: ApiData) -> Iterator[AccountCountCheck]:
    totals, rows = api_data.user_totals, api_data.accounts
    if isinstance(totals, Failure) or isinstance(rows, Failure):
        return
    in_teams, without_team = totals[USERS_REGISTERED_IN_TEAMS], totals[USERS_REGISTERED_WITHOUT_TEAM]
    if in_teams is None or without_team is None:
        return
    newest = max((row.month for row in rows), default=api_data.month)
    for month in sorted({api_data.month, newest}):
        counts = {row.active for row in rows if row.month == month}
        if len(counts) == 1 and (accounts := counts.pop()) is not None and _is_comparable(api_data, month):
            yield AccountCountCheck(month, accounts, in_teams + without_team)


def _is_comparable(api_data: ApiData, month: Month) -> bool:
    """Return whether the accounts of a month and the list of users describe the same moment."""
    users_at = api_data.received_at(Endpoint.USERS)
    # The accounts of the current month are those of the request: a late run may take the users from an earlier bundle.
    accounts_at = min(api_data.received_at(Endpoint.ACCOUNT_UTILIZATIONS), month.end)
    return abs(users_at - accounts_at) <= SAME_MOMENT
