"""How long a run waits for the API, and when it asks again.

A run waits only for what its report cannot do without: the organization, and the usage and accounts of its month.
"""

import random
from collections.abc import Callable
from datetime import datetime, timedelta

from tabnine_report.model.errors import ServerError, UsageApiError
from tabnine_report.profile.usage_api_settings import UsageApiSettings

SCHEDULED_MINUTES = 120.0
"""The patience of a run that a schedule started: nobody is there to run the month again."""
ATTENDED_MINUTES = 1.0
"""The patience of a run that a person started and watches."""

FIRST_PAUSE_SECONDS = 5.0
MAX_PAUSE_SECONDS = 300.0
_JITTER = 0.2
"""The part of a pause that is added or removed at random, so that many runs do not ask at the same time."""


class Patience:
    """The time that a run has for waiting until the API responds again.

    Args:
        began_at: When the run began to ask.
        ends_at: When it gives up. An attempt that has begun may end later.
        jitter: Returns a random number from 0 to 1.
    """

    def __init__(self, began_at: datetime, ends_at: datetime, jitter: Callable[[], float] = random.random) -> None:
        self.began_at = began_at
        self.ends_at = ends_at
        self._jitter = jitter

    @classmethod
    def of(cls, settings: UsageApiSettings, began_at: datetime, *, scheduled: bool) -> "Patience":
        """Return the patience of a run.

        Args:
            settings: The profile's settings; `patience_minutes` applies to every run.
            began_at: When the run began.
            scheduled: Whether a schedule started the run, not a person.
        """
        default = SCHEDULED_MINUTES if scheduled else ATTENDED_MINUTES
        minutes = default if settings.patience_minutes is None else settings.patience_minutes
        return cls(began_at, began_at + timedelta(minutes=minutes))

    def pause(self, error: UsageApiError, now: datetime) -> float:
        """Return how many seconds to wait before the next attempt.

        Pauses grow with the outage. A wait that the server requests is honored in full.

        Raises:
            UsageApiError: The error itself if waiting cannot help; with an additional sentence if the patience is used
                up, or too short for the wait that the server requests.
        """
        if not error.retryable:
            raise error
        remaining = (self.ends_at - now).total_seconds()
        if remaining <= 0:
            raise error.with_advice(self._gave_up()) if self.ends_at > self.began_at else error
        requested = (error.retry_after_seconds or 0.0) if isinstance(error, ServerError) else 0.0
        if requested > remaining:
            raise error.with_advice(_too_long(remaining))
        grown = min(max(FIRST_PAUSE_SECONDS, (now - self.began_at).total_seconds() / 2), MAX_PAUSE_SECONDS)
        return max(requested, min(grown * (1 - _JITTER + 2 * _JITTER * self._jitter()), remaining))

    def _gave_up(self) -> str:
        minutes = (self.ends_at - self.began_at).total_seconds() / 60
        return f"The run gave up after {_minutes(minutes)} (usage_api.patience_minutes)."


def _too_long(remaining: float) -> str:
    return (
        f"The wait that the server requests is longer than the {_minutes(remaining / 60)} that the run still has "
        "(usage_api.patience_minutes), so the run did not wait."
    )


def _minutes(minutes: float) -> str:
    return f"{minutes:.3g} minute{'' if minutes == 1 else 's'}"
