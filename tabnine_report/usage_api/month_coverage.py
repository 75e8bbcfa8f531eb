"""Read which months a query asked for, which it returned nothing about, and the buckets of every team."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TypeVar

from tabnine_report.model.month import Month
from tabnine_report.usage_api.base_records import Period
from tabnine_report.usage_api.snapshot import Failure, Fetch, Response

P = TypeVar("P", bound=Period)


def requested_months(params: Mapping[str, str]) -> tuple[Month, ...]:
    """Return the months from `from` to `to` of a request, oldest first."""
    first, end = (Month.of(datetime.fromisoformat(params[name])) for name in ("from", "to"))
    return end.back(1).last((end.year - first.year) * 12 + end.number - first.number)


def covered_months(fetch: Fetch, query: str) -> frozenset[Month]:
    """Return the months that the responses to a query cover, whether or not they have buckets."""
    return frozenset(month for response in fetch.responses_to(query) for month in requested_months(response.params))


def gaps(fetch: Fetch, query: str) -> dict[Month, Failure]:
    """Return the months of a query that could not be fetched, each with the reason."""
    return {
        month: failed
        for failed in fetch.failed_queries
        if failed.query == query
        for month in requested_months(failed.params)
    }


def months_by_team(
    fetch: Fetch, read: Callable[[Response], list[P]]
) -> Mapping[str, Mapping[Month, P | Failure] | Failure]:
    """Return the buckets by team id and month; a month, or a whole team, that could not be fetched is a failure."""
    months: dict[str, dict[Month, P | Failure]] = {}
    for response in fetch.responses:
        months.setdefault(response.query, {}).update({bucket.month: bucket for bucket in read(response)})
    failures: dict[str, Failure] = {}
    for failed in fetch.failed_queries:
        if failed.query in months:
            months[failed.query] |= gaps(fetch, failed.query)
        else:
            failures[failed.query] = failed
    return {**failures, **months}
