"""Which version of the usage endpoint serves a month: decided here and nowhere else.

The first version answers for ever, but counts only what was used before Tabnine 6.2; the second counts only since. Both
are asked about every month, and activity decides. What each month's decision rests on is said in its reason, which the
report prints where figures are missing or partial.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus

from tabnine_report.model.month import Month
from tabnine_report.usage_api.records import UsageBucket, Version
from tabnine_report.usage_api.snapshot import Failure

SAAS_CUTOVER = Month(2026, 5)
"""The month in which 6.2 came to the vendor's own service: no installation counts in the second version before."""

Usage = Mapping[Month, UsageBucket] | Failure
"""What came of asking one version: a bucket for each month that it tells of, or why it could not be asked."""

FROZEN = (
    "The usage endpoint is probably frozen: it reports nothing for the month, although the organization was active "
    "before or has accounts."
)
BEFORE_ACTIVITY = "It lies before the organization's first activity."
NOT_TOLD = "The API tells nothing about the month."


@dataclass(frozen=True)
class Serving:
    """Who serves one month.

    Attributes:
        version: The version whose bucket holds the month's figures, and that bucket exists; None when there are none.
        partial: Whether the bucket may hold a part of the month's use only.
        reason: Why there are no figures, or why they are partial: a sentence. Empty for whole ones.
    """

    version: Version | None
    partial: bool = False
    reason: str = ""


@dataclass(frozen=True)
class Servings:
    """Who serves each month.

    Attributes:
        by_month: One serving for each month asked about, oldest first.
        cutover: The first month served by the second version after months served by the first: where a line through
            the months must break. None when there is no such month.
    """

    by_month: Mapping[Month, Serving]
    cutover: Month | None


def decide(months: Iterable[Month], v1: Usage, v2: Usage, registered: Mapping[Month, int] | None) -> Servings:
    """Decide who serves each month.

    - The second version is not offered (404): the first serves every month. Where it reports nothing although months
      before had activity or accounts are registered, it is probably frozen and the month has no figures, unless
      activity comes back later.
    - Both answer: a month with activity in the second is served by it, an earlier one by the first. The month in which
      one gives way to the other is partial if both counted in it, and so is a later one in which the first counted more
      people.
    - The second failed otherwise: the first's figures are whole before `SAAS_CUTOVER` and partial from then on, because
      the second may hold the rest.
    - The first failed: the second serves its months, and the month in which it begins is partial, because the first
      may hold the rest.

    Args:
        months: The months to decide about.
        v1: What the first version told.
        v2: What the second version told.
        registered: Accounts registered in each month, from account-utilizations; None when unknown.
    """
    ordered = sorted(months)
    if isinstance(v2, Failure):
        by_month = _without_second(ordered, v1, v2, registered or {})
    elif isinstance(v1, Failure):
        by_month = _without_first(ordered, v1, v2)
    else:
        by_month = _with_both(ordered, v1, v2, registered or {})
    return Servings(by_month, _cutover(by_month))


def _with_both(
    months: list[Month],
    v1: Mapping[Month, UsageBucket],
    v2: Mapping[Month, UsageBucket],
    registered: Mapping[Month, int],
) -> dict[Month, Serving]:
    first, second = _active(months, v1), _active(months, v2)
    begins, ends = min(second, default=None), max(first, default=None)

    def serving(month: Month) -> Serving:
        if month in second:
            # Later on, the first may tell the same use once more; with more people, it tells of use that is not here.
            shared = month in first and (month == begins or v1[month].active_users > v2[month].active_users)
            return Serving("v2", partial=shared, reason=_split(month) if shared else "")
        if month in first:
            after = begins is not None and month > begins
            return Serving("v1", partial=after, reason=_split(month) if after else "")
        if not registered.get(month) and not any(active < month for active in first | second):
            return Serving(None, reason=BEFORE_ACTIVITY)
        # Nobody did anything. The version that counted at the time says so; where both may have, the second.
        turn = begins or (ends.back(-1) if ends else months[0])
        version: Version = "v1" if month < turn else "v2"
        return Serving(version) if month in (v1 if version == "v1" else v2) else Serving(None, reason=NOT_TOLD)

    return {month: serving(month) for month in months}


def _without_first(months: list[Month], v1: Failure, v2: Mapping[Month, UsageBucket]) -> dict[Month, Serving]:
    begins = min(_active(months, v2), default=None)

    def serving(month: Month) -> Serving:
        if begins is None or month < begins:
            return Serving(None, reason=v1.message)
        if month not in v2:
            return Serving(None, reason=NOT_TOLD)
        if month == begins != months[0]:
            return Serving("v2", partial=True, reason=f"What the older version counted in it is missing: {v1.message}")
        return Serving("v2")

    return {month: serving(month) for month in months}


def _without_second(
    months: list[Month], v1: Usage, v2: Failure, registered: Mapping[Month, int]
) -> dict[Month, Serving]:
    not_offered = v2.status == HTTPStatus.NOT_FOUND
    if isinstance(v1, Failure):
        reason = v1.message if not_offered else f"{v1.message} {v2.message}"
        return {month: Serving(None, reason=reason) for month in months}
    active = _active(months, v1)

    def serving(month: Month) -> Serving:
        second_may_count = not not_offered and month >= SAAS_CUTOVER
        if month in active:
            reason = f"What the newer version counted in it is missing: {v2.message}" if second_may_count else ""
            return Serving("v1", partial=second_may_count, reason=reason)
        if second_may_count:
            return Serving(None, reason=v2.message)
        known = bool(registered.get(month)) or any(one < month for one in active)
        if not known:
            return Serving(None, reason=BEFORE_ACTIVITY)
        if not any(one > month for one in active):
            return Serving(None, reason=FROZEN if not_offered else v2.message)
        return Serving("v1") if month in v1 else Serving(None, reason=NOT_TOLD)

    return {month: serving(month) for month in months}


def _active(months: list[Month], usage: Mapping[Month, UsageBucket]) -> set[Month]:
    return {month for month in months if month in usage and usage[month].has_activity}


def _cutover(by_month: Mapping[Month, Serving]) -> Month | None:
    served_before = False
    for month, serving in by_month.items():
        if serving.version == "v2" and served_before:
            return month
        served_before = served_before or serving.version == "v1"
    return None


def _split(month: Month) -> str:
    return f"Two versions of the API counted {month.first_day:%B %Y}, each a part of it."
