"""Write to the terminal: results to standard output, progress and errors to standard error."""

import logging
import sys
import time
from pathlib import Path

from rich.console import Console
from rich.text import Text

INTERRUPTED, TERMINATED = 130, 143
"""The exit statuses of a process that was stopped by Ctrl+C or by SIGTERM."""

PROGRAM = Path(sys.executable).with_name("tabnine-report")
"""The program of this environment."""

_OUR_PACKAGES = ("cli", "flows", "tasks", "tabnine_report")


def print_error(text: str) -> None:
    """Print an error on standard error."""
    Console(stderr=True, soft_wrap=True, highlight=False).print(Text(text))


def print_line(text: str = "") -> None:
    """Print a line of the result on standard output, without formatting."""
    sys.stdout.write(f"{text}\n")


def command_line(arguments: str) -> str:
    """Return one of our commands as a person types it in the current folder."""
    folder = Path.cwd()
    return f"{PROGRAM.relative_to(folder) if PROGRAM.is_relative_to(folder) else PROGRAM} {arguments}"


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
