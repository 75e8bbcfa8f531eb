"""Asking once more: when one request is repeated, and how long to wait before.

Only what may pass by itself is repeated: the error's class says so (`retryable`). Outages longer than this are for
whoever runs the whole fetch again.
"""

import logging
import math
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import stamina
from stamina.instrumentation import RetryDetails, set_on_retry_hooks

from tabnine_report.model.errors import ServerError, UsageApiError
from tabnine_report.usage_api.http_date import read_http_date

T = TypeVar("T")
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Patience:
    """How often a request is made, and the waits between.

    The waits double from the first to the longest, each with up to `jitter_seconds` added, so that requests that failed
    together do not come back together.

    Attributes:
        tries: How often a request is made at most.
        first_wait_seconds: The wait before the second try.
        longest_wait_seconds: The longest wait, jitter included.
        jitter_seconds: The most that chance adds to a wait.
        longest_retry_after_seconds: The longest wait that a server may ask for; for a longer one nobody waits here.
    """

    tries: int = 5
    first_wait_seconds: float = 0.25
    longest_wait_seconds: float = 2.0
    jitter_seconds: float = 0.25
    longest_retry_after_seconds: float = 20.0


def retry_after_seconds(headers: Mapping[str, str], now: datetime) -> float | None:
    """Read how long a server asks to wait from `Retry-After`, given in seconds or as an HTTP date.

    Returns:
        Seconds, 0 for a date that has passed; None if the header is absent or cannot be read.
    """
    text = headers.get("retry-after", "").strip()
    try:
        seconds = float(text)
    except ValueError:
        date = read_http_date(text)
        seconds = (date - now).total_seconds() if date else math.nan
    return max(seconds, 0.0) if math.isfinite(seconds) else None


async def patiently(
    ask: Callable[[int], Awaitable[T]], patience: Patience, remaining_seconds: Callable[[], float]
) -> T:
    """Ask until an answer comes, patience ends, or the error is one that asking again cannot mend.

    Args:
        ask: Makes the request once; it is given the number of the try, from 1.
        patience: How often and how long.
        remaining_seconds: Tells how much time is left for everything.

    Raises:
        UsageApiError: The last try's error. A server's wish to wait longer than patience or time allow is not
            fulfilled: the error comes at once and says so.
    """

    def wait_before_next(error: Exception) -> bool | float:
        if not isinstance(error, UsageApiError) or not error.retryable:
            return False
        # With less time left than a wait may take, the error in hand says more than that time ran out.
        if remaining_seconds() <= patience.longest_wait_seconds + patience.jitter_seconds:
            return False
        asked_for = error.retry_after_seconds if isinstance(error, ServerError) else None
        if not asked_for:
            return True
        if asked_for > min(patience.longest_retry_after_seconds, remaining_seconds()):
            raise _not_waited_for(error, asked_for) from error
        return asked_for

    attempts = stamina.retry_context(
        on=wait_before_next,
        attempts=patience.tries,
        timeout=None,
        wait_initial=patience.first_wait_seconds,
        wait_max=patience.longest_wait_seconds,
        wait_jitter=patience.jitter_seconds,
    )
    async for attempt in attempts:
        with attempt:
            return await ask(attempt.num)
    raise AssertionError("the last try either answers or raises")  # pragma: no cover


def _not_waited_for(error: UsageApiError, seconds: float) -> ServerError:
    return ServerError(
        f"{error} It asks to wait {seconds:.0f} seconds, longer than is waited for here; run again after that.",
        endpoint=error.endpoint,
        status=error.status,
        request_id=error.request_id,
        retry_after_seconds=seconds,
    )


def _log_retry(details: RetryDetails) -> None:
    _log.warning(
        "Try %d of a request failed, next in %.2f s: %s", details.retry_num, details.wait_for, details.caused_by
    )


# stamina's own hooks log the words "stamina.retry_scheduled" and count in Prometheus when that happens to be installed.
set_on_retry_hooks([_log_retry])
