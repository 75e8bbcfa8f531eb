"""The agent spend of single teams, shown only for groups with enough agent users."""

from collections.abc import Sequence

from tabnine_report.analysis.metric_definitions import METRICS
from tabnine_report.analysis.report_context import ReportContext
from tabnine_report.analysis.small_groups import Disclosure, disclose_volume, group_behind
from tabnine_report.model.figure import Figure, State, difference, total
from tabnine_report.usage_api.endpoints.agent_usage import COST_CURRENCY
from tabnine_report.usage_api.endpoints.teams import Team


class TeamSpend:
    """The agent spend of each team in the month, after small groups are suppressed.

    Args:
        context: The context of the report.
        shown: The teams that the report may show.
    """

    def __init__(self, context: ReportContext, shown: Disclosure) -> None:
        self._context = context
        self._teams = context.teams.teams
        groups = [group_behind(team.id, self._agent_users(team), self._spend(team)) for team in self._teams]
        without_team = group_behind("", self._agent_users_without_team(), self._remainder())
        self._disclosure = disclose_volume(shown, groups, without_team, context.minimum_group)

    def of(self, team: Team) -> Figure | None:
        """Return the agent spend of a team; suppressed if it would reveal too few people, None if no team has any."""
        return self._disclosed(self._spend(team), allowed=team.id in self._disclosure.teams)

    def combined(self, teams: Sequence[Team]) -> Figure | None:
        """Return the agent spend of the suppressed teams together."""
        return self._disclosed(total(map(self._spend, teams)), allowed=self._disclosure.combined)

    def without_team(self) -> Figure | None:
        """Return the agent spend of the users in no team: the organization's minus that of its teams."""
        return self._disclosed(self._remainder(), allowed=self._disclosure.without_team)

    def _disclosed(self, spend: Figure, *, allowed: bool) -> Figure | None:
        if not self._context.agents.has_team_spend:
            return None
        is_whole_shown = self._context.figure("agent_spend").state is not State.SUPPRESSED
        if not spend.known or (allowed and is_whole_shown):
            return spend
        return spend.suppressed(self._context.language.translate("reason.cost_of_few"))

    def _spend(self, team: Team) -> Figure:
        """Return the agent spend of a team; zero if the API reports neither spend nor agent users for it."""
        month, agents = self._context.month, self._context.agents
        spend = agents.team_spend(team, month)
        has_users = self._context.teams.agent_users(team, month) != 0 or agents.is_unpriced(team, month)
        if has_users or not agents.reports_no_spend_of(team):
            return spend
        return self._context.usage.partial_if_incomplete(Figure.money(0, COST_CURRENCY, spend.source), month)

    def _remainder(self) -> Figure:
        """Return the organization's agent spend minus that of its teams; unavailable if the teams spend more."""
        month = self._context.month
        whole = self._context.agents.figure("agent_spend", month)
        source = METRICS["team_agent_spend"].source(str(month))
        if self._context.teams.unreadable:
            return Figure.unavailable(whole.unit, self._context.teams.unreadable, source)
        rest = difference(whole, total(map(self._spend, self._teams)))
        if rest.value is not None and rest.value < 0:
            return Figure.unavailable(rest.unit, self._context.language.translate("reason.cost_of_teams_over"), source)
        return rest.sourced(source)

    def _agent_users(self, team: Team) -> int | None:
        """Return the agent users of a team: those reported with the spend, otherwise those reported with the usage."""
        users = self._context.agents.agent_users(team)
        return self._context.teams.agent_users(team, self._context.month) if users is None else users

    def _agent_users_without_team(self) -> int | None:
        if self._context.teams.unreadable:
            return 1  # The rest includes teams of unknown size, which may be small.
        whole = self._context.agents.agent_users()
        in_teams = [self._agent_users(team) for team in self._teams]
        if whole is None or None in in_teams:
            return None
        return max(0, whole - sum(users or 0 for users in in_teams))
