"""Weekly active users: the mean over the whole weeks of the reported month and of the previous one.

The API documents neither the first day of its weeks nor whether it returns weeks without activity. So its weeks are
taken as they are, and a month in which one is missing has no mean.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from tabnine_report.analysis.metric_definitions import METRICS
from tabnine_report.analysis.reasons import without_value
from tabnine_report.analysis.usage_figures import UsageFigures, most_users_of_a_feature
from tabnine_report.model.figure import Figure, Source, total
from tabnine_report.model.month import Month
from tabnine_report.text.i18n import Language
from tabnine_report.usage_api.endpoints.usage import UsageBucket
from tabnine_report.usage_api.snapshot import Failure

_KEY, _WEEK = "weekly_active_users", timedelta(days=7)


def weekly_active_users(usage: UsageFigures, month: Month, language: Language) -> Figure:
    """Return the mean of weekly active users over a month's whole weeks, in whole people.

    Args:
        usage: The usage figures.
        month: The month.
        language: Writes the reasons.
    """
    unit, serving, whole = METRICS[_KEY].unit, usage.serving(month), usage.figure("active_users", month)
    source, weeks = METRICS[_KEY].source(f"weeks of {month}", serving.version), _counted_weeks(usage, month, language)
    if isinstance(weeks, str):
        return Figure.unavailable(unit, weeks, source)
    summed = total(_active_users(week, source, language) for week in weeks).sourced(source)
    if summed.value is None:
        return summed
    mean = summed.with_value(int(summed.value / len(weeks) + 0.5))
    if whole.at_least:
        mean = mean.raised_to(mean.value or 0, language.translate("reason.weekly_users_not_counted"))
    if (mean.value or 0) > (whole.value or 0):
        part, of = language.value(mean), language.value(whole)
        return Figure.unavailable(
            unit, language.translate("reason.weekly_active_users_over", part=part, whole=of), source
        )
    return usage.partial_if_incomplete(mean.partial(serving.reason) if serving.partial else mean, month)


def _counted_weeks(usage: UsageFigures, month: Month, language: Language) -> list[UsageBucket] | str:
    """Return the whole weeks of a month, or the reason if one of them is not known."""
    name, serving, response = language.month(month), usage.serving(month), usage.weeks(month)
    if serving.version is None:
        return serving.reason
    if not usage.has_weeks(month):
        return language.translate("reason.not_requested")
    if isinstance(response, Failure):
        return language.translate("reason.weeks_not_fetched", month=name)
    weeks = whole_weeks(response, month)
    expected = [day for day in _first_days(weeks, month) if _counts(day, month, usage)]
    if not expected:
        return language.translate("reason.no_weeks", month=name)
    if not weeks.keys() >= set(expected):
        return language.translate("reason.weeks_missing", month=name)
    return [weeks[day] for day in expected]


def whole_weeks(buckets: Iterable[UsageBucket], month: Month) -> Mapping[date, UsageBucket]:
    """Return the buckets of the whole weeks in a month by their first day; none of a week with different buckets."""
    in_month = [
        bucket
        for bucket in buckets
        if abs(bucket.end - bucket.start - _WEEK) <= timedelta(hours=12)
        and {bucket.day, bucket.day + timedelta(days=6)} <= set(month.days)
    ]
    weeks = {bucket.day: bucket for bucket in in_month}
    repeated = {bucket.day for bucket in in_month if bucket != weeks[bucket.day]}
    return {day: bucket for day, bucket in weeks.items() if day not in repeated}


def _first_days(weeks: Mapping[date, UsageBucket], month: Month) -> list[date]:
    """Return the first days of all whole weeks of a month, given some of them; empty if these do not fit together."""
    weekdays = {day.weekday() for day in weeks}
    days = month.days[: len(month.days) - 6]
    return [day for day in days if weekdays == {day.weekday()}]


def _counts(day: date, month: Month, usage: UsageFigures) -> bool:
    """Return whether a week is over, and after the organization's start."""
    first = usage.first_month
    is_before_start = first is not None and first.month == month and first.starts_after(day)
    return day + timedelta(days=6) <= usage.last_complete_day and not is_before_start


def _active_users(bucket: UsageBucket, source: Source, language: Language) -> Figure:
    """Return the active users of a week; a lower bound if more people used a feature."""
    if bucket.active_users is None:
        reason = without_value(language, bucket, "activeUsers")
        return Figure.unavailable(METRICS[_KEY].unit, reason, source)
    figure, most = Figure.measured(bucket.active_users, METRICS[_KEY].unit, source), most_users_of_a_feature(bucket)
    if most <= bucket.active_users:
        return figure
    return figure.raised_to(most, language.translate("reason.weekly_users_not_counted"))
