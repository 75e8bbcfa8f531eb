"""Run rounds of the watchdog at later times, without waiting for them."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime, timedelta, tzinfo
from types import SimpleNamespace
from unittest.mock import patch

from flows.watching import dead_runs, run_checks, watched_server
from flows.watching.watch_round import watch_profiles
from flows.watching.watched_server import WORKING
from tabnine_report.runs import clock
from tabnine_report.watchdog import months


class LaterWatchdog:
    """The watchdog with a clock that can be set forward; where it would wait, its clock goes on instead."""

    def __init__(self) -> None:
        self._offset = timedelta()

    def now(self, zone: tzinfo | None = UTC) -> datetime:
        """Return the time of the watchdog's clock."""
        return datetime.now(zone) + self._offset

    def round_at(self, instant: datetime, profile: str, *, has_worker: bool) -> list[str]:
        """Run one round at a later time; return the open problems, and the notices that could not be sent.

        Args:
            instant: The time.
            profile: The name of the profile.
            has_worker: Whether a worker runs. Until then, it would go on sending heartbeats.
        """
        self._offset = instant - datetime.now(UTC)
        with self._set_clock(), patch.object(watched_server, "WORKING", timedelta(days=1) if has_worker else WORKING):
            return [
                line
                for watched in watch_profiles((profile,))
                for line in (*(problem.sentence for problem in watched.problems), *watched.failures)
            ]

    def _sleep(self, seconds: float) -> None:
        self._offset += timedelta(seconds=seconds)

    @contextmanager
    def _set_clock(self) -> Iterator[None]:
        later = SimpleNamespace(now=self.now)
        with ExitStack() as patches:
            for module in (clock, dead_runs, run_checks, watched_server):
                patches.enter_context(patch.object(module, "datetime", later))
            patches.enter_context(patch.object(watched_server, "time", SimpleNamespace(sleep=self._sleep)))
            # After the due day, the watchdog also finds the missing month, whatever happened to its run.
            patches.enter_context(patch.object(months, "due_day_of", lambda *_: date.max))
            yield
