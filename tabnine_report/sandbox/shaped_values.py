"""Invent JSON values of a given shape: the same kinds in the same proportions.

They are plausible where readers check more than kinds: periods follow the request, the pages of a list add up, and ids
are unique.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any, Self
from zlib import crc32

from tabnine_report.sandbox.schemas import Json
from tabnine_report.sandbox.shape_file import ABSENT, Kind, Place, Responses

INTEGER = 10
"""Every integer without a special meaning."""

Period = tuple[datetime, datetime]

_TERM = timedelta(days=180)
_MONTHS_PER_YEAR = 12
_REQUESTS, _ROWS = 100_000, 1_000_000
_MONTHLY = ("monthly", "month")
_STEPS = {"daily": timedelta(1), "day": timedelta(1), "weekly": timedelta(7), "week": timedelta(7)}
_TIMES = {
    "timestamp": "%Y-%m-%dT%H:%M:%SZ",
    "timestamp with fraction": "%Y-%m-%dT%H:%M:%S.120Z",
    "timestamp with offset": "%Y-%m-%dT%H:%M:%S+00:00",
    "date": "%Y-%m-%d",
    "month": "%Y-%m",
}
_CONSTANTS: Mapping[Kind, Any] = {
    "null": None,
    "boolean": True,
    "integer": INTEGER,
    "negative integer": -1,
    "large integer": 2**53 + 1,
    "negative large integer": -(2**53) - 1,
    "number": 0.5,
    "negative number": -0.5,
    "large number": 1e300,
    "negative large number": -1e300,
    "not finite": math.nan,
    "empty text": "",
}


@dataclass(frozen=True)
class Query:
    """The parameters of a request on which a response depends.

    Attributes:
        now: The current time, UTC.
        window: The time from `from` to `to`; the current month until now without them.
        granularity: The length of the periods.
        offset: The first row of a page.
        limit: The most rows of a page; None if the request has no pages.
        first_id: The number of the first id; it differs between requests whose rows differ.
    """

    now: datetime
    window: Period
    granularity: str
    offset: int
    limit: int | None
    first_id: int

    @classmethod
    def read(cls, params: Mapping[str, str], now: datetime) -> Self:
        """Return the query with these parameters.

        Raises:
            ValueError: If a number or a time is invalid.
        """
        month = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        start, end = (
            datetime.fromisoformat(params[name]).astimezone(UTC) if name in params else default
            for name, default in (("from", month), ("to", now))
        )
        others = sorted(f"{name}={value}" for name, value in params.items() if name not in ("offset", "limit"))
        return cls(
            now=now,
            window=(start, end),
            granularity=params.get("granularity", "all"),
            offset=int(params.get("offset", "0")),
            limit=int(params["limit"]) if "limit" in params else None,
            first_id=crc32("&".join(others).encode()) % _REQUESTS * _ROWS,
        )

    @property
    def months(self) -> int:
        """The number of months in the window."""
        start, end = self.window
        return _MONTHS_PER_YEAR * (end.year - start.year) + end.month - start.month


def shaped_value(responses: Responses, query: Query) -> Any:  # noqa: ANN401 - any JSON value
    """Return the JSON body of one response."""
    inventor = _Inventor(responses, query)
    kind, number = inventor.deal(responses.body)
    return inventor.value(kind, number, responses.body, "", query.window)


class _Inventor:
    """Invents the values of one response, with the kinds of every place in the proportions in which they were seen."""

    def __init__(self, responses: Responses, query: Query) -> None:
        self._responses = responses
        self._query = query
        self._dealt: dict[int, Counter[Kind]] = {}

    def deal(self, place: Place) -> tuple[Kind, int]:
        """Return the kind of the next value at a place, and how many values the place has had."""
        dealt = self._dealt.setdefault(id(place), Counter())
        number, total = dealt.total(), sum(place.seen.values())
        kind = max(place.seen, key=lambda kind: place.seen[kind] * (number + 1) / total - dealt[kind])
        dealt[kind] += 1
        return kind, number

    def value(self, kind: Kind, number: int, place: Place, name: str, period: Period) -> Any:  # noqa: ANN401 - any JSON
        """Return a value of a kind."""
        if kind == "object":
            fields = self._fields(place, period)
            return self._page(place, fields) if {"data", "meta"} <= fields.keys() else fields
        if kind == "empty array":
            return []
        if kind == "array":
            return self._array(place, name)
        special = self._special(kind, name, period)
        first = self._query.first_id if name == "id" else 0
        return _plain(kind, first + number, name, self._query.now) if special is None else special

    def _fields(self, place: Place, period: Period) -> Json:
        places = dict(place.fields)
        if place.unnamed:
            places |= {f"unnamed-{number}": place.unnamed.values for number in range(place.unnamed.names)}
        fields = {}
        for name, part in places.items():
            kind, number = self.deal(part)
            if kind != ABSENT:
                fields[name] = self.value(kind, number, part, name, period)
        return fields

    def _array(self, place: Place, name: str) -> list[Any]:
        if place.items is None:  # It is too deep to be described.
            return [None]
        arrays = place.seen["array"]
        index = (self._dealt[id(place)]["array"] - 1) % arrays
        length = place.rows * (index + 1) // arrays - place.rows * index // arrays
        if name == "data" and self._query.limit == 1:
            length = max(length, INTEGER)  # A request for one row asks for the total.
        rows = []
        for period in _periods(self._query, place.items, max(length, 1)):
            kind, row = self.deal(place.items)
            rows.append(self.value(kind, row, place.items, name, period))
        return rows

    def _page(self, place: Place, page: Json) -> Json:
        """Return the requested page of a list, with metadata that fits it."""
        rows, meta, limit = page["data"], page["meta"], self._query.limit
        if limit is None or not isinstance(rows, list) or not isinstance(meta, dict):
            return page
        following = self._query.offset + limit
        shown = rows[self._query.offset : following]
        exact: Json = {"total": len(rows), "count": len(shown)}
        meta = {name: exact.get(name, value) if value == INTEGER else value for name, value in meta.items()}
        next_place = place.fields["meta"].fields.get("next")
        if next_place and set(next_place.seen) != {ABSENT}:
            meta["next"] = {"limit": limit, "offset": following} if following < len(rows) else None
            if following >= len(rows) and "null" not in next_place.seen:
                del meta["next"]
        return {**page, "data": shown, "meta": meta}

    def _special(self, kind: Kind, name: str, period: Period) -> Any:  # noqa: ANN401 - any JSON value
        """Return the value of a field with a meaning of its own; None for any other."""
        start, end = period
        if name in ("from", "to") and kind in _TIMES:
            return (start if name == "from" else end).strftime(_TIMES[kind])
        if kind == "integer":
            numbers = {
                "year": start.year,
                "month": start.month - 1,
                "exp": int((self._query.now + _TERM).timestamp()),
                "iat": int((self._query.now - _TERM).timestamp()),
                "status": self._responses.status,
            }
            return numbers.get(name)
        if kind == "text" and name == "granularity":
            return self._query.granularity
        if kind == "text" and name in ("error", "message") and self._responses.codes:
            return _error_text(self._responses.codes[0], name)
        return None


def _periods(query: Query, row: Place, count: int) -> Sequence[Period]:
    """Return the period of each row; the last periods of the window, or the last months, for rows that have one."""
    if {"year", "month"} <= row.fields.keys():
        return _months(query.now, count, include_last=True)
    if not {"from", "to"} <= row.fields.keys():
        return [query.window] * count
    _, end = query.window
    if query.granularity in _MONTHLY:
        return _months(end, count, include_last=False)
    if query.granularity in _STEPS:
        step = _STEPS[query.granularity]
        return list(pairwise(end - step * back for back in range(count, -1, -1)))
    return [query.window] * count


def _months(end: datetime, count: int, *, include_last: bool) -> Sequence[Period]:
    """Return the months before a time, and also the month of that time if it is included."""
    last = _MONTHS_PER_YEAR * end.year + end.month - 1 + include_last
    starts = [
        datetime(month // _MONTHS_PER_YEAR, month % _MONTHS_PER_YEAR + 1, 1, tzinfo=end.tzinfo)
        for month in range(last - count, last + 1)
    ]
    return list(pairwise(starts))


def _error_text(code: str, name: str) -> str:
    if code == "INVALID_ORGANIZATION":
        return "Unauthorized: Invalid organization."
    return code if name == "error" else "The sandbox answers as recorded."


def _plain(kind: Kind, number: int, name: str, now: datetime) -> Any:  # noqa: ANN401 - any JSON value
    if kind in _TIMES:
        return now.strftime(_TIMES[kind])
    texts: Mapping[Kind, str] = {
        "text": f"{name or 'text'} {number + 1}",
        "digits": str(number + 1),
        "uuid": f"00000000-0000-4000-8000-{0 if name == 'organizationId' else number:012d}",
        "email": f"user{number + 1}@shape.example",
    }
    return texts[kind] if kind in texts else _CONSTANTS[kind]
