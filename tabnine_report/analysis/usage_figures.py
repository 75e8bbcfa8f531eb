"""Usage figures of any month and day, each in the state that follows from the API's responses.

This module is the only way from a usage bucket to a figure. A month that no version of the endpoint serves, a block or
a field that the API omits, an open month: each leads to a figure with this reason, and none to a zero.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, date, timedelta
from functools import cached_property

from tabnine_report.analysis.api_data import USAGE_ENDPOINTS, ApiData
from tabnine_report.analysis.late_days import late_days
from tabnine_report.analysis.metric_definitions import METRICS, USAGE_FIELDS
from tabnine_report.analysis.organization_start import FirstMonth
from tabnine_report.analysis.reasons import month_not_fetched, without_data, without_value
from tabnine_report.analysis.working_days import WorkingDays
from tabnine_report.model.figure import Figure, Source
from tabnine_report.model.month import Month
from tabnine_report.text.i18n import Language
from tabnine_report.usage_api.base_records import Record
from tabnine_report.usage_api.endpoints.usage import UsageBucket, UsageData, Version
from tabnine_report.usage_api.query import HISTORY_MONTHS
from tabnine_report.usage_api.snapshot import Failure
from tabnine_report.usage_api.versions import FROZEN, Serving, Usage, decide

_FACTORS = {
    "automation_factor": "codeCompletions.automationFactor",
    "chat_consumption_rate": "chat.chatConsumptionRate",
    "productivity_factor": "productivityFactor",
}
"""The fields of the factors in version 1, by the key of the metric."""


class UsageFigures:
    """The usage of the 13 months and of the days that were requested.

    Args:
        api_data: The API's data.
        language: Writes the reasons.
        working_days: The calendar of working days.
        sealed_months: Months in which sealed reports show activity, although the API may no longer report them.

    Attributes:
        months: The 13 months that end with the reported one, oldest first.
        servings: The version that serves each of them, and the first month of version 2 after one of version 1.
        first_month: The organization's first month, if it is one of the 13; otherwise None.
        late_days: The last days of the reported month whose data the API probably does not have yet.
    """

    def __init__(
        self, api_data: ApiData, language: Language, working_days: WorkingDays, sealed_months: Iterable[Month] = ()
    ) -> None:
        self._api_data = api_data
        self._language = language
        self.months = api_data.month.last(HISTORY_MONTHS)
        self.servings = decide(self.months, self._history("v1"), self._history("v2"), _registered(api_data))
        self._days = dict(self._served_days())
        self._daily_active_users: dict[Month, list[int]] = defaultdict(list)
        for day, bucket in self._days.items():
            if bucket.active_users is not None:
                self._daily_active_users[Month(day.year, day.month)].append(bucket.active_users)
        self.first_month = FirstMonth.find(api_data, [*filter(self._has_activity, self.months), *sealed_months])
        active = frozenset(
            day for day, bucket in self._days.items() if bucket.has_activity or bucket.is_activity_unknown
        )
        started = self.first_month.day if self.first_month and self.first_month.month == api_data.month else None
        self.late_days = late_days(api_data.month, active, working_days, self.last_complete_day, started)

    def serving(self, month: Month) -> Serving:
        """Return the version that serves a month; a month outside the 13 has none."""
        serving = self.servings.by_month.get(month)
        return serving or Serving(None, reason=self._language.translate("reason.not_requested"))

    def figure(self, key: str, month: Month) -> Figure:
        """Return the figure of a metric of `USAGE_FIELDS` for a month; too few active users are raised."""
        figure = self.reported(key, month)
        return self._at_least(figure, month) if key == "active_users" and figure.known else figure

    def reported(self, key: str, month: Month) -> Figure:
        """Return the same figure as the API reports it, even if it contradicts other figures of the API."""
        usage_field, serving = USAGE_FIELDS[key], self.serving(month)
        if serving.version is None:
            # Early in an open month, a response without data does not mean that the endpoint is frozen.
            is_early = serving.reason == FROZEN and self._is_open(month)
            reason = self._language.translate("reason.open_month") if is_early else serving.reason
            return Figure.unavailable(usage_field.unit, reason, METRICS[key].source(str(month)))
        field, unit = usage_field.field(serving.version), usage_field.unit_in(serving.version)
        if field is None:
            reason = self._language.translate("reason.discontinued", field=usage_field.v1)
            return Figure.discontinued(unit, reason, self._source(usage_field.v1, "v1", str(month)))
        source = self._source(field, serving.version, str(month))
        bucket = self._bucket(month)
        number = field_value(bucket, field)
        if number is None:
            return Figure.unavailable(unit, without_value(self._language, bucket, field, month), source)
        if implausible := self.implausible_factor(key, month):
            return Figure.unavailable(unit, implausible, source)
        figure = Figure.measured(number, unit, source)
        if serving.partial:
            figure = figure.partial(serving.reason)
        return self.partial_if_incomplete(figure, month)

    def reported_factors(self, month: Month) -> dict[str, float]:
        """Return the factors that version 1 reports for a month, by the key of the metric."""
        bucket = self._bucket(month) if self.serving(month).version == "v1" else None
        reported = {key: field_value(bucket, field) for key, field in _FACTORS.items()}
        return {key: value for key, value in reported.items() if value is not None}

    def implausible_factor(self, key: str, month: Month) -> str:
        """Return why a factor is doubtful: the API reports one that is no share; empty if it is plausible."""
        value = self.reported_factors(month).get(key, 0)
        if 0 <= value <= 1:
            return ""
        return self._language.translate("reason.implausible_factor", value=self._language.percent(value))

    def partial_if_incomplete(self, figure: Figure, month: Month) -> Figure:
        """Mark a month's figure as partial if the month is the organization's first, is open, or has late days."""
        if self.first_month and month == self.first_month.month and self.first_month.is_partial:
            figure = figure.partial(self.first_month.sentence(self._language))
        if self._is_open(month):
            figure = figure.partial(self._language.translate("reason.open_month"))
        if month == self._api_data.month and self.late_days:
            figure = figure.partial(self._why_late())
        return figure

    def weeks(self, month: Month) -> Sequence[UsageBucket] | Failure:
        """Return the weeks of the version that serves a month, or why they could not be fetched."""
        version = self.serving(month).version
        usage = self._api_data.usage[version] if version else None
        return usage.weeks if isinstance(usage, UsageData) else usage or ()

    def has_weeks(self, month: Month) -> bool:
        """Return whether the weeks of a month were requested: those of the reported month and of the previous one."""
        return self._api_data.month.back(1) <= month <= self._api_data.month

    def active_users_on(self, day: date) -> Figure:
        """Return the daily active users of a day; a lower bound if the API does not count all who used a feature."""
        figure, bucket, month = self.reported_on(day), self._days.get(day), Month(day.year, day.month)
        if figure.value is None or bucket is None:
            return figure
        most = max(figure.value, most_users_of_a_feature(bucket))
        if not most or (most == figure.value and not self._misses_agent_users(month)):
            return figure
        return figure.raised_to(most, self._language.translate("reason.daily_users_not_counted"))

    def reported_on(self, day: date) -> Figure:
        """Return the daily active users of a day as the API reports them.

        The API omits buckets of days without activity. So a day without a bucket counts as zero if the day was
        requested, its month is served, other days of the month have buckets, and all days together have at least the
        month's active users. Otherwise the API omitted other days too, and the day is unavailable. So is a late day.
        """
        unit, month = USAGE_FIELDS["active_users"].unit, Month(day.year, day.month)
        serving = self.serving(month)
        reason = serving.reason if serving.version is None else self._why_unknown(day, month)
        if serving.version is None or reason:
            return Figure.unavailable(unit, reason, METRICS["active_users"].source(str(day)))
        bucket = self._days.get(day)
        version = bucket.version if bucket else serving.version
        source = self._source(USAGE_FIELDS["active_users"].v1, version, str(day))
        number = bucket.active_users if bucket else 0
        if number is None:
            reason = without_value(self._language, bucket, source.field)
            return Figure.unavailable(unit, reason, source)
        figure = Figure.measured(number, unit, source)
        # In the month in which version 2 replaces version 1, each version has some of the activity. A day is complete
        # unless both versions have it, or one of them failed.
        responses = [usage for usage in self._responses() if month not in usage.day_gaps]
        is_complete = len(responses) > 1 and not all(day in usage.days for usage in responses)
        return figure if is_complete or not serving.partial else figure.partial(serving.reason)

    def completions_of_days(self, month: Month) -> int | None:
        """Return the completions of all days of a month; None if no day has any, or one of them could not be read."""
        field = USAGE_FIELDS["completions"].v1
        days = [self._days[day] for day in month.days if day in self._days]
        if any(bucket.is_unreadable or bucket.is_invalid(field) for bucket in days):
            return None
        known = [number for bucket in days if (number := field_value(bucket, field)) is not None]
        return int(sum(known)) if known else None

    @cached_property
    def last_complete_day(self) -> date:
        """The last day that had ended, in UTC, when the first figure was requested."""
        return self._api_data.snapshot.started_at.astimezone(UTC).date() - timedelta(days=1)

    def _at_least(self, active_users: Figure, month: Month) -> Figure:
        """Raise active users to those of the busiest day or feature: the month has at least as many.

        If both versions counted a part of the month, its days may be of the other version and prove nothing.
        """
        number, language = active_users.value or 0, self._language
        agents = int(field_value(self._bucket(month), USAGE_FIELDS["agent_users"].v1) or 0)
        most = 0 if number and self.serving(month).partial else self._most_active_users(month)
        if agents > max(number, most):
            return active_users.raised_to(agents, language.translate("reason.agent_users_not_counted"))
        if most <= number:
            return active_users
        reason = language.translate("reason.too_few_counted", more=language.count(most), fewer=language.count(number))
        if not number:
            return Figure.unavailable(active_users.unit, reason, active_users.source)
        return active_users.raised_to(most, reason)

    def _misses_agent_users(self, month: Month) -> bool:
        """Return whether the API counts fewer active users in a month than agent users."""
        bucket = self._bucket(month)
        agents = field_value(bucket, USAGE_FIELDS["agent_users"].v1) or 0
        return bucket is not None and bucket.active_users is not None and agents > bucket.active_users

    def _most_active_users(self, month: Month) -> int:
        """Return the active users of the month's busiest day, or of completions or chat if they have more."""
        bucket = self._bucket(month)
        features = (field_value(bucket, USAGE_FIELDS[key].v1) for key in ("completion_users", "chat_users"))
        return int(max(0, *(users or 0 for users in features), *self._daily_active_users.get(month, ())))

    def _fewest_active_users(self, month: Month) -> int:
        """Return the active users of a month, or of its busiest feature if they are not known."""
        bucket = self._bucket(month)
        if bucket is None or bucket.active_users is not None:
            return bucket.active_users or 0 if bucket else 0
        return self._most_active_users(month)

    def _why_unknown(self, day: date, month: Month) -> str:
        """Return the reason why a day of a served month has no figure; empty if it has one."""
        translate, reason = self._language.translate, ""
        if day > self.last_complete_day:
            reason = translate("reason.day_not_over")
        elif self._days_not_fetched(month):
            reason = translate("reason.days_not_fetched", month=self._language.month(month))
        elif self.first_month and self.first_month.starts_after(day):
            reason = translate("reason.day_before_first")
        elif day in self.late_days:
            reason = self._why_late()
        elif day not in self._days:
            if month not in self._daily_active_users and self._has_activity(month):
                reason = translate("reason.no_days", month=self._language.month(month))
            elif self._days_are_missing(month):
                reason = translate("reason.days_missing", month=self._language.month(month))
            elif self.serving(month).partial and len(self._responses()) == 1:
                reason = self.serving(month).reason
        return reason

    def _why_late(self) -> str:
        """Return the reason for figures of a month with late days."""
        newest = self.late_days[0] - timedelta(days=1)
        return self._language.translate("reason.late_days", day=self._language.date(newest))

    def _days_not_fetched(self, month: Month) -> bool:
        """Return whether the days of the version that serves a month could not be fetched."""
        version = self.serving(month).version
        usage = self._api_data.usage[version] if version else None
        return isinstance(usage, UsageData) and month in usage.day_gaps

    def _days_are_missing(self, month: Month) -> bool:
        """Return whether a month that has ended has more active users than its days together."""
        return not self._is_open(month) and sum(self._daily_active_users[month]) < self._fewest_active_users(month)

    def _is_open(self, month: Month) -> bool:
        return month == self._api_data.month and self._api_data.month_is_open

    def _bucket(self, month: Month) -> UsageBucket | None:
        version = self.serving(month).version
        usage = self._api_data.usage[version] if version else None
        return usage.months.get(month) if isinstance(usage, UsageData) else None

    def _served_days(self) -> Iterable[tuple[date, UsageBucket]]:
        """Yield the bucket of each day from the version that serves its month.

        In the month in which version 2 replaces version 1, the other version fills in the days that this one lacks.
        """
        for day in sorted({day for usage in self._responses() for day in usage.days}):
            month = Month(day.year, day.month)
            version = self.serving(month).version
            if version is None or self._days_not_fetched(month):
                continue
            first = self._api_data.usage[version]
            ordered = [first, *(usage for usage in self._api_data.usage.values() if usage is not first)]
            yield day, next(u.days[day] for u in ordered if isinstance(u, UsageData) and day in u.days)

    def _history(self, version: Version) -> Usage:
        """Return the months of a version, or its failure, with messages for the report's readers."""
        usage, endpoint = self._api_data.usage[version], USAGE_ENDPOINTS[version]
        if isinstance(usage, Failure):
            return usage.model_copy(update={"message": without_data(endpoint, usage, self._language)})
        gaps = {
            month: failure.model_copy(update={"message": month_not_fetched(endpoint, month, self._language)})
            for month, failure in usage.gaps.items()
        }
        return {**gaps, **usage.months}

    def _responses(self) -> list[UsageData]:
        return [usage for usage in self._api_data.usage.values() if isinstance(usage, UsageData)]

    def _has_activity(self, month: Month) -> bool:
        bucket = self._bucket(month)
        return bucket is not None and bucket.has_activity

    def _source(self, field: str, version: Version, period: str) -> Source:
        return Source(endpoint=USAGE_ENDPOINTS[version].path, field=field, period=period)


def field_value(bucket: UsageBucket | None, field: str) -> int | float | None:
    """Return a field of a bucket by its name in the API, as in `chat.activeUsers`; None if it is absent."""
    value: object = bucket
    for name in field.split("."):
        value = value.value_of(name) if isinstance(value, Record) else None
    return value if isinstance(value, int | float) else None


def _registered(api_data: ApiData) -> dict[Month, int] | None:
    if isinstance(api_data.accounts, Failure):
        return None
    return {row.month: row.registered for row in api_data.accounts if row.registered is not None}


def most_users_of_a_feature(bucket: UsageBucket) -> int:
    """Return the users of the feature with the most users; 0 if the API reports none."""
    keys = ("completion_users", "chat_users", "agent_users")
    return int(max(field_value(bucket, USAGE_FIELDS[key].v1) or 0 for key in keys))
