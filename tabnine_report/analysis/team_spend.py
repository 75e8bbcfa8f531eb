"""What the agents of single teams cost, where enough people made it."""

from collections.abc import Sequence

from tabnine_report.analysis.metrics import METRICS
from tabnine_report.analysis.report_context import ReportContext
from tabnine_report.analysis.small_groups import Disclosure, Group, disclose_volume
from tabnine_report.model.figure import Figure, State, difference, total
from tabnine_report.usage_api.endpoints.agent_usage import COST_CURRENCY
from tabnine_report.usage_api.endpoints.teams import Team


class TeamSpend:
    """The cost of each team's agents in the month, under the rule for small groups.

    Args:
        context: What the report is built from.
        shown: What may be shown of the teams themselves.
        minimum: The fewest people of a group that may be shown.
    """

    def __init__(self, context: ReportContext, shown: Disclosure, minimum: int) -> None:
        self._context = context
        self._teams = context.teams.teams
        users = [_group(team.id, self._users(team), self._cost(team)) for team in self._teams]
        apart = _group("", self._users_without_team(), self._remainder())
        self._disclosure = disclose_volume(shown, users, apart, minimum)

    def of(self, team: Team) -> Figure | None:
        """Give a team's cost; suppressed where it, or another's, would tell of too few; None if no team's is told."""
        return self._allowed(self._cost(team), allowed=team.id in self._disclosure.teams)

    def combined(self, teams: Sequence[Team]) -> Figure | None:
        """Give the cost of the teams that are not shown singly."""
        return self._allowed(total(map(self._cost, teams)), allowed=self._disclosure.combined)

    def without_team(self) -> Figure | None:
        """Give the cost of everybody in no team: the organization's less its teams'."""
        return self._allowed(self._remainder(), allowed=self._disclosure.without_team)

    def _allowed(self, cost: Figure, *, allowed: bool) -> Figure | None:
        if not self._context.agents.told_of_teams:
            return None
        if allowed or not cost.known:
            return cost
        reason = self._context.language.translate("reason.cost_of_few")
        return Figure(value=None, unit=cost.unit, state=State.SUPPRESSED, reason=reason, source=cost.source)

    def _cost(self, team: Team) -> Figure:
        """Give a team's cost; nothing where the API tells of no cost, and of nobody who used agents."""
        month = self._context.month
        cost = self._context.agents.of_team(team, month)
        if (
            cost.known
            or not self._context.agents.answered_of(team)
            or self._context.teams.agent_users(team, month) != 0
        ):
            return cost
        return self._context.usage.cut_short(Figure.money(0, COST_CURRENCY, cost.source), month)

    def _remainder(self) -> Figure:
        """Give what the organization's agents cost beyond its teams'; answers that disagree give none."""
        month = self._context.month
        whole = self._context.agents.figure("agent_spend", month)
        rest = difference(whole, total(map(self._cost, self._teams)))
        source = METRICS["team_agent_spend"].source(str(month))
        if rest.value is not None and rest.value < 0:
            return Figure.unavailable(rest.unit, self._context.language.translate("reason.cost_of_teams_over"), source)
        return rest.sourced(source)

    def _users(self, team: Team) -> int | None:
        """Give how many of a team used agents: as told with the cost, or else with the usage."""
        told = self._context.agents.users(team)
        return self._context.teams.agent_users(team, self._context.month) if told is None else told

    def _users_without_team(self) -> int | None:
        whole = self._context.agents.users()
        of_teams = [self._users(team) for team in self._teams]
        if whole is None or None in of_teams:
            return None
        return max(0, whole - sum(users or 0 for users in of_teams))


def _group(key: str, users: int | None, cost: Figure) -> Group:
    """Make a group of those who made a cost; where none are told of, a cost is taken for one person's."""
    return Group(key, (users or int(bool(cost.value)),))
