"""What the people of single teams did with a feature, shown only for groups in which enough people used it."""

from abc import ABC, abstractmethod
from collections.abc import Sequence

from tabnine_report.analysis.report_context import ReportContext
from tabnine_report.analysis.small_groups import Disclosure, disclose_volume, group_behind
from tabnine_report.model.figure import Figure, State
from tabnine_report.usage_api.endpoints.teams import Team


class TeamVolume(ABC):
    """A volume of each team in the month, such as its agent spend, after small groups are suppressed.

    Args:
        context: The context of the report.
        shown: The teams that the report may show.
        metric: The metric of the organization's volume. If that is suppressed, so are those of all teams.
        reason_key: The catalog key of the reason for a suppressed volume.
    """

    def __init__(self, context: ReportContext, shown: Disclosure, *, metric: str, reason_key: str) -> None:
        self._context = context
        self._teams = context.teams.teams
        self._metric = metric
        self._reason = context.language.translate(reason_key)
        groups = [group_behind(team.id, self._users(team), self._volume(team)) for team in self._teams]
        without_team = group_behind("", self._users_without_team(), self._remainder())
        self._disclosure = disclose_volume(shown, groups, without_team, context.minimum_group)

    def of(self, team: Team) -> Figure:
        """Return the volume of a team; suppressed if too few people account for it."""
        return self._disclosed(self._volume(team), allowed=team.id in self._disclosure.teams)

    def combined(self, teams: Sequence[Team]) -> Figure:
        """Return the volume of the suppressed teams together."""
        return self._disclosed(self._sum(teams), allowed=self._disclosure.combined)

    def without_team(self) -> Figure:
        """Return the volume of the users in no team: the organization's minus that of its teams."""
        return self._disclosed(self._remainder(), allowed=self._disclosure.without_team)

    @abstractmethod
    def _volume(self, team: Team) -> Figure:
        """Return the volume of a team."""

    @abstractmethod
    def _sum(self, teams: Sequence[Team]) -> Figure:
        """Return the volume of several teams."""

    @abstractmethod
    def _remainder(self) -> Figure:
        """Return the organization's volume minus that of its teams."""

    @abstractmethod
    def _users(self, team: Team) -> int | None:
        """Return the users of the feature in a team; None if unknown."""

    @abstractmethod
    def _all_users(self) -> int | None:
        """Return the users of the feature in the organization; None if unknown."""

    def _users_without_team(self) -> int | None:
        if self._context.teams.incomplete:
            return 1  # The rest includes teams of unknown size, which may be small.
        whole = self._all_users()
        in_teams = [self._users(team) for team in self._teams]
        if whole is None or None in in_teams:
            return None
        return max(0, whole - sum(users or 0 for users in in_teams))

    def _disclosed(self, volume: Figure, *, allowed: bool) -> Figure:
        is_whole_shown = self._context.figure(self._metric).state is not State.SUPPRESSED
        if not volume.known or (allowed and is_whole_shown):
            return volume
        return volume.suppressed(self._reason)
