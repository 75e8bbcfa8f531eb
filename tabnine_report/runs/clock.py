"""The one clock of a run; nothing inside `tabnine_report` looks at any other.

A demo and the tests rehearse a run at another instant: they set the clock of their own process, and nobody can set it
from outside.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta

_offset: ContextVar[timedelta | None] = ContextVar("clock_offset", default=None)


def now() -> datetime:
    """Give the present instant, UTC."""
    return datetime.now(UTC) + (_offset.get() or timedelta())


def rehearsing() -> bool:
    """Tell whether the clock was set to another instant."""
    return _offset.get() is not None


@contextmanager
def rehearse(at: datetime) -> Iterator[Callable[[], datetime]]:
    """Let the clock go from another instant inside the block; gives that clock, to be used in other threads too."""
    offset = at - datetime.now(UTC)
    token = _offset.set(offset)
    try:
        yield lambda: datetime.now(UTC) + offset
    finally:
        _offset.reset(token)
