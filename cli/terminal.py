"""What a person at a terminal sees: progress and complaints on standard error, results on standard output."""

import logging
import os
import sys
import time

from rich.console import Console
from rich.text import Text

INTERRUPTED, TERMINATED = 130, 143
"""The exit statuses of a process that was stopped, by Ctrl+C and by SIGTERM."""

_OURS = ("cli", "flows", "tasks", "tabnine_report")


def complain(sentence: str) -> None:
    """Say on standard error what went wrong."""
    Console(stderr=True, soft_wrap=True, highlight=False).print(Text(sentence))


def tell(text: str = "") -> None:
    """Print a line of the result on standard output, as it is."""
    sys.stdout.write(f"{text}\n")


def counted(number: int, noun: str) -> str:
    """Say how many of something there are: `1 team`, `2 teams`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def settle_prefect(*, debug: bool) -> None:
    """Set up Prefect: its own output out of the way, as one failing run prints several tracebacks otherwise.

    To be called before Prefect is imported; what the environment says already stays.

    Args:
        debug: Whether its output is shown all the same.
    """
    if not debug:
        os.environ.setdefault("PREFECT_LOGGING_LEVEL", "CRITICAL")
        os.environ.setdefault("PREFECT_SERVER_LOGGING_LEVEL", "CRITICAL")
        # Its background workers log under names of their own.
        os.environ.setdefault("PREFECT_LOGGING_ROOT_LEVEL", "CRITICAL")
        os.environ.setdefault("PREFECT_LOGGING_INTERNAL_LEVEL", "CRITICAL")
    os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
    os.environ.setdefault("DO_NOT_TRACK", "1")
    # A temporary server takes about ten seconds to start, on a busy machine more.
    os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "120")


def show_progress(*, debug: bool) -> None:
    """Let our own log lines reach standard error: progress where a person watches, warnings everywhere."""
    handler = _Progress()
    handler.setLevel(logging.DEBUG if debug else logging.INFO if sys.stderr.isatty() else logging.WARNING)
    for name in _OURS:
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.setLevel(logging.DEBUG if debug else logging.INFO)
        logger.propagate = False


class _Progress(logging.Handler):
    """Writes a line a record, with the seconds since the start."""

    def __init__(self) -> None:
        super().__init__()
        self._console = Console(stderr=True, soft_wrap=True, highlight=False)
        self._begun = time.monotonic()

    def emit(self, record: logging.LogRecord) -> None:
        style = "yellow" if record.levelno >= logging.WARNING else "dim"
        seconds = f"{time.monotonic() - self._begun:5.1f} s  "
        self._console.print(Text.assemble((seconds, "dim"), (record.getMessage(), style)))
