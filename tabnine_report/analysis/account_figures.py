"""Account figures: those of each month from account-utilizations, and those that the API reports as of now."""

from collections import defaultdict
from datetime import UTC, date, datetime

from tabnine_report.analysis.account_count_check import TOLERANCE, check_account_count
from tabnine_report.analysis.api_data import ApiData
from tabnine_report.analysis.metric_definitions import METRICS
from tabnine_report.analysis.reasons import too_late, unreadable_rows, without_data, without_value
from tabnine_report.model.figure import Figure
from tabnine_report.model.month import Month
from tabnine_report.text.i18n import Language
from tabnine_report.usage_api.endpoints import Endpoint
from tabnine_report.usage_api.endpoints.account_utilizations import AccountUtilization
from tabnine_report.usage_api.endpoints.instance_permissions import PERMISSIONS, admins_of
from tabnine_report.usage_api.endpoints.users import USERS_DEACTIVATED_IN_TEAMS, USERS_REGISTERED_WITHOUT_TEAM
from tabnine_report.usage_api.field_types import UNLIMITED
from tabnine_report.usage_api.snapshot import Failure


class AccountFigures:
    """The accounts of each month, and the seats, teams, admins and accounts as of now.

    Args:
        api_data: The API's data.
        language: Writes the reasons.

    Attributes:
        account_count_check: The comparison with the list of users; None if it is not possible.
    """

    def __init__(self, api_data: ApiData, language: Language) -> None:
        self._api_data = api_data
        self._language = language
        self.account_count_check = check_account_count(api_data)
        self._rows = _by_month([] if isinstance(api_data.accounts, Failure) else api_data.accounts)

    def figure(self, key: str, month: Month) -> Figure:
        """Return the figure of a metric of `ACCOUNT_METRICS` for a month.

        Accounts at the month's end are withheld in every month if the list of users contradicts what they count.
        """
        figure, compared = self.reported(key, month), self.account_count_check
        if key != "accounts" or not figure.known or compared is None or compared.agrees:
            return figure
        reason = self._language.translate("reason.accounts_contradicted", share=self._language.percent(TOLERANCE))
        return Figure.unavailable(figure.unit, reason, figure.source)

    def reported(self, key: str, month: Month) -> Figure:
        """Return the same figure as the API reports it, even if the list of users contradicts it."""
        metric, translate = METRICS[key], self._language.translate
        source = metric.source(str(month))
        if isinstance(self._api_data.accounts, Failure):
            reason = without_data(Endpoint.ACCOUNT_UTILIZATIONS, self._api_data.accounts, self._language)
            return Figure.unavailable(metric.unit, reason, source)
        rows = self._rows.get(month, [])
        numbers = {getattr(row, metric.field) for row in rows}
        number = numbers.pop() if len(numbers) == 1 else None
        if number is None and len(rows) > 1:
            reason = translate("reason.duplicate_month", month=self._language.month(month))
            return Figure.unavailable(metric.unit, reason, source)
        if not rows:
            reason = translate("reason.no_accounts", month=self._language.month(month))
            return Figure.unavailable(metric.unit, reason, source)
        if number is None:
            reason = without_value(self._language, rows[0], metric.field, month)
            return Figure.unavailable(metric.unit, reason, source)
        figure = Figure.measured(number, metric.unit, source)
        if month == self._api_data.month and self._api_data.month_is_open:
            return figure.partial(translate("reason.open_month"))
        return figure

    def seats(self) -> Figure:
        """Return the number of licensed seats, as of now; 0 is no number that anything can be compared with."""
        terms = self._api_data.license
        if isinstance(terms, Failure):
            return self.as_of_figure("seats", terms)
        if terms.seats is None:
            reason = without_value(self._language, terms, METRICS["seats"].field, block="license")
        elif isinstance(terms.seats, str):
            reason = self._language.translate("reason.no_seat_limit")
        elif not terms.seats:
            reason = self._language.translate("reason.no_seats")
        else:
            return self.as_of_figure("seats", terms.seats)
        return self.as_of_figure("seats", None, reason)

    @property
    def has_no_seat_number(self) -> bool:
        """Whether the license states no seat limit or 0 seats, so that no figure of seats exists."""
        terms = self._api_data.license
        return not isinstance(terms, Failure) and terms.seats in (UNLIMITED, 0)

    def rows(self, key: str) -> Figure:
        """Return the figure of a metric that counts the rows of its endpoint, as of now.

        Partial if there are rows that could not be read.
        """
        (endpoint,) = METRICS[key].endpoints
        figure = self.as_of_figure(key, self._api_data.failure(endpoint) or self._api_data.row_count(endpoint))
        problems = self._api_data.problems(endpoint)
        reason = unreadable_rows(self._language, problems.unreadable_rows, problems.rows)
        return figure.partial(reason) if reason else figure

    def admins(self) -> Figure:
        """Return the number of accounts that are admins of the organization, as of now."""
        figure, admins = self.rows("admins"), self._api_data.read(PERMISSIONS)
        if figure.value is None or isinstance(admins, Failure):
            return figure
        return figure.with_value(len(admins_of(admins, self._api_data.organization.id)))

    def accounts_without_team(self) -> Figure:
        """Return the number of registered accounts in no team, as of now."""
        totals = self._api_data.user_totals
        number = totals if isinstance(totals, Failure) else totals[USERS_REGISTERED_WITHOUT_TEAM]
        return self.as_of_figure("accounts_without_team", number)

    def deactivated_in_teams(self) -> Figure:
        """Return the number of deactivated accounts that are still in a team, as of now."""
        totals = self._api_data.user_totals
        number = totals if isinstance(totals, Failure) else totals[USERS_DEACTIVATED_IN_TEAMS]
        return self.as_of_figure("deactivated_in_teams", number)

    def has_license_of_month(self) -> bool:
        """Return whether the license was fetched early enough to be shown for the month."""
        return not isinstance(self._api_data.license, Failure) and not self._api_data.is_late(Endpoint.LICENSE)

    def license_ends(self) -> date | None:
        """Return the day on which the license ends; None if it does not end, or if the day is unknown for the month."""
        terms = self._api_data.license
        if isinstance(terms, Failure) or not self.has_license_of_month() or not isinstance(terms.expires_at, datetime):
            return None
        return terms.expires_at.astimezone(UTC).date()

    def as_of_figure(self, key: str, number: int | Failure | None, why_missing: str = "") -> Figure:
        """Build a figure that describes the moment of the request; unavailable if the request was too late.

        Args:
            key: The metric.
            number: Its value; None if the API returned none.
            why_missing: Why there is no value; by default, because the API returned no such field.
        """
        metric, translate = METRICS[key], self._language.translate
        source, (endpoint,) = metric.source("now"), metric.endpoints
        if isinstance(number, Failure):
            return Figure.unavailable(metric.unit, without_data(endpoint, number, self._language), source)
        if number is None:
            reason = why_missing or translate("reason.field_absent_now", field=metric.field)
            return Figure.unavailable(metric.unit, reason, source)
        as_of = self._api_data.received_at(endpoint)
        if self._api_data.is_late(endpoint):
            reason = too_late(translate(f"label.{key}").lower(), endpoint, self._api_data, self._language)
            return Figure.unavailable(metric.unit, reason, source)
        figure = Figure.measured(number, metric.unit, source, as_of=as_of)
        if self._api_data.has_uncertain_total(endpoint):
            return figure.partial(translate("reason.uncertain_total"))
        return figure


def _by_month(rows: list[AccountUtilization]) -> dict[Month, list[AccountUtilization]]:
    by_month = defaultdict(list)
    for row in rows:
        by_month[row.month].append(row)
    return by_month
