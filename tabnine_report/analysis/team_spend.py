"""The agent spend of single teams, shown only for groups with enough agent users."""

from collections.abc import Sequence

from tabnine_report.analysis.metric_definitions import METRICS
from tabnine_report.analysis.report_context import ReportContext
from tabnine_report.analysis.small_groups import Disclosure
from tabnine_report.analysis.team_volume import TeamVolume
from tabnine_report.model.figure import Figure, difference, total
from tabnine_report.usage_api.endpoints.agent_usage import COST_CURRENCY
from tabnine_report.usage_api.endpoints.teams import Team


class TeamSpend(TeamVolume):
    """The agent spend of each team in the month, after small groups are suppressed.

    Args:
        context: The context of the report.
        shown: The teams that the report may show.
    """

    def __init__(self, context: ReportContext, shown: Disclosure) -> None:
        super().__init__(context, shown, metric="agent_spend", reason_key="reason.cost_of_few")

    def _volume(self, team: Team) -> Figure:
        """Return the agent spend of a team; zero if the API reports neither spend nor agent users for it."""
        month, agents = self._context.month, self._context.agents
        spend = agents.team_spend(team, month)
        has_users = self._context.teams.agent_users(team, month) != 0 or agents.is_unpriced(team, month)
        if has_users or not agents.reports_no_spend_of(team):
            return spend
        return self._context.usage.partial_if_incomplete(Figure.money(0, COST_CURRENCY, spend.source), month)

    def _sum(self, teams: Sequence[Team]) -> Figure:
        return total(map(self._volume, teams))

    def _remainder(self) -> Figure:
        """Return the organization's agent spend minus that of its teams; unavailable if the teams spend more."""
        month = self._context.month
        whole = self._context.agents.figure("agent_spend", month)
        source = METRICS["team_agent_spend"].source(str(month))
        if self._context.teams.incomplete:
            return Figure.unavailable(whole.unit, self._context.teams.incomplete, source)
        rest = difference(whole, self._sum(self._teams))
        if rest.value is not None and rest.value < 0:
            return Figure.unavailable(rest.unit, self._context.language.translate("reason.cost_of_teams_over"), source)
        return rest.sourced(source)

    def _users(self, team: Team) -> int | None:
        """Return the agent users of a team: those reported with the spend, otherwise those reported with the usage."""
        users = self._context.agents.agent_users(team)
        return self._context.teams.agent_users(team, self._context.month) if users is None else users

    def _all_users(self) -> int | None:
        return self._context.agents.agent_users()
