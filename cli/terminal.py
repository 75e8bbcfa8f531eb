"""Write to the terminal: results to standard output, progress and errors to standard error."""

import logging
import os
import sys
import time
from pathlib import Path

from rich.console import Console
from rich.text import Text

INTERRUPTED, TERMINATED = 130, 143
"""The exit statuses of a process that was stopped by Ctrl+C or by SIGTERM."""

_OUR_PACKAGES = ("cli", "flows", "tasks", "tabnine_report")


def print_error(text: str) -> None:
    """Print an error on standard error."""
    Console(stderr=True, soft_wrap=True, highlight=False).print(Text(text))


def print_line(text: str = "") -> None:
    """Print a line of the result on standard output, without formatting."""
    sys.stdout.write(f"{text}\n")


def command_line(arguments: str) -> str:
    """Return one of our commands as a person types it in the current folder."""
    program = Path(sys.executable).with_name("tabnine-report")
    folder = Path.cwd()
    return f"{program.relative_to(folder) if program.is_relative_to(folder) else program} {arguments}"


def configure_prefect(*, debug: bool) -> None:
    """Set Prefect's defaults for the command line; variables that the environment sets keep their values.

    Call this before Prefect is imported. Prefect's own output is hidden, because a failing run would print several
    tracebacks. Its server on this machine is reached without a proxy.

    Args:
        debug: Whether to show Prefect's own output.
    """
    if not debug:
        os.environ.setdefault("PREFECT_LOGGING_LEVEL", "CRITICAL")
        os.environ.setdefault("PREFECT_SERVER_LOGGING_LEVEL", "CRITICAL")
        # Prefect's background workers use loggers of their own.
        os.environ.setdefault("PREFECT_LOGGING_ROOT_LEVEL", "CRITICAL")
        os.environ.setdefault("PREFECT_LOGGING_INTERNAL_LEVEL", "CRITICAL")
    # Prefect's client uses the proxy of the environment, even to reach a server on this machine.
    for name in ("no_proxy", "NO_PROXY"):
        os.environ[name] = ",".join(filter(None, (os.environ.get(name), "127.0.0.1", "localhost", "::1")))
    os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
    os.environ.setdefault("DO_NOT_TRACK", "1")
    # The watchdog recognizes a killed run by its silence.
    os.environ.setdefault("PREFECT_FLOWS_HEARTBEAT_FREQUENCY", "30")
    # A temporary server takes about ten seconds to start, and longer on a busy machine.
    os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "120")


def configure_logging(*, debug: bool) -> None:
    """Send our log lines to standard error: progress only to a terminal, warnings always."""
    handler = _ProgressHandler()
    handler.setLevel(logging.DEBUG if debug else logging.INFO if sys.stderr.isatty() else logging.WARNING)
    for name in _OUR_PACKAGES:
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.setLevel(logging.DEBUG if debug else logging.INFO)
        logger.propagate = False


class _ProgressHandler(logging.Handler):
    """Writes one line per record, with the seconds since the start."""

    def __init__(self) -> None:
        super().__init__()
        self._console = Console(stderr=True, soft_wrap=True, highlight=False)
        self._started_at = time.monotonic()

    def emit(self, record: logging.LogRecord) -> None:
        style = "yellow" if record.levelno >= logging.WARNING else "dim"
        seconds = f"{time.monotonic() - self._started_at:5.1f} s  "
        self._console.print(Text.assemble((seconds, "dim"), (record.getMessage(), style)))
