"""Account figures: those of months from account-utilizations, and what the API tells of now only."""

from collections import Counter

from tabnine_report.analysis import monthly_table as frames
from tabnine_report.analysis.answers import Answers
from tabnine_report.analysis.as_of import is_late
from tabnine_report.analysis.metrics import METRICS
from tabnine_report.analysis.reasons import not_fetched
from tabnine_report.model.figure import Figure
from tabnine_report.model.month import Month
from tabnine_report.text.i18n import Language
from tabnine_report.usage_api import endpoints
from tabnine_report.usage_api.endpoints import Endpoint
from tabnine_report.usage_api.snapshot import Failure

OF_MONTHS = ("registered", "accounts", "deactivated", "pending")
"""The metrics that account-utilizations tells of each month."""


class AccountFigures:
    """The accounts of each month, and the seats, teams, admins and accounts of now.

    Args:
        answers: What the snapshot answers.
        language: Writes the reasons.
    """

    def __init__(self, answers: Answers, language: Language) -> None:
        self._answers = answers
        self._language = language
        rows = [] if isinstance(answers.accounts, Failure) else answers.accounts
        self._months = frames.accounts_frame(rows)
        self._told = Counter(row.month for row in rows)

    def figure(self, key: str, month: Month) -> Figure:
        """Give a figure of `OF_MONTHS` for a month: states at its end, except `registered`."""
        metric = METRICS[key]
        source = metric.source(str(month))
        if isinstance(self._answers.accounts, Failure):
            return Figure.unavailable(metric.unit, not_fetched(Endpoint.ACCOUNT_UTILIZATIONS, self._language), source)
        number = frames.value(self._months, str(month), metric.field)
        if number is None:
            name = self._language.month(month)
            key = "reason.duplicate_month" if self._told[month] > 1 else "reason.field_absent"
            return Figure.unavailable(
                metric.unit, self._language.translate(key, field=metric.field, month=name), source
            )
        figure = Figure.measured(number, metric.unit, source)
        if month == self._answers.month and self._answers.month_is_open:
            return figure.partial(self._language.translate("reason.open_month"))
        return figure

    def seats(self) -> Figure:
        """Give the seats bought, as of now."""
        terms = self._answers.license
        return self._now("seats", terms if isinstance(terms, Failure) else terms.seats)

    def teams(self) -> Figure:
        """Give the number of teams, as of now."""
        teams = self._answers.teams
        return self._now("teams", teams if isinstance(teams, Failure) else len(teams))

    def admins(self) -> Figure:
        """Give the number of accounts with the Admin role, as of now."""
        admins = self._answers.admins
        return self._now("admins", admins if isinstance(admins, Failure) else len(admins))

    def accounts_without_team(self) -> Figure:
        """Give the number of accounts in no team, as of now."""
        totals = self._answers.user_totals
        number = totals if isinstance(totals, Failure) else totals[endpoints.USERS_REGISTERED_WITHOUT_TEAM]
        return self._now("accounts_without_team", number)

    def deactivated_in_teams(self) -> Figure:
        """Give the number of deactivated accounts that are still in a team, as of now."""
        totals = self._answers.user_totals
        number = totals if isinstance(totals, Failure) else totals[endpoints.USERS_DEACTIVATED_IN_TEAMS]
        return self._now("deactivated_in_teams", number)

    def _now(self, key: str, told: int | Failure | None) -> Figure:
        """Make a figure that the API tells of now: of the month only if it was asked soon enough after it."""
        metric, translate = METRICS[key], self._language.translate
        source, (endpoint,) = metric.source("now"), metric.endpoints
        if isinstance(told, Failure):
            return Figure.unavailable(metric.unit, not_fetched(endpoint, self._language), source)
        if told is None:
            return Figure.unavailable(metric.unit, translate("reason.field_absent_now", field=metric.field), source)
        as_of = self._answers.received_at(endpoint)
        if self._came_late(endpoint):
            reason = translate(
                "reason.too_late", what=translate(f"label.{key}").lower(), day=self._language.day_of(as_of)
            )
            return Figure.unavailable(metric.unit, reason, source)
        return Figure.measured(told, metric.unit, source, as_of=as_of)

    def license_is_of_the_month(self) -> bool:
        """Tell whether the license's facts may be printed beside the month."""
        return not isinstance(self._answers.license, Failure) and not self._came_late(Endpoint.LICENSE)

    def _came_late(self, endpoint: Endpoint) -> bool:
        return is_late(self._answers.snapshot.fetches[endpoint], self._answers.month)
