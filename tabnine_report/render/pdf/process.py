"""Starting and watching the process that makes the PDF.

A process of its own gives its memory back, keeps the private font configuration to itself, and can be ended: a
document that goes wrong takes down neither the flow nor the machine. It sees none of the environment's secrets.
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
# What the loader and temporary files need; everything else, tokens and passwords among it, stays here.
_INHERITED_VARIABLES = ("PATH", "TMPDIR", "LD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH")
# WeasyPrint's words for a character that no font has: data may hold any character, so this is no mistake of ours.
_MISSING_GLYPH = ".notdef glyph rendered"


@dataclass(frozen=True)
class Limits:
    """What making the PDF may take: bounds for what goes wrong, far above what a report needs.

    Attributes:
        seconds: Until the process is ended; a report takes about 2 on one core.
        memory_bytes: Address space of the process; a report needs about 0.2 GB, half of it never touched.
    """

    seconds: float = 60.0
    memory_bytes: int = 1_000_000_000


class PdfRenderer:
    """The process: it imports WeasyPrint while the HTML is still being written.

    Use it as `with Printer(limits) as printer: ... pdf = printer.print(html)`. Leaving the block ends the process.

    Attributes:
        complaints: What WeasyPrint said while printing, a sentence each, but for characters that no font has.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self.warnings: tuple[str, ...] = ()

    def __enter__(self) -> Self:
        """Start the process.

        Raises:
            RenderError: If a font package is missing or there is no room for the font cache.
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
        """Give the PDF of a self-contained HTML document.

        Raises:
            RenderError: If it takes too long or too much memory, loads something from outside, or fails otherwise.
        """
        try:
            content, said = self._process.communicate(html.encode(), timeout=self._limits.seconds)
        except subprocess.TimeoutExpired as error:
            raise RenderError(
                f"Making the PDF took more than {self._limits.seconds:g} seconds and was ended."
            ) from error
        messages = _messages(said.decode(errors="replace"))
        if self._process.returncode != 0:
            raise RenderError(_failure_message(self._process.returncode, messages, self._limits))
        self._report(messages)
        return content

    def _report(self, messages: list[tuple[str, str]]) -> None:
        """Keep and log what the process said; characters without a glyph in one line, since data may hold any."""
        without_glyph = [message for _, message in messages if message.startswith(_MISSING_GLYPH)]
        if without_glyph:
            _log.info("No font has a glyph for %d of the report's characters; the PDF shows boxes", len(without_glyph))
        self.warnings = tuple(message for _, message in messages if message not in without_glyph)
        for complaint in self.warnings:
            _log.warning("WeasyPrint: %s", complaint)


def _environment(configuration: Path) -> dict[str, str]:
    passed_on = {name: os.environ[name] for name in _INHERITED_VARIABLES if name in os.environ}
    return {
        **passed_on,
        "FONTCONFIG_FILE": str(configuration),
        "LC_ALL": "C.UTF-8",
        # The process must run this very code, wherever the flow was started from.
        "PYTHONPATH": str(TEMPLATES.parent),
        "PYTHONHASHSEED": "0",
        # fontTools writes the time into each font that it cuts down, unless it is told one.
        "SOURCE_DATE_EPOCH": "0",
    }


def _messages(said: str) -> list[tuple[str, str]]:
    """Read what the process said: level and message, each message once; lines of other libraries are errors."""
    messages = []
    for line in said.splitlines():
        try:
            record = json.loads(line)
            messages.append((str(record["level"]), str(record["message"])))
        except (ValueError, TypeError, KeyError):
            messages.append(("ERROR", line))
    return list(dict.fromkeys(messages))


def _failure_message(status: int, messages: list[tuple[str, str]], limits: Limits) -> str:
    last = messages[-1][1] if messages else "it said nothing"
    memory = f"{limits.memory_bytes / 1e6:,.0f} MB of memory"
    if status == pdf.OUT_OF_MEMORY:
        return f"Making the PDF took more than {memory} and was ended."
    if status == pdf.NO_LIBRARIES:
        return f"WeasyPrint cannot be loaded ({last}): install the system packages {_LIBRARIES}."
    if status == -signal.SIGXCPU:
        return f"Making the PDF took more than {limits.seconds:g} seconds and was ended."
    if status == -signal.SIGKILL:
        return (
            "Making the PDF was ended from outside (SIGKILL), as by a machine or a container that has no memory left; "
            f"see that it has {memory} to spare, and run the month again."
        )
    if status < 0:
        name = signal.Signals(-status).name
        return f"Making the PDF ended by {name}, as it does when its {memory} are used up; it said: {last}"
    return f"Making the PDF failed: {last}"
