"""End the process of a run in time, even if a silent Prefect server or a waiting thread keeps it alive."""

import os
import sys
import threading
from contextlib import suppress

STOP_SECONDS = 9.0
"""How long the process of a run that is stopped lives: what stops it, such as a container, waits little longer."""
NOTICE_SECONDS = 6.0
"""How much of this time the admins' notice may take."""
REPORT_SECONDS = 150.0
"""How long a run that has ended has to report to Prefect and to end its threads.

A Prefect server waits 60 seconds for a lock of its SQLite database, and then rejects the request. A run that did not
repeat it would appear as Crashed.
"""
TERMINATED = 143
"""The exit status of a process that was stopped by SIGTERM."""


class ProcessEnd:
    """Ends the process after a time. It does nothing in a process that does more than one run."""

    def __init__(self) -> None:
        self._timer: threading.Timer | None = None
        self._is_owned = False

    def own(self) -> None:
        """State that this process does nothing but one run."""
        self._is_owned = True

    def within(self, seconds: float, status: int, sentence: str) -> None:
        """End the process after a time; a later call replaces an earlier one.

        Args:
            seconds: The time.
            status: The exit status.
            sentence: What to write to standard error then; empty for nothing.
        """
        if self._timer is not None:
            self._timer.cancel()
        if self._is_owned:
            self._timer = threading.Timer(seconds, _end, (status, sentence))
            self._timer.daemon = True
            self._timer.start()


PROCESS_END = ProcessEnd()


def _end(status: int, sentence: str) -> None:
    # The process also ends if nobody reads its output any more.
    with suppress(OSError):
        if sentence:
            sys.stderr.write(f"{sentence}\n")
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(status)
