"""Compare the API's accounts by month with its list of users, which tests what its field `active` means.

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


@dataclass(frozen=True)
class UserComparison:
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


def compare_with_users(answers: ApiData) -> UserComparison | None:
    """Compare the reported month, and the newest one that the API returns, with the list of users.

    Returns:
        The first comparison that does not agree, otherwise the first one; None if none is possible.
    """
    comparisons = list(_comparisons(answers))
    return next((one for one in comparisons if not one.agrees), comparisons[0] if comparisons else None)


def _comparisons(answers: ApiData) -> Iterator[UserComparison]:
    totals, rows = answers.user_totals, answers.accounts
    if isinstance(totals, Failure) or isinstance(rows, Failure):
        return
    in_teams, without_team = totals[USERS_REGISTERED_IN_TEAMS], totals[USERS_REGISTERED_WITHOUT_TEAM]
    if in_teams is None or without_team is None:
        return
    newest = max((row.month for row in rows), default=answers.month)
    compared = {answers.month: not answers.is_late(Endpoint.USERS)}
    if newest > answers.month:
        # The current month and the users describe the same moment only if they were requested together: a late run may
        # take the users from the month's earlier bundle.
        compared[newest] = _requested_together(answers)
    for month, is_comparable in compared.items():
        counts = {row.active for row in rows if row.month == month}
        if is_comparable and len(counts) == 1 and (accounts := counts.pop()) is not None:
            yield UserComparison(month, accounts, in_teams + without_team)


def _requested_together(answers: ApiData) -> bool:
    instants = [answers.received_at(endpoint) for endpoint in (Endpoint.USERS, Endpoint.ACCOUNT_UTILIZATIONS)]
    return max(instants) - min(instants) < timedelta(days=1)
