"""Read buckets, which the usage endpoints return in an envelope: one bucket per period.

Distinct users cannot be added up. So a bucket of another length than requested cannot be read, nor can two different
buckets for one period. Either affects only its period.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise, starmap
from typing import Literal, TypeVar

from pydantic import Field

from tabnine_report.model.month import Month
from tabnine_report.usage_api.base_records import Period, Record
from tabnine_report.usage_api.field_types import Instant, RowsOrNull, Text
from tabnine_report.usage_api.reading_problems import UnreadableRow, current_problems
from tabnine_report.usage_api.response_reading import Rows, read_each, read_response, unexpected_response
from tabnine_report.usage_api.snapshot import Response

P = TypeVar("P", bound=Period)

_LONGEST = {"daily": timedelta(days=6), "monthly": timedelta(days=62), "month": timedelta(days=62)}
"""A longer bucket has another granularity than requested."""


_TOLERANCE = timedelta(days=1)
"""Time zones and inclusive ends move the boundary of a period by less."""


class _Usage(Record):
    data: RowsOrNull


class _Boundaries(Record):
    """The boundaries of a bucket, of which one may be invalid."""

    start: Instant | None = Field(default=None, alias="from")
    end: Instant | None = Field(default=None, alias="to")


class _Envelope(Record):
    """The envelope around buckets.

    Attributes:
        start: `from` of the whole period, UTC; None if the response does not repeat it.
        end: `to` of the whole period, UTC; likewise.
        usage: The buckets.
        team_id: The team; likewise.
    """

    start: Instant | None = Field(default=None, alias="from")
    end: Instant | None = Field(default=None, alias="to")
    usage: _Usage
    team_id: Text | None = None


def read_buckets(model: type[P], response: Response, endpoint: str) -> list[P]:
    """Return the buckets of a response, at most one per period, in the API's order.

    The API may omit periods without activity. A period whose bucket could not be read has an unreadable bucket. If it
    is not known which period that was, every requested period without a bucket has one.

    The one bucket of granularity `all` gets its period from the envelope, or else from the request: in the vendor's
    example, that bucket has a wrong `from` and `to`. If it cannot be read, there is none.

    Raises:
        UnexpectedResponse: If the response has another shape, or is that of another team.
    """
    envelope = read_response(_Envelope, response, endpoint)
    _check_team(envelope, response, endpoint)
    rows, granularity = envelope.usage.data, response.params.get("granularity")
    if granularity == "all":
        read = _read_whole_period(model, response, envelope)
    elif granularity in _LONGEST:
        read = _read_periods(model, response, rows, granularity)
    else:
        read = read_each(model, rows)
    current_problems().add_list(response, len(rows), read.unreadable)
    return read


def _check_team(envelope: _Envelope, response: Response, endpoint: str) -> None:
    """Check that a response is that of the requested team: a cache may ignore the parameters.

    Its `organizationId` is not checked. No document says that it is the id that the endpoint `organization` returns. A
    difference would leave the report without any usage.
    """
    requested = response.params.get("teamId")
    if envelope.team_id is not None and requested and envelope.team_id.casefold() != requested.casefold():
        raise unexpected_response(endpoint, response, "teamId", "is not the requested one")


def _read_whole_period(model: type[P], response: Response, envelope: _Envelope) -> Rows[P]:
    """Return the bucket of the requested period; empty if there are different ones, or it is of another period."""
    requested_from, requested_to = (datetime.fromisoformat(response.params[name]) for name in ("from", "to"))
    start, end = envelope.start or requested_from, envelope.end or requested_to
    period = {"from": start.isoformat(), "to": end.isoformat()}
    read = read_each(model, ({**row, **period} if isinstance(row, Mapping) else row for row in envelope.usage.data))
    problem: Literal["invalid", "repeated"] = "repeated"
    if abs(start - requested_from) > _TOLERANCE or not _ends_at(end, requested_to, response):
        problem = "invalid"
    elif all(bucket == read[0] for bucket in read):
        return Rows(read[:1], read.unreadable)
    return Rows((), [*read.unreadable, *(UnreadableRow("from", problem) for _ in read)])


def _read_periods(model: type[P], response: Response, rows: Sequence[object], granularity: str) -> Rows[P]:
    """Return one bucket per day or month."""
    read = read_each(model, rows)
    doubtful = [*_too_long(read, _LONGEST[granularity]), *_misplaced(read, response)]
    if granularity != "daily":
        doubtful += _not_of_a_calendar_month(read, response)
    wrong = list({id(bucket): bucket for bucket in doubtful}.values())
    lost = [*read.unreadable, *(UnreadableRow("to", "invalid") for _ in wrong)]
    repeated: list[UnreadableRow] = []
    buckets: dict[Month | date, P] = {}
    for bucket in read:
        if any(bucket is other for other in wrong):
            continue
        first = buckets.setdefault(_period(bucket, granularity), bucket)
        if first is not bucket and first.model_copy(update={"start": bucket.start, "end": bucket.end}) != bucket:
            buckets[_period(bucket, granularity)] = model.unreadable(bucket.start, bucket.end)
            repeated.append(UnreadableRow("from", "repeated"))
    if lost:
        requested = {
            _period(b, granularity): b for b in starmap(model.unreadable, _requested_periods(response, granularity))
        }
        located = [period for row in rows if (period := _period_of_one_boundary(row, granularity)) in requested]
        are_located = not wrong and len(located) == len(read.unreadable)
        missing = {period: b for period, b in requested.items() if period in located or not are_located}
        buckets = missing | buckets
    return Rows(buckets.values(), [*lost, *repeated])


def _ends_at(end: datetime, expected: datetime, response: Response) -> bool:
    """Return whether a period ends when expected; that of an open period may end with the request."""
    return abs(end - expected) <= _TOLERANCE or response.received_at - _TOLERANCE <= end < expected


def _with_ends(buckets: Sequence[P]) -> list[tuple[P, datetime]]:
    """Return the buckets, oldest first, with their ends: at the latest the next one's begin, regardless of `to`."""
    starts = sorted({bucket.start for bucket in buckets})
    following = dict(pairwise(starts))
    return [
        (bucket, min(bucket.end, following.get(bucket.start, bucket.end)))
        for bucket in sorted(buckets, key=lambda bucket: bucket.start)
    ]


def _too_long(buckets: Sequence[P], longest: timedelta) -> list[P]:
    return [bucket for bucket, end in _with_ends(buckets) if end - bucket.start > longest]


def _not_of_a_calendar_month(buckets: Sequence[P], response: Response) -> Iterator[P]:
    """Yield the buckets of 30 days or of a part of a month. Only the oldest may begin late: with the organization."""
    oldest = min((bucket.start for bucket in buckets), default=None)
    for bucket, end in _with_ends(buckets):
        first, following = bucket.month.start, bucket.month.end
        is_late, is_beyond = bucket.start > first + _TOLERANCE, end > following + _TOLERANCE
        if (
            bucket.start < first - _TOLERANCE
            or (is_late and (is_beyond or bucket.start != oldest))
            or (not is_beyond and not _ends_at(end, following, response))
        ):
            yield bucket


def _misplaced(buckets: Sequence[P], response: Response) -> Iterator[P]:
    """Yield the buckets without a length, and every bucket if all are exactly a month before or after the window.

    In the vendor's example, a bucket has the end of its period as its `from` and its `to`: its period is not known.
    """
    requested = [Month.of(start) for start, _ in _requested_periods(response, "monthly")]
    months = {bucket.month for bucket in buckets}
    is_shifted = len(requested) > 1 and any(
        months == {month.back(distance) for month in requested} for distance in (-1, 1)
    )
    yield from (bucket for bucket in buckets if is_shifted or bucket.end <= bucket.start)


def _period(bucket: Period, granularity: str) -> Month | date:
    return bucket.day if granularity == "daily" else bucket.month


def _period_of_one_boundary(row: object, granularity: str) -> Month | date | None:
    """Return the period of a bucket with only one valid boundary; None for any other bucket."""
    if not isinstance(row, Mapping):
        return None
    boundaries = _Boundaries.model_validate(row)
    if boundaries.start is not None and boundaries.end is None:
        inside = boundaries.start + timedelta(hours=12)
    elif boundaries.end is not None and boundaries.start is None:
        inside = boundaries.end - timedelta(hours=12)
    else:
        return None
    return inside.date() if granularity == "daily" else Month.of(inside)


def _requested_periods(response: Response, granularity: str) -> Iterator[tuple[datetime, datetime]]:
    """Yield the start and the end of every day or month that was requested."""
    start, end = (datetime.fromisoformat(response.params[name]) for name in ("from", "to"))
    while start < end:
        following = start + timedelta(days=1) if granularity == "daily" else Month.of(start).end
        yield start, following
        start = following
