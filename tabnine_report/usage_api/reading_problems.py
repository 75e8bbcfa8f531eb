"""What could not be read in the responses of an endpoint, for the report's list of data sources.

A problem affects only its own field or row. The readers record it here, and their callers may collect the problems.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Literal

from tabnine_report.usage_api.snapshot import Response


@dataclass(frozen=True)
class UnreadableRow:
    """A row, or the bucket of a period, that could not be read.

    Attributes:
        field: The field that makes it unreadable.
        problem: What is wrong with the field. A `repeated` id or period is also in another row.
    """

    field: str
    problem: Literal["missing", "invalid", "repeated"]


@dataclass
class ReadingProblems:
    """The problems in the responses of one endpoint."""

    _fields: dict[str, None] = field(default_factory=dict)
    _lists: dict[object, tuple[int, Sequence[UnreadableRow]]] = field(default_factory=dict)

    @property
    def invalid_fields(self) -> tuple[str, ...]:
        """The fields that have an invalid value in any record, as in `chat.activeUsers`."""
        return tuple(self._fields)

    @property
    def rows(self) -> int:
        """The number of rows in all lists."""
        return sum(rows for rows, _ in self._lists.values())

    @property
    def unreadable_rows(self) -> tuple[UnreadableRow, ...]:
        """The rows that could not be read."""
        return tuple(row for _, unreadable in self._lists.values() for row in unreadable)

    def add_fields(self, paths: Iterable[str]) -> None:
        """Add fields with an invalid value."""
        self._fields.update(dict.fromkeys(paths))

    def add_list(self, response: Response, rows: int, unreadable: Sequence[UnreadableRow]) -> None:
        """Add the rows of a list; reading the same response again changes nothing."""
        self._lists[response.query, *sorted(response.params.items())] = rows, unreadable


_current: ContextVar[ReadingProblems | None] = ContextVar("reading_problems", default=None)


@contextmanager
def collected_problems() -> Iterator[ReadingProblems]:
    """Yield the problems of the responses that are read in the context."""
    problems = ReadingProblems()
    token = _current.set(problems)
    try:
        yield problems
    finally:
        _current.reset(token)


def current_problems() -> ReadingProblems:
    """Return the problems to add to; they are discarded if nobody collects them."""
    return _current.get() or ReadingProblems()
