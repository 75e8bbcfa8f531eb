"""Usage figures of any month and day, each in the state that the API's answers give it.

This is the one way from a usage bucket to a figure. A month that no version of the endpoint serves, a block or a field
that the API left out, a month that is not over: each gives a figure that says so, and none gives a zero.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, timedelta

from tabnine_report.analysis import monthly_table as frames
from tabnine_report.analysis.answers import USAGE_ENDPOINTS, Answers, UsageAnswers
from tabnine_report.analysis.first_month import FirstMonth
from tabnine_report.analysis.metrics import COUNTED, METRICS
from tabnine_report.analysis.reasons import not_fetched
from tabnine_report.model.figure import Figure, Source
from tabnine_report.model.month import Month
from tabnine_report.text.i18n import Language
from tabnine_report.usage_api.endpoints import HISTORY_MONTHS, PATHS
from tabnine_report.usage_api.records import UsageBucket, Version
from tabnine_report.usage_api.snapshot import Failure
from tabnine_report.usage_api.versions import FROZEN, Serving, Usage, decide


class UsageFigures:
    """The usage of 13 months and of the days asked about.

    Args:
        answers: What the snapshot answers.
        language: Writes the reasons.
        sealed_months: The months of whose use the API may tell nothing any more, but sealed reports do.

    Attributes:
        months: The 13 months that end with the reported one, oldest first.
        servings: Which version serves each of them, and the first month of version 2 after one of version 1.
        beginning: The organization's first month, if it is one of them.
    """

    def __init__(self, answers: Answers, language: Language, sealed_months: Iterable[Month] = ()) -> None:
        self._answers = answers
        self._language = language
        self.months = answers.month.last(HISTORY_MONTHS)
        self.servings = decide(self.months, self._told_by("v1"), self._told_by("v2"), _registered(answers))
        served = {str(month): bucket for month in self.months if (bucket := self._bucket(month)) is not None}
        self._months = frames.usage_frame(served)
        self._day_buckets = {str(day): bucket for day, bucket in self._served_days()}
        self._days = frames.usage_frame(self._day_buckets)
        self._people_of_days: dict[Month, list[int]] = defaultdict(list)
        for bucket in self._day_buckets.values():
            self._people_of_days[Month(bucket.day.year, bucket.day.month)].append(bucket.active_users)
        self.first_month = FirstMonth.find(answers, [*filter(self._is_active, self.months), *sealed_months])

    def serving(self, month: Month) -> Serving:
        """Tell which version serves a month; none serves a month outside the 13."""
        return self.servings.by_month.get(month, Serving(None, reason=self._language.translate("reason.not_requested")))

    def figure(self, key: str, month: Month) -> Figure:
        """Give a figure of `COUNTED` for a month."""
        counted, serving = COUNTED[key], self.serving(month)
        if serving.version is None:
            # So early in a month, nothing yet does not mean that the endpoint is frozen.
            early = serving.reason == FROZEN and self._is_open(month)
            reason = self._language.translate("reason.open_month") if early else serving.reason
            return Figure.unavailable(counted.unit, reason, METRICS[key].source(str(month)))
        field, unit = counted.field(serving.version), counted.unit_in(serving.version)
        if field is None:
            reason = self._language.translate("reason.discontinued", field=counted.v1)
            return Figure.discontinued(unit, reason, self._source(counted.v1, "v1", str(month)))
        source = self._source(field, serving.version, str(month))
        number = frames.value(self._months, str(month), field)
        if number is None:
            reason = self._language.translate("reason.field_absent", field=field, month=self._language.month(month))
            return Figure.unavailable(unit, reason, source)
        figure = Figure.measured(number, unit, source)
        if key == "active_users" and (most := self._most_at_once(month)) > number and not (serving.partial and number):
            more, fewer = self._language.count(most), self._language.count(number)
            reason = self._language.translate("reason.too_few_counted", more=more, fewer=fewer)
            figure = figure.partial(reason) if number else Figure.unavailable(unit, reason, source)
        if serving.partial:
            figure = figure.partial(serving.reason)
        return self.cut_short(figure, month)

    def cut_short(self, figure: Figure, month: Month) -> Figure:
        """Mark a month's figure as partial where the month is the organization's first, or not over yet."""
        if self.first_month and month == self.first_month.month and self.first_month.is_partial:
            figure = figure.partial(self.first_month.sentence(self._language))
        if self._is_open(month):
            figure = figure.partial(self._language.translate("reason.open_month"))
        return figure

    def people_on(self, day: date) -> Figure:
        """Give the people of one day.

        A day without a bucket counts as a day without people where the API answered about the day, serves its month
        and tells of other days in it: buckets of days on which nothing happened may be left out. It does not where all
        days together have fewer people than the month: then the API left out others, too.
        """
        unit, month = COUNTED["active_users"].unit, Month(day.year, day.month)
        serving, field = self.serving(month), COUNTED["active_users"].v1
        reason = serving.reason if serving.version is None else self._why_no_day(day, month)
        if serving.version is None or reason:
            return Figure.unavailable(unit, reason, METRICS["active_users"].source(str(day)))
        bucket = self._day_buckets.get(str(day))
        source = self._source(field, bucket.version if bucket else serving.version, str(day))
        number = frames.value(self._days, str(day), field)
        figure = Figure.measured(number if number is not None else 0, unit, source)
        # In a month that two versions counted, a day is whole unless both counted it or one of them did not answer.
        whole = not serving.partial or (len(self._told()) > 1 and not all(day in usage.days for usage in self._told()))
        return figure if whole else figure.partial(serving.reason)

    def completions_on(self, day: date) -> Figure:
        """Give the completions of one day, as far as the API tells them of days."""
        unit, source = COUNTED["completions"].unit, METRICS["completions"].source(str(day))
        number = frames.value(self._days, str(day), COUNTED["completions"].v1)
        if number is None:
            field = COUNTED["completions"].v1
            reason = self._language.translate("reason.field_absent_now", field=field)
            return Figure.unavailable(unit, reason, source)
        return Figure.measured(number, unit, source)

    def asked_about(self, day: date) -> bool:
        """Tell whether the API was asked about a day."""
        return any(usage.days_asked[0] <= day < usage.days_asked[1] for usage in self._told())

    def last_day(self) -> date:
        """Give the last day that was over when the first figure was asked for."""
        return self._answers.snapshot.started_at.astimezone(UTC).date() - timedelta(days=1)

    def _why_no_day(self, day: date, month: Month) -> str:
        """Say why a day of a served month has no figure; empty when it has one."""
        translate, reason = self._language.translate, ""
        if day > self.last_day():
            reason = translate("reason.day_not_over")
        elif not self.asked_about(day):
            reason = translate("reason.not_requested")
        elif self.first_month and self.first_month.is_after(day):
            reason = translate("reason.day_before_first")
        elif str(day) not in self._day_buckets:
            if self._is_active(month) and month not in self._people_of_days:
                reason = translate("reason.no_days", month=self._language.month(month))
            elif self._days_are_missing(month):
                reason = translate("reason.days_missing", month=self._language.month(month))
            elif self.serving(month).partial and len(self._told()) == 1:
                reason = self.serving(month).reason
        return reason

    def _most_at_once(self, month: Month) -> int:
        """Give the people of a month's busiest day or feature: the month cannot have had fewer."""
        features = (COUNTED[key].v1 for key in ("completion_users", "chat_users"))
        told = (frames.value(self._months, str(month), field) for field in features)
        return int(max(0, *(people or 0 for people in told), *self._people_of_days.get(month, ())))

    def _days_are_missing(self, month: Month) -> bool:
        """Tell whether a month that is over has more people than its days together, so that not all days are told."""
        people = frames.value(self._months, str(month), COUNTED["active_users"].v1) or 0
        return not self._is_open(month) and sum(self._people_of_days[month]) < people

    def _is_open(self, month: Month) -> bool:
        return month == self._answers.month and self._answers.month_is_open

    def _bucket(self, month: Month) -> UsageBucket | None:
        version = self.servings.by_month[month].version
        usage = self._answers.usage[version] if version else None
        return usage.months.get(month) if isinstance(usage, UsageAnswers) else None

    def _served_days(self) -> Iterable[tuple[date, UsageBucket]]:
        """Give the bucket of each day by the version that serves its month.

        In a month that both versions counted, the one that does not serve it tells the days that the other does not.
        """
        days = sorted({day for usage in self._told() for day in usage.days})
        for day in days:
            version = self.serving(Month(day.year, day.month)).version
            if version is None:
                continue
            first = self._answers.usage[version]
            ordered = [first, *(usage for usage in self._answers.usage.values() if usage is not first)]
            yield day, next(u.days[day] for u in ordered if isinstance(u, UsageAnswers) and day in u.days)

    def _told_by(self, version: Version) -> Usage:
        """Give what a version told of each month, or that it failed, in words for those who read the report."""
        usage = self._answers.usage[version]
        if isinstance(usage, Failure):
            return usage.model_copy(update={"message": not_fetched(USAGE_ENDPOINTS[version], self._language)})
        return usage.months

    def _told(self) -> list[UsageAnswers]:
        return [usage for usage in self._answers.usage.values() if isinstance(usage, UsageAnswers)]

    def _is_active(self, month: Month) -> bool:
        bucket = self._bucket(month)
        return bucket is not None and bucket.has_activity

    def _source(self, field: str, version: Version, period: str) -> Source:
        return Source(endpoint=PATHS[USAGE_ENDPOINTS[version]], field=field, period=period)


def _registered(answers: Answers) -> dict[Month, int] | None:
    if isinstance(answers.accounts, Failure):
        return None
    return {row.month: row.registered for row in answers.accounts if row.registered is not None}
