"""The clock of a run: the only code in the project that reads the current time.

The demo and the tests rehearse a run at another time. They set the clock from inside their own process; a setting or a
parameter cannot.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta

_offset: ContextVar[timedelta | None] = ContextVar("clock_offset", default=None)


def now() -> datetime:
    """Return the current time in UTC."""
    return datetime.now(UTC) + (_offset.get() or timedelta())


def in_real_time(instant: datetime) -> datetime:
    """Return when an instant of the run's clock is in real time, for a scheduler that does not rehearse."""
    return instant - (_offset.get() or timedelta())


def is_rehearsing() -> bool:
    """Return whether the clock is set to another time."""
    return _offset.get() is not None


@contextmanager
def rehearse(at: datetime) -> Iterator[Callable[[], datetime]]:
    """Set the clock to another time inside the block.

    Yields:
        A function that returns the rehearsed time in any thread.
    """
    offset = at - datetime.now(UTC)
    token = _offset.set(offset)
    try:
        yield lambda: datetime.now(UTC) + offset
    finally:
        _offset.reset(token)
