"""Figures of single teams, each in the state that the API's answers give it, and of everybody in no team."""

from collections.abc import Mapping
from typing import TypeVar

from tabnine_report.analysis import monthly_table as frames
from tabnine_report.analysis.accounts import AccountFigures
from tabnine_report.analysis.answers import TEAM_USAGE_ENDPOINTS, Answers
from tabnine_report.analysis.as_of import is_late
from tabnine_report.analysis.metrics import COUNTED, METRICS
from tabnine_report.analysis.reasons import not_fetched
from tabnine_report.analysis.usage_figures import UsageFigures
from tabnine_report.model.figure import Figure, difference, total
from tabnine_report.model.month import Month
from tabnine_report.text.i18n import Language
from tabnine_report.usage_api.endpoints import Endpoint
from tabnine_report.usage_api.records import Team, UsageBucket
from tabnine_report.usage_api.snapshot import Failure

T = TypeVar("T")


_NOT_ASKED = Failure(error="NotFetched", message="It was not asked about.")


class TeamFigures:
    """The members of each team, and its use of the month and the one before.

    Args:
        answers: What the snapshot answers.
        usage: The organization's usage: the version that serves it serves its teams.
        accounts: The organization's accounts.
        language: Writes the reasons.

    Attributes:
        teams: The teams of now, in the API's order; none where the list failed.
    """

    def __init__(self, answers: Answers, usage: UsageFigures, accounts: AccountFigures, language: Language) -> None:
        self._answers = answers
        self._usage = usage
        self._accounts = accounts
        self._language = language
        self.teams: list[Team] = [] if isinstance(answers.teams, Failure) else answers.teams
        self._frames = {
            version: frames.usage_frame(
                {
                    _period(team_id, month): bucket
                    for team_id, months in ({} if isinstance(told, Failure) else told).items()
                    if not isinstance(months, Failure)
                    for month, bucket in months.items()
                }
            )
            for version, told in answers.team_usage.items()
        }

    def members(self, team: Team) -> Figure:
        """Give a team's registered accounts, as of now."""
        metric, translate, endpoint = METRICS["team_members"], self._language.translate, Endpoint.TEAM_ACCOUNTS
        source = metric.source("now")
        told = self._of(self._answers.team_accounts, team)
        if isinstance(told, Failure):
            return Figure.unavailable(metric.unit, self._why(told, endpoint), source)
        if told.registered is None:
            return Figure.unavailable(metric.unit, translate("reason.field_absent_now", field=metric.field), source)
        as_of = self._answers.received_at(endpoint)
        if is_late(self._answers.snapshot.fetches[endpoint], self._answers.month):
            what = translate("label.team_members").lower()
            reason = translate("reason.too_late", what=what, day=self._language.day_of(as_of))
            return Figure.unavailable(metric.unit, reason, source)
        return Figure.measured(told.registered, metric.unit, source, as_of=as_of)

    def figure(self, key: str, team: Team, month: Month) -> Figure:
        """Give `team_active_users` or `team_completions` of a team for the month or the one before."""
        metric, serving = METRICS[key], self._usage.serving(month)
        source = metric.source(str(month), serving.version)
        if serving.version is None:
            return Figure.unavailable(metric.unit, serving.reason, source)
        told = self._of(self._answers.team_usage[serving.version], team)
        if isinstance(told, Failure):
            return Figure.unavailable(metric.unit, self._why(told, TEAM_USAGE_ENDPOINTS[serving.version]), source)
        number = frames.value(self._frames[serving.version], _period(team.id, month), metric.field)
        if number is None and self._had_nobody(team, told.get(month)):
            number = 0
        if number is None:
            reason = self._language.translate(
                "reason.field_absent", field=metric.field, month=self._language.month(month)
            )
            return Figure.unavailable(metric.unit, reason, source)
        figure = Figure.measured(number, metric.unit, source)
        return self._usage.cut_short(figure.partial(serving.reason) if serving.partial else figure, month)

    def agent_users(self, team: Team, month: Month) -> int | None:
        """Give how many of a team used agents in the month or the one before; None where that is not told."""
        version = self._usage.serving(month).version
        told = self._of(self._answers.team_usage[version], team) if version else None
        if version is None or told is None or isinstance(told, Failure):
            return None
        number = frames.value(self._frames[version], _period(team.id, month), COUNTED["agent_users"].v1)
        return 0 if number is None and self._had_nobody(team, told.get(month)) else _whole(number)

    def combined(self, key: str, teams: list[Team], month: Month) -> Figure:
        """Give `team_completions` of several teams together; people are never added up for print."""
        return total(self.figure(key, team, month) for team in teams)

    def remainder(self, key: str, of_organization: str, month: Month) -> Figure:
        """Give what the organization has beyond its teams, in which every person is at most once."""
        whole = self._usage.figure(of_organization, month)
        return difference(whole, self.combined(key, self.teams, month)) if self.teams else whole

    def accounts_without_team(self) -> Figure:
        """Give the registered accounts in no team, as of now."""
        return self._accounts.accounts_without_team()

    def _had_nobody(self, team: Team, bucket: UsageBucket | None) -> bool:
        """Tell whether what is absent means nobody: a team without members and months, or a bucket without people."""
        return bucket.active_users == 0 if bucket else self.members(team).value == 0

    def _of(self, told: Mapping[str, T | Failure] | Failure, team: Team) -> T | Failure:
        return told if isinstance(told, Failure) else told.get(team.id, _NOT_ASKED)

    def _why(self, failure: Failure, endpoint: Endpoint) -> str:
        """Say why a team has no figure: it was not asked about, or asking failed."""
        asked = failure is not _NOT_ASKED and endpoint in self._answers.snapshot.fetches
        return not_fetched(endpoint, self._language) if asked else self._language.translate("reason.not_requested")


def _whole(number: float | None) -> int | None:
    return None if number is None else int(number)


def _period(team_id: str, month: Month) -> str:
    return f"{team_id} {month}"
