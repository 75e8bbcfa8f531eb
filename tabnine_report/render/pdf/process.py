"""Start and supervise the process that renders the PDF.

A separate process releases its memory, has a font configuration of its own, and can be killed, so that a faulty
document harms neither the flow nor the machine. It gets none of the environment's secrets.
"""

import json
import logging
import math
import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from tabnine_report.model.errors import RenderError
from tabnine_report.render.pdf import fonts
from tabnine_report.render.pdf import worker as pdf
from tabnine_report.text.i18n import TEMPLATES

_log = logging.getLogger(__name__)

_STYLESHEET = TEMPLATES / "report" / "pdf.css"
_LIBRARIES = "libpango-1.0-0, libpangoft2-1.0-0 and libharfbuzz-subset0"
# The loader and temporary files need these; the process does not get the rest, such as tokens and passwords.
_INHERITED_VARIABLES = ("PATH", "TMPDIR", "LD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH")
# WeasyPrint's message for a character that no font has. Data can contain any character, so it is not an error.
_MISSING_GLYPH = ".notdef glyph rendered"


@dataclass(frozen=True)
class Limits:
    """The limits for rendering a PDF, far above what a report needs.

    Attributes:
        seconds: The time after which the process is killed; a report takes about 2 seconds on one core.
        memory_bytes: The address space of the process; a report needs about 0.2 GB.
    """

    seconds: float = 60.0
    memory_bytes: int = 1_000_000_000


class PdfRenderer:
    """The process that renders a PDF; it imports WeasyPrint while the HTML is still being rendered.

    Use it as `with PdfRenderer(limits) as renderer: ... pdf = renderer.render(html)`. Leaving the block ends it.

    Attributes:
        warnings: The messages of WeasyPrint, except those about characters that no font has.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self.warnings: tuple[str, ...] = ()

    def __enter__(self) -> Self:
        """Start the process.

        Raises:
            RenderError: If a font package is missing or the font cache has no writable folder.
        """
        self._folder = tempfile.TemporaryDirectory(prefix="tabnine-report-")
        configuration = Path(self._folder.name) / "fonts.conf"
        configuration.write_text(fonts.fontconfig(fonts.cache_folder()), encoding="utf-8")
        seconds = math.ceil(self._limits.seconds)
        self._process = subprocess.Popen(  # noqa: S603 - this Python and our own module
            [sys.executable, "-m", pdf.__name__, str(self._limits.memory_bytes), str(seconds), str(_STYLESHEET)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=_environment(configuration),
        )
        return self

    def __exit__(self, *exception: object) -> None:
        """End the process if it still runs, and remove its folder."""
        self._process.kill()
        self._process.communicate()
        self._folder.cleanup()

    def render(self, html: str) -> bytes:
        """Return the PDF of a self-contained HTML document.

        Raises:
            RenderError: If it takes too long or too much memory, loads something from outside, or fails otherwise.
        """
        try:
            content, errors = self._process.communicate(html.encode(), timeout=self._limits.seconds)
        except subprocess.TimeoutExpired as error:
            raise RenderError(_timeout_message(self._limits)) from error
        messages = _messages(errors.decode(errors="replace"))
        if self._process.returncode != 0:
            raise RenderError(_failure_message(self._process.returncode, messages, self._limits))
        self._report(messages)
        return content

    def _report(self, messages: list[tuple[str, str]]) -> None:
        """Keep and log the messages of the process; those about missing glyphs in one line."""
        without_glyph = [message for _, message in messages if message.startswith(_MISSING_GLYPH)]
        if without_glyph:
            # The notice to the admins names them.
            _log.info(
                "No font has a glyph for %d of the report's characters. The PDF shows boxes instead.",
                len(without_glyph),
            )
        self.warnings = tuple(message for _, message in messages if message not in without_glyph)
        for warning in self.warnings:
            _log.warning("WeasyPrint: %s", warning)


def _environment(configuration: Path) -> dict[str, str]:
    inherited = {name: os.environ[name] for name in _INHERITED_VARIABLES if name in os.environ}
    return {
        **inherited,
        "FONTCONFIG_FILE": str(configuration),
        "LC_ALL": "C.UTF-8",
        # The process must import this same code, wherever the flow was started from.
        "PYTHONPATH": str(TEMPLATES.parent),
        "PYTHONHASHSEED": "0",
        # Without it, fontTools writes the current time into each font subset.
        "SOURCE_DATE_EPOCH": "0",
    }


def _messages(errors: str) -> list[tuple[str, str]]:
    """Read the log of the process: level and message, each message once; lines of other libraries are errors."""
    messages = []
    for line in errors.splitlines():
        try:
            record = json.loads(line)
            messages.append((str(record["level"]), str(record["message"])))
        except (ValueError, TypeError, KeyError):
            messages.append(("ERROR", line))
    return list(dict.fromkeys(messages))


def _timeout_message(limits: Limits) -> str:
    return f"Rendering the PDF took more than {limits.seconds:g} seconds and was stopped."


def _failure_message(status: int, messages: list[tuple[str, str]], limits: Limits) -> str:
    last = messages[-1][1] if messages else "the process wrote no message"
    memory = f"{limits.memory_bytes / 1e6:,.0f} MB of memory"
    # Python itself can run out of memory while it handles the first MemoryError, and then ends with a traceback.
    if status == pdf.OUT_OF_MEMORY or last == MemoryError.__name__:
        return f"Rendering the PDF took more than {memory} and was stopped."
    if status == pdf.NO_LIBRARIES:
        return f"WeasyPrint cannot be loaded ({last}). Install the system packages {_LIBRARIES}."
    if status == -signal.SIGXCPU:
        return _timeout_message(limits)
    if status == -signal.SIGKILL:
        return (
            "The process that renders the PDF was killed (SIGKILL), probably because the machine or container ran out "
            f"of memory. Provide {memory} and run the month again."
        )
    if status < 0:
        name = signal.Signals(-status).name
        return f"The process that renders the PDF ended with {name}, probably because it needed over {memory}: {last}"
    return f"Rendering the PDF failed: {last}"
