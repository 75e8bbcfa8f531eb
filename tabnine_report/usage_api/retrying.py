"""Retry one request: which errors are retried, and how long to wait before each attempt.

Only errors that may be temporary are retried; their class is marked `retryable`.
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

SIDE_SECONDS = 120.0
"""The total time for all optional queries: those that a report does not need."""

_LONGEST_WAIT_SECONDS = 366 * 86_400.0
"""Longer values are treated as invalid."""

T = TypeVar("T")
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class RetryPolicy:
    """How often a request is attempted, and the waits between the attempts.

    The wait doubles from the first to the longest one. Jitter keeps requests that failed together from being repeated
    together.

    Attributes:
        attempts: The maximum number of attempts.
        first_wait_seconds: The wait before the second attempt.
        max_wait_seconds: The longest wait, including jitter.
        jitter_seconds: The maximum that is added to a wait at random.
        chain_seconds: How long a request is retried if its caller sets no limit. After a longer outage, the caller has
            to fetch again.
    """

    attempts: int = 5
    first_wait_seconds: float = 0.25
    max_wait_seconds: float = 2.0
    jitter_seconds: float = 0.25
    chain_seconds: float = 20.0


def retry_after_seconds(headers: Mapping[str, str], now: datetime) -> float | None:
    """Return the wait that a server requests in `Retry-After`, which is in seconds or an HTTP date.

    Returns:
        Seconds, 0 for a date in the past; None if the header is absent or invalid, or requests more than a year.
    """
    text = headers.get("retry-after", "").strip()
    try:
        seconds = float(text)
    except ValueError:
        date = read_http_date(text)
        seconds = (date - now).total_seconds() if date else math.nan
    return max(seconds, 0.0) if seconds <= _LONGEST_WAIT_SECONDS else None


async def with_retries(
    send: Callable[[int], Awaitable[T]], policy: RetryPolicy, remaining_seconds: Callable[[], float]
) -> T:
    """Send a request until it succeeds, the attempts are used up, or the error is not retryable.

    Args:
        send: Sends the request once; receives the number of the attempt, from 1.
        policy: How often and how long to retry.
        remaining_seconds: Returns how long the request may still be retried.

    Raises:
        UsageApiError: The error of the last attempt. If the server requests a longer wait than what remains, the error
            is raised immediately.
    """

    def wait_before_next(error: Exception) -> bool | float:
        if not isinstance(error, UsageApiError) or not error.retryable:
            return False
        # If too little time remains for another wait, this error is more useful than a timeout.
        if remaining_seconds() <= policy.max_wait_seconds + policy.jitter_seconds:
            return False
        requested_wait = error.retry_after_seconds if isinstance(error, ServerError) else None
        if not requested_wait:
            return True
        return requested_wait if requested_wait < remaining_seconds() else False

    attempts = stamina.retry_context(
        on=wait_before_next,
        attempts=policy.attempts,
        timeout=None,
        wait_initial=policy.first_wait_seconds,
        wait_max=policy.max_wait_seconds,
        wait_jitter=policy.jitter_seconds,
    )
    async for attempt in attempts:
        with attempt:
            return await send(attempt.num)
    raise AssertionError("the last attempt either returns or raises")  # pragma: no cover


def _log_retry(details: RetryDetails) -> None:
    _log.warning("Attempt %d failed, retrying in %.2f s: %s", details.retry_num, details.wait_for, details.caused_by)


# stamina's own hooks log "stamina.retry_scheduled", and count in Prometheus if it is installed.
set_on_retry_hooks([_log_retry])
