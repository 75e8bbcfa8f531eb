"""The completions of single teams, shown only for groups in which enough people used completions."""

from collections.abc import Sequence

from tabnine_report.analysis.report_context import ReportContext
from tabnine_report.analysis.small_groups import Disclosure
from tabnine_report.analysis.team_volume import TeamVolume
from tabnine_report.model.figure import Figure
from tabnine_report.usage_api.endpoints.teams import Team


class TeamCompletions(TeamVolume):
    """The completions of each team in the month, after small groups are suppressed.

    Args:
        context: The context of the report.
        shown: The teams that the report may show.
    """

    def __init__(self, context: ReportContext, shown: Disclosure) -> None:
        super().__init__(context, shown, metric="completions", reason_key="reason.completions_of_few")

    def without_team(self) -> Figure:
        """Return the completions of the users in no team; unavailable if the teams have more than the organization."""
        rest = self._remainder()
        if rest.value is not None and rest.value < 0:
            return Figure.unavailable(rest.unit, self._context.language.translate("check.teams_more"), rest.source)
        return super().without_team()

    def _volume(self, team: Team) -> Figure:
        return self._context.teams.figure("team_completions", team, self._context.month)

    def _sum(self, teams: Sequence[Team]) -> Figure:
        return self._context.teams.combined("team_completions", list(teams), self._context.month)

    def _remainder(self) -> Figure:
        return self._context.teams.remainder("team_completions", "completions", self._context.month)

    def _users(self, team: Team) -> int | None:
        return self._context.teams.completion_users(team, self._context.month)

    def _all_users(self) -> int | None:
        counts = (self._context.figure(key).value for key in ("completion_users", "active_users"))
        return next((int(count) for count in counts if count is not None), None)
