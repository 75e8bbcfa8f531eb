"""Convert the organization's logo to PNG, once for all documents.

HTML, PDF and email show the same picture. If each program drew an SVG itself, the logo could look different, or be
missing, in one of them.
"""

import math
import os
import signal
import subprocess
import sys

from tabnine_report.model.errors import RenderError
from tabnine_report.model.logo import Logo
from tabnine_report.render import logo_worker
from tabnine_report.text.i18n import TEMPLATES

_WIDTH, _HEIGHT = 160, 36
_DENSITY = 4
"""Pixels of the picture for each pixel at which it is shown: enough for paper and for high-resolution screens."""
_SECONDS = 10
_MEMORY_BYTES = 500_000_000
# The loader and temporary files need these; the process does not get the rest, such as tokens and passwords.
_INHERITED_VARIABLES = ("PATH", "TMPDIR", "LD_LIBRARY_PATH")


def logo_size(logo: Logo) -> tuple[int, int]:
    """Return the width and height in pixels at which a logo is shown: as large as its space allows."""
    scale = min(_WIDTH / logo.width, _HEIGHT / logo.height)
    return math.ceil(logo.width * scale), math.ceil(logo.height * scale)


def logo_png(logo: Logo) -> bytes:
    """Return a logo as a PNG: a PNG unchanged, an SVG on white, converted by a process of its own.

    Raises:
        RenderError: If the SVG cannot be converted.
    """
    if logo.media_type == "image/png":
        return logo.content
    height = logo_size(logo)[1] * _DENSITY
    command = [sys.executable, "-m", logo_worker.__name__, str(_MEMORY_BYTES), str(_SECONDS), str(height)]
    try:
        ended = subprocess.run(  # noqa: S603 - this Python and our own module
            command, input=logo.content, capture_output=True, timeout=_SECONDS, env=_environment(), check=False
        )
    except subprocess.TimeoutExpired:
        raise _failure(f"it takes more than {_SECONDS} seconds") from None
    if ended.returncode < 0:
        raise _failure(f"it is too complex ({signal.Signals(-ended.returncode).name})")
    if ended.returncode > 0:
        raise _failure(ended.stderr.decode(errors="replace").strip().rpartition("\n")[2])
    return ended.stdout


def _failure(why: str) -> RenderError:
    return RenderError(f"The logo cannot be drawn: {why}. Simplify report.logo, or use a PNG instead.")


def _environment() -> dict[str, str]:
    inherited = {name: os.environ[name] for name in _INHERITED_VARIABLES if name in os.environ}
    return {**inherited, "PYTHONPATH": str(TEMPLATES.parent)}
