"""Decide which version of the usage endpoint serves a month. No other module makes this decision.

Version 1 always responds, but counts only activity before Tabnine 6.2; version 2 counts only activity since then. Both
are queried for every month, and their activity decides. The reason of a decision is a sentence, which the report shows
where figures are missing or partial.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tabnine_report.model.errors import UnexpectedResponse
from tabnine_report.model.month import Month
from tabnine_report.text.i18n import wording
from tabnine_report.usage_api.endpoints.usage import UsageBucket, Version
from tabnine_report.usage_api.snapshot import Failure

SAAS_CUTOVER = Month(2026, 5)
"""The month of Tabnine 6.2 on the vendor's own service: no installation has data in version 2 before it."""

Months = Mapping[Month, UsageBucket | Failure]
"""The buckets that one version returned, by month; a failure is a gap: the month could not be fetched."""

Usage = Months | Failure
"""The months of one version, or why it could not be fetched."""

FROZEN = wording("reason.frozen")
BEFORE_ACTIVITY = wording("reason.before_activity")
NO_DATA = wording("reason.no_data")
BOTH_COUNTED = wording("reason.both_counted")
UNDECIDED = wording("reason.undecided")
UNREADABLE = wording("reason.unreadable_month")


@dataclass(frozen=True)
class Serving:
    """The version that serves one month.

    Attributes:
        version: The version whose bucket has the month's figures; the bucket exists. None if there are no figures.
        partial: Whether the bucket may contain only a part of the month's activity.
        reason: Why there are no figures or why they are partial, as a sentence; empty for complete figures.
    """

    version: Version | None
    partial: bool = False
    reason: str = ""


@dataclass(frozen=True)
class Servings:
    """The version that serves each month.

    Attributes:
        by_month: One serving for each month, oldest first.
        cutover: The first month served by version 2 after months served by version 1, where a chart's line must break;
            None if there is no such month.
    """

    by_month: Mapping[Month, Serving]
    cutover: Month | None


def decide(months: Iterable[Month], v1: Usage, v2: Usage, registered: Mapping[Month, int] | None) -> Servings:
    """Return the version that serves each month.

    - Version 2 is not offered (404): version 1 serves every month. If it reports no activity although earlier months
      had activity or accounts are registered, it is probably frozen and the month has no figures, unless a later month
      has activity.
    - Both versions respond: version 2 serves the months in which it has activity, version 1 serves earlier months. The
      month in which version 2 replaces version 1 is partial if both have activity in it. A later month is partial if
      version 1 has more active users.
    - Version 2 failed otherwise: figures of version 1 are complete before `SAAS_CUTOVER` and partial from then on,
      because version 2 may have the rest.
    - Version 1 failed: version 2 serves its months. Its first month is partial, because version 1 may have the rest.
    - A gap of one version is a failure of that version for this month alone. Nothing is concluded from it: neither that
      the organization was not active yet, nor that the endpoint is frozen.

    Args:
        months: The months to decide.
        v1: The data of version 1.
        v2: The data of version 2.
        registered: Registered accounts by month, from account-utilizations; None if unknown.
    """
    ordered = sorted(months)
    if isinstance(v2, Failure):
        by_month = _without_v2(ordered, v1, v2, registered or {})
    elif isinstance(v1, Failure):
        by_month = _without_v1(ordered, v1, v2)
    else:
        by_month = _with_both_versions(ordered, v1, v2, registered or {})
    return Servings(by_month, _cutover(by_month))


def _with_both_versions(
    months: list[Month], v1: Months, v2: Months, registered: Mapping[Month, int]
) -> dict[Month, Serving]:
    active_v1, active_v2 = _active(months, v1), _active(months, v2)
    gaps_v1, gaps_v2 = _gaps(v1), {month: gap for month, gap in _gaps(v2).items() if month >= SAAS_CUTOVER}
    v2_start, v1_end = min(active_v2, default=None), max(active_v1, default=None)
    unknown_before = min((*gaps_v1, *gaps_v2), default=None)

    def serving(month: Month) -> Serving:
        if month in active_v2:
            v1_may_have_data = month == v2_start or (v1_end is not None and month < v1_end)
            if month in gaps_v1 and v1_may_have_data and month != months[0]:
                return Serving("v2", partial=True, reason=_rest_missing("v1", gaps_v1[month]))
            # Later, version 1 may repeat the same activity; with more users, it has activity that version 2 lacks.
            partial = month in active_v1 and (month == v2_start or active_v1[month] > active_v2[month])
            return Serving("v2", partial=partial, reason=BOTH_COUNTED if partial else "")
        if month in active_v1:
            if month in gaps_v2:
                return Serving("v1", partial=True, reason=_rest_missing("v2", gaps_v2[month]))
            partial = v2_start is not None and month > v2_start
            return Serving("v1", partial=partial, reason=BOTH_COUNTED if partial else "")
        if month in gaps_v1 or month in gaps_v2:
            version: Version = "v2" if month in gaps_v2 else "v1"
            failed = [bucket for usage in (v2, v1) if isinstance(bucket := usage.get(month), Failure)]
            return Serving(None, reason=failed[0].message) if failed else Serving(version)
        return without_activity(month)

    def without_activity(month: Month) -> Serving:
        was_active = any(active < month for active in (*active_v1, *active_v2))
        if not registered.get(month) and not was_active:
            is_first = unknown_before is None or month < unknown_before
            return Serving(None, reason=BEFORE_ACTIVITY if is_first else UNDECIDED)
        # The version that counted at the time serves the month, and if in doubt, version 2.
        replaced_in = v2_start or (v1_end.back(-1) if v1_end else months[0])
        version: Version = "v1" if month < replaced_in else "v2"
        return _serving_if_returned(version, (v1 if version == "v1" else v2).get(month))

    return {month: serving(month) for month in months}


def _without_v1(months: list[Month], v1: Failure, v2: Months) -> dict[Month, Serving]:
    v2_start, gaps = min(_active(months, v2), default=None), _gaps(v2)

    def serving(month: Month) -> Serving:
        if month in gaps and (month >= SAAS_CUTOVER or (v2_start and month > v2_start)):
            return Serving(None, reason=gaps[month].message)
        if v2_start is None or month < v2_start:
            return Serving(None, reason=v1.message)
        if month not in v2:
            return Serving(None, reason=NO_DATA)
        if month == v2_start != months[0]:
            return Serving("v2", partial=True, reason=_rest_missing("v1", v1))
        return Serving("v2")

    return {month: serving(month) for month in months}


def _without_v2(months: list[Month], v1: Usage, v2: Failure, registered: Mapping[Month, int]) -> dict[Month, Serving]:
    not_offered = v2.is_not_offered
    if isinstance(v1, Failure):
        reason = v1.message if not_offered else f"{v1.message} {v2.message}"
        return {month: Serving(None, reason=reason) for month in months}
    active, gaps = _active(months, v1), _gaps(v1)

    def serving(month: Month) -> Serving:
        if isinstance(v1.get(month), Failure):
            return Serving(None, reason=gaps[month].message)
        v2_may_have_data = not not_offered and month >= SAAS_CUTOVER
        if month in active:
            reason = _rest_missing("v2", v2) if v2_may_have_data else ""
            return Serving("v1", partial=v2_may_have_data, reason=reason)
        if v2_may_have_data:
            return Serving(None, reason=v2.message)
        return Serving("v1") if month in gaps else without_activity(month)

    def without_activity(month: Month) -> Serving:
        if not registered.get(month) and not any(other < month for other in active):
            return Serving(None, reason=UNDECIDED if any(gap < month for gap in gaps) else BEFORE_ACTIVITY)
        if any(other > month for other in active):
            return _serving_if_returned("v1", v1.get(month))
        if any(gap > month for gap in gaps):
            return Serving(None, reason=UNDECIDED)
        return Serving(None, reason=FROZEN if not_offered else v2.message)

    return {month: serving(month) for month in months}


def _serving_if_returned(version: Version, bucket: UsageBucket | Failure | None) -> Serving:
    if isinstance(bucket, UsageBucket):
        return Serving(version)
    return Serving(None, reason=bucket.message if bucket else NO_DATA)


def _active(months: list[Month], usage: Months) -> dict[Month, int]:
    """Return the active users of each month with activity."""
    return {
        month: bucket.active_users or 0
        for month in months
        if isinstance(bucket := usage.get(month), UsageBucket) and bucket.has_activity
    }


def _gaps(usage: Months) -> dict[Month, Failure]:
    """Return why the activity of a month is not known: it could not be fetched or not be read."""
    unreadable = Failure(error=UnexpectedResponse.__name__, message=UNREADABLE)
    return {
        month: bucket if isinstance(bucket, Failure) else unreadable
        for month, bucket in usage.items()
        if isinstance(bucket, Failure) or bucket.is_activity_unknown
    }


def _cutover(by_month: Mapping[Month, Serving]) -> Month | None:
    served_before = False
    for month, serving in by_month.items():
        if serving.version == "v2" and served_before:
            return month
        served_before = served_before or serving.version == "v1"
    return None


def _rest_missing(version: Version, failure: Failure) -> str:
    return wording("reason.rest_missing").format(version=version.removeprefix("v"), why=failure.message)
