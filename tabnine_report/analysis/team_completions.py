"""The completions of single teams, shown only for groups in which enough people used completions."""

from collections.abc import Sequence

from tabnine_report.analysis.report_context import ReportContext
from tabnine_report.analysis.small_groups import Disclosure, disclose_volume, group_behind
from tabnine_report.model.figure import Figure, State
from tabnine_report.usage_api.endpoints.teams import Team


class TeamCompletions:
    """The completions of each team in the month, after small groups are suppressed.

    Args:
        context: The context of the report.
        shown: The teams that the report may show.
    """

    def __init__(self, context: ReportContext, shown: Disclosure) -> None:
        self._context = context
        figures, month = context.teams, context.month
        users = {team.id: figures.completion_users(team, month) for team in figures.teams}
        teams = [group_behind(team.id, users[team.id], self._of(team)) for team in figures.teams]
        without_team = group_behind("", self._users_without_team(list(users.values())), self._remainder())
        self._disclosure = disclose_volume(shown, teams, without_team, context.minimum_group)

    def of(self, team: Team) -> Figure:
        """Return the completions of a team; suppressed if too few people account for them."""
        return self._disclosed(self._of(team), allowed=team.id in self._disclosure.teams)

    def combined(self, teams: Sequence[Team]) -> Figure:
        """Return the completions of the suppressed teams together."""
        figure = self._context.teams.combined("team_completions", list(teams), self._context.month)
        return self._disclosed(figure, allowed=self._disclosure.combined)

    def without_team(self) -> Figure:
        """Return the completions of the users in no team: the organization's minus those of its teams."""
        rest = self._remainder()
        if rest.value is not None and rest.value < 0:
            reason = self._context.language.translate("check.teams_more")
            rest = Figure.unavailable(rest.unit, reason, rest.source)
        return self._disclosed(rest, allowed=self._disclosure.without_team)

    def _users_without_team(self, in_teams: Sequence[int | None]) -> int | None:
        if self._context.teams.unreadable:
            return 1  # The rest includes teams of unknown size, which may be small.
        counts = (self._context.figure(key).value for key in ("completion_users", "active_users"))
        whole = next((count for count in counts if count is not None), None)
        if whole is None or None in in_teams:
            return None
        return max(0, int(whole) - sum(users or 0 for users in in_teams))

    def _of(self, team: Team) -> Figure:
        return self._context.teams.figure("team_completions", team, self._context.month)

    def _remainder(self) -> Figure:
        return self._context.teams.remainder("team_completions", "completions", self._context.month)

    def _disclosed(self, figure: Figure, *, allowed: bool) -> Figure:
        whole = self._context.figure("completions")
        if not figure.known or (allowed and whole.state is not State.SUPPRESSED):
            return figure
        return figure.suppressed(self._context.language.translate("reason.completions_of_few"))
