"""How long a run waits for the API, when it asks again, and when it continues later instead of waiting.

A run waits only for what its report needs: the organization, and the usage and accounts of its month.
"""

import random
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from tabnine_report.model.errors import ServerError, UsageApiError
from tabnine_report.profile.usage_api_settings import UsageApiSettings

SCHEDULED_MINUTES = 120.0
"""The patience of a run that a schedule started: no person watches it and reruns the month."""
ATTENDED_MINUTES = 1.0
"""The patience of a run that a person started and watches."""

UNATTENDED = "tabnine-report.unattended"
"""The label of a run that a flow started automatically, so that it waits as long as a scheduled one."""

LONGEST_WAIT = timedelta(minutes=2)
"""How long a run of a deployment waits in its process. After that, it gives its worker's slot back."""
NOTICE_AFTER = timedelta(minutes=10)
"""The length of an outage after which the admins are notified."""

FIRST_PAUSE_SECONDS = 5.0
MAX_PAUSE_SECONDS = 300.0
_JITTER = 0.2
"""The part of a pause that is added or removed at random, so that many runs do not ask at the same time."""


_BEGAN_AT, _ENDS_AT, _IS_NOTIFIED = (
    f"tabnine-report.{name}" for name in ("asks-since", "asks-until", "admins-notified")
)


class RunPostponed(Exception):
    """The API is down, and the run continues later.

    Attributes:
        error: Why the run could not continue now.
        until: When it continues.
    """

    def __init__(self, error: UsageApiError, until: datetime) -> None:
        super().__init__(error, until)
        self.error = error
        self.until = until

    def __str__(self) -> str:
        return str(self.error)


class Patience:
    """The time that a run has for waiting until the API responds again; its continuation has the rest.

    Args:
        began_at: When the first of these runs began to ask.
        ends_at: When they give up. An attempt that has begun may end later.
        waits_until: When this run stops waiting in its process; None if it always waits there.
        is_notified: Whether the admins were notified of the outage.
        jitter: Returns a random number from 0 to 1.
    """

    def __init__(
        self,
        began_at: datetime,
        ends_at: datetime,
        *,
        waits_until: datetime | None = None,
        is_notified: bool = False,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self.began_at = began_at
        self.ends_at = ends_at
        self.waits_until = waits_until
        self.is_notified = is_notified
        self._jitter = jitter

    @classmethod
    def of(cls, settings: UsageApiSettings, now: datetime, *, scheduled: bool, deployed: bool = False) -> "Patience":
        """Return the patience of a run that begins now.

        Args:
            settings: The profile's settings; `patience_minutes` applies to every run.
            now: The current time.
            scheduled: Whether a schedule started the run, not a person.
            deployed: Whether the run belongs to a deployment, so that it can continue later.
        """
        default = SCHEDULED_MINUTES if scheduled else ATTENDED_MINUTES
        minutes = default if settings.patience_minutes is None else settings.patience_minutes
        waits_until = now + LONGEST_WAIT if deployed else None
        return cls(now, now + timedelta(minutes=minutes), waits_until=waits_until)

    @classmethod
    def continued(cls, labels: Mapping[str, Any], now: datetime) -> "Patience | None":
        """Return the patience of a continuation of a postponed run, from its labels; None for any other run."""
        if _ENDS_AT not in labels:
            return None
        began_at, ends_at = (datetime.fromisoformat(str(labels[name])) for name in (_BEGAN_AT, _ENDS_AT))
        is_notified = bool(labels.get(_IS_NOTIFIED))
        return cls(began_at, ends_at, waits_until=now + LONGEST_WAIT, is_notified=is_notified)

    def labels(self) -> dict[str, str | bool]:
        """Return the labels of the continuation, which keep the patience."""
        return {
            _BEGAN_AT: self.began_at.isoformat(),
            _ENDS_AT: self.ends_at.isoformat(),
            _IS_NOTIFIED: self.is_notified,
        }

    def needs_notice(self, now: datetime) -> bool:
        """Return whether the outage is long, and the admins were not notified of it yet."""
        return not self.is_notified and now - self.began_at >= NOTICE_AFTER

    def postpones(self, next_attempt: datetime) -> bool:
        """Return whether the run has to continue later instead of waiting for the next attempt."""
        return self.waits_until is not None and next_attempt > self.waits_until

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
    if minutes < 1:
        seconds = round(minutes * 60)
        return f"{seconds} second{'' if seconds == 1 else 's'}"
    return f"{minutes:.3g} minute{'' if minutes == 1 else 's'}"
