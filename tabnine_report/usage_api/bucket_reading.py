"""Read buckets, which the usage endpoints return in an envelope: one bucket per period.

Distinct users cannot be added up, so a bucket of another period than requested, or two different buckets for one
period, are errors.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Annotated, Generic, TypeVar

from pydantic import FailFast, Field

from tabnine_report.model.month import Month
from tabnine_report.usage_api.field_types import Boundary
from tabnine_report.usage_api.record_types import Period, Record
from tabnine_report.usage_api.response_reading import read_response, unexpected_response
from tabnine_report.usage_api.snapshot import Response

P = TypeVar("P", bound=Period)

_LONGEST = {"daily": timedelta(days=6), "monthly": timedelta(days=62), "month": timedelta(days=62)}
"""A longer bucket has another granularity than requested."""


class _Usage(Record, Generic[P]):
    data: Annotated[tuple[P, ...], FailFast()]


class _Envelope(Record, Generic[P]):
    """The envelope around buckets.

    Attributes:
        start: `from` of the whole period, UTC; None if the response does not repeat it.
        end: `to` of the whole period, UTC; likewise.
        usage: The buckets.
    """

    start: Boundary | None = Field(default=None, alias="from")
    end: Boundary | None = Field(default=None, alias="to")
    usage: _Usage[P]


def read_buckets(model: type[P], response: Response, endpoint: str) -> list[P]:
    """Return the buckets of a response, in the API's order. The API may omit periods without activity.

    The one bucket of granularity `all` gets its period from the envelope, or else from the request: in the vendor's
    example, that bucket has a wrong `from` and `to`.

    Raises:
        UnexpectedResponse: If the response has another shape; if granularity `all` returns several buckets or another
            month; if a bucket is longer than requested; or if two buckets of one period differ.
    """
    envelope = read_response(_Envelope[model], response, endpoint)  # type: ignore[valid-type]
    buckets: list[P] = list(envelope.usage.data)
    granularity = response.params.get("granularity")
    if granularity in _LONGEST:
        _check_periods(response, buckets, granularity, endpoint)
    if granularity != "all":
        return buckets
    if len(buckets) > 1:
        problem = f"has {len(buckets)} buckets although one was requested"
        raise unexpected_response(endpoint, response, "usage.data", problem)
    requested_from, requested_to = (datetime.fromisoformat(response.params[name]) for name in ("from", "to"))
    period = {"start": envelope.start or requested_from, "end": envelope.end or requested_to}
    buckets = [bucket.model_copy(update=period) for bucket in buckets]
    if any(bucket.month != Month.of(requested_from) for bucket in buckets):
        raise unexpected_response(endpoint, response, "from", "is not the requested month")
    return buckets


def _check_periods(response: Response, buckets: Sequence[Period], granularity: str, endpoint: str) -> None:
    """Check that every bucket covers one day or month, and that buckets of the same period are equal."""
    ordered = sorted(buckets, key=lambda bucket: bucket.start)
    # A bucket ends where the next one begins at the latest, whatever its `to` is.
    ends = [min(bucket.end, following.start) for bucket, following in pairwise(ordered)]
    ends += [bucket.end for bucket in ordered[-1:]]
    if any(end - bucket.start > _LONGEST[granularity] for bucket, end in zip(ordered, ends, strict=True)):
        problem = f"has a bucket that is longer than {granularity}"
        raise unexpected_response(endpoint, response, "usage.data", problem)
    first_of_period: dict[object, Period] = {}
    for bucket in buckets:
        period = bucket.day if granularity == "daily" else bucket.month
        same_boundaries = {"start": bucket.start, "end": bucket.end}
        if first_of_period.setdefault(period, bucket).model_copy(update=same_boundaries) != bucket:
            raise unexpected_response(endpoint, response, "usage.data", f"has two different buckets for {period}")
