"""Check the list of teams against the list of users, which shows whether the list of teams lacks some of them.

A token with narrow permissions may see only its own team. What the other teams did must then not be taken for the usage
of people in no team.
"""

from dataclasses import dataclass
from datetime import timedelta

from tabnine_report.analysis.api_data import ApiData
from tabnine_report.analysis.changes import SMALLEST_BASE
from tabnine_report.usage_api.endpoints import Endpoint
from tabnine_report.usage_api.endpoints.users import (
    USERS_DEACTIVATED_IN_TEAMS,
    USERS_REGISTERED_IN_TEAMS,
    USERS_REGISTERED_WITHOUT_TEAM,
)
from tabnine_report.usage_api.snapshot import Failure

_USERS_OF_TEAMS = (USERS_REGISTERED_IN_TEAMS, USERS_REGISTERED_WITHOUT_TEAM, USERS_DEACTIVATED_IN_TEAMS)

STRONG = 1.5
"""Two counts of the same accounts disagree strongly if one is more than this multiple of the other."""


@dataclass(frozen=True)
class TeamMembersCheck:
    """The members of all teams.

    Attributes:
        listed: Their number in the list of teams.
        fewest: The registered users in teams, in the list of users.
        most: The same with everybody whom the list of teams may count, too: deactivated users and users without a team.
    """

    listed: int
    fewest: int
    most: int

    @property
    def agrees(self) -> bool:
        """Whether the list of teams has most of the members."""
        return self.fewest < SMALLEST_BASE or self.fewest <= STRONG * self.listed


def check_team_members(api_data: ApiData) -> TeamMembersCheck | None:
    """Return the comparison; None if either list is missing, incomplete, or from another run."""
    totals, teams = api_data.user_totals, api_data.teams
    if isinstance(totals, Failure) or isinstance(teams, Failure) or teams.unreadable:
        return None
    sizes, counts = [team.users_count for team in teams], [totals[name] for name in _USERS_OF_TEAMS]
    if not sizes or None in (*sizes, *counts) or not _fetched_together(api_data):
        return None
    return TeamMembersCheck(sum(size or 0 for size in sizes), counts[0] or 0, sum(count or 0 for count in counts))


def _fetched_together(api_data: ApiData) -> bool:
    """Return whether the lists of teams and of users are from the same run: either may be from an earlier bundle."""
    instants = [api_data.received_at(endpoint) for endpoint in (Endpoint.TEAMS, Endpoint.USERS)]
    return max(instants) - min(instants) < timedelta(days=1)
