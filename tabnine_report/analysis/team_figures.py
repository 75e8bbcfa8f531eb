"""Figures of single teams, each in the state that follows from the API's responses, and of the users in no team."""

from collections.abc import Mapping
from typing import TypeVar

from tabnine_report.analysis.account_figures import AccountFigures
from tabnine_report.analysis.api_data import TEAM_USAGE_ENDPOINTS, ApiData
from tabnine_report.analysis.metric_definitions import METRICS, USAGE_FIELDS
from tabnine_report.analysis.reasons import too_late, unreadable_rows, without_data, without_value
from tabnine_report.analysis.team_labels import team_labels
from tabnine_report.analysis.team_members_check import check_team_members
from tabnine_report.analysis.usage_figures import UsageFigures, field_value
from tabnine_report.model.figure import Figure, difference, total
from tabnine_report.model.month import Month
from tabnine_report.text.i18n import Language
from tabnine_report.usage_api.endpoints import Endpoint
from tabnine_report.usage_api.endpoints.teams import Team
from tabnine_report.usage_api.endpoints.usage import UsageBucket, Version
from tabnine_report.usage_api.response_reading import Rows
from tabnine_report.usage_api.snapshot import Failure

T = TypeVar("T")

_NOT_REQUESTED = Failure(error="NotFetched", message="The team was not requested.")


class TeamFigures:
    """The members of each team, and its usage in the reported month and the previous one.

    Args:
        api_data: The API's data.
        usage: The organization's usage. The version that serves it also serves its teams.
        accounts: The organization's accounts.
        language: Writes the reasons.

    Attributes:
        teams: The teams as of now, in the API's order; empty if the list could not be fetched.
        lacking: That the list lacks teams, as a sentence; empty if there is no sign of it.
        incomplete: The same, or how many teams of the list could not be read, and why.
    """

    def __init__(self, api_data: ApiData, usage: UsageFigures, accounts: AccountFigures, language: Language) -> None:
        self._api_data = api_data
        self._usage = usage
        self._accounts = accounts
        self._language = language
        teams = Rows[Team]() if isinstance(api_data.teams, Failure) else api_data.teams
        self.teams: list[Team] = teams
        self.lacking = self._lacking_teams()
        unreadable = unreadable_rows(language, teams.unreadable, len(teams) + len(teams.unreadable))
        self.incomplete = unreadable or self.lacking
        self._labels = team_labels(self.teams, self._labels_of_groups(), language)

    def label(self, team: Team) -> str:
        """Return the team's name, with the end of its ID if another team's name looks the same."""
        return self._labels[team.id]

    def members(self, team: Team) -> Figure:
        """Return the registered accounts of a team, as of now."""
        metric, translate, endpoint = (
            METRICS["team_members"],
            self._language.translate,
            Endpoint.TEAM_ACCOUNT_UTILIZATIONS,
        )
        source = metric.source("now")
        accounts = self._response(self._api_data.team_accounts, team)
        if isinstance(accounts, Failure):
            return Figure.unavailable(metric.unit, self._why_missing(accounts, endpoint), source)
        if accounts.registered is None:
            return Figure.unavailable(metric.unit, without_value(self._language, accounts, metric.field), source)
        as_of = self._api_data.received_at(endpoint)
        if self._api_data.is_late(endpoint):
            reason = too_late(translate("label.team_members").lower(), endpoint, self._api_data, self._language)
            return Figure.unavailable(metric.unit, reason, source)
        return Figure.measured(accounts.registered, metric.unit, source, as_of=as_of)

    def figure(self, key: str, team: Team, month: Month) -> Figure:
        """Return `team_active_users` or `team_completions` of a team for the reported month or the previous one.

        Active users that are fewer than the agent users are raised to them, as those of the organization.
        """
        figure, agents = self.reported(key, team, month), self.agent_users(team, month) or 0
        if key != "team_active_users" or figure.value is None or figure.value >= agents:
            return figure
        return figure.raised_to(agents, self._language.translate("reason.agent_users_not_counted"))

    def reported(self, key: str, team: Team, month: Month) -> Figure:
        """Return the same figure as the API reports it, which decides whether a team is large enough to be shown."""
        metric, serving = METRICS[key], self._usage.serving(month)
        source = metric.source(str(month), serving.version)
        if serving.version is None:
            return Figure.unavailable(metric.unit, serving.reason, source)
        bucket = self._bucket(serving.version, team, month)
        if isinstance(bucket, Failure):
            reason = self._why_missing(bucket, TEAM_USAGE_ENDPOINTS[serving.version])
            return Figure.unavailable(metric.unit, reason, source)
        number = self._number(team, bucket, metric.field)
        if number is None:
            return Figure.unavailable(metric.unit, without_value(self._language, bucket, metric.field, month), source)
        figure = Figure.measured(number, metric.unit, source)
        if serving.partial:
            figure = figure.partial(serving.reason)
        return self._usage.partial_if_incomplete(figure, month)

    def agent_users(self, team: Team, month: Month) -> int | None:
        """Return the agent users of a team in the reported month or the previous one; None if not reported."""
        version = self._usage.serving(month).version
        bucket = self._bucket(version, team, month) if version else _NOT_REQUESTED
        if isinstance(bucket, Failure):
            return None
        number = self._number(team, bucket, USAGE_FIELDS["agent_users"].v1)
        return None if number is None else int(number)

    def completion_users(self, team: Team, month: Month) -> int | None:
        """Return the users of completions of a team in a month; its active users if the API does not report them."""
        version = self._usage.serving(month).version
        bucket = self._bucket(version, team, month) if version else _NOT_REQUESTED
        if isinstance(bucket, Failure):
            return None
        number = self._number(team, bucket, USAGE_FIELDS["completion_users"].v1)
        users = self.reported("team_active_users", team, month).value if number is None else number
        return None if users is None else int(users)

    def active_users_outside(self, month: Month) -> Figure:
        """Return the organization's active users minus those of the teams whose active users are known.

        A reader can compute them. They are those in no team, and in the teams whose active users are not known.
        """
        whole = self._usage.reported("active_users", month)
        known = [users for team in self.teams if (users := self.reported("team_active_users", team, month)).known]
        return difference(whole, total(known)) if known else whole

    def combined(self, key: str, teams: list[Team], month: Month) -> Figure:
        """Return the sum of `team_completions` over several teams. The report never sums distinct people."""
        return total(self.reported(key, team, month) for team in teams)

    def remainder(self, key: str, organization_key: str, month: Month) -> Figure:
        """Return the organization's figure minus that of its teams. Each person is in at most one team.

        Unavailable if the list lacks teams: they would count as users in no team.
        """
        whole = self._usage.reported(organization_key, month)
        if self.incomplete:
            return Figure.unavailable(whole.unit, self.incomplete, whole.source)
        return difference(whole, self.combined(key, self.teams, month)) if self.teams else whole

    def accounts_without_team(self) -> Figure:
        """Return the registered accounts in no team, as of now."""
        return self._accounts.accounts_without_team()

    def _lacking_teams(self) -> str:
        """Return that the list of users has many more users in teams, so that the list lacks teams; otherwise empty."""
        members, count = check_team_members(self._api_data), self._language.count
        if members is None or members.agrees:
            return ""
        return self._language.translate(
            "reason.teams_lacking", listed=count(members.listed), expected=count(members.fewest)
        )

    def _labels_of_groups(self) -> set[str]:
        """Return the labels that the groups of the table may have."""
        numbers = map(self._language.count, range(1, len(self.teams) + 1))
        smaller = {self._language.translate("teams.smaller", number=number) for number in numbers}
        return {self._language.translate("teams.no_team"), *smaller}

    def _number(self, team: Team, bucket: UsageBucket | None, field: str) -> int | float | None:
        """Return a field of a team's bucket. An absent one is zero only if the bucket or the team has no users."""
        number = field_value(bucket, field)
        if number is not None or (bucket and bucket.is_invalid(field)):
            return number
        without_users = bucket.active_users == 0 if bucket else self.members(team).value == 0
        return 0 if without_users else None

    def _bucket(self, version: Version, team: Team, month: Month) -> UsageBucket | Failure | None:
        """Return a team's bucket of a month, or why it could not be fetched; None if the API returned none."""
        months = self._response(self._api_data.team_usage[version], team)
        return months if isinstance(months, Failure) else months.get(month)

    def _response(self, by_team: Mapping[str, T | Failure] | Failure, team: Team) -> T | Failure:
        return by_team if isinstance(by_team, Failure) else by_team.get(team.id, _NOT_REQUESTED)

    def _why_missing(self, failure: Failure, endpoint: Endpoint) -> str:
        """Return the reason why a team has no figure: it was not requested, or the request failed."""
        if failure is _NOT_REQUESTED or endpoint not in self._api_data.snapshot.fetches:
            return self._language.translate("reason.not_requested")
        return without_data(endpoint, failure, self._language)
