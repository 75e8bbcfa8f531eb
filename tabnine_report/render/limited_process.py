"""Convert bytes with a program of our own in a process that has limits and no secrets.

The libraries that read pictures and PDFs are native code: bad input can crash them, or exhaust the stack, the memory or
the time of their process.
"""

import os
import signal
import subprocess
import sys

from tabnine_report.text.i18n import TEMPLATES

SECONDS = 10
_MEMORY_BYTES = 500_000_000
# The loader and temporary files need these; the process does not get the rest, such as tokens and passwords.
_INHERITED_VARIABLES = ("PATH", "TMPDIR", "LD_LIBRARY_PATH")


class ConversionError(Exception):
    """The process did not convert its input; the text states why, as a part of a sentence."""


def convert(module: str, content: bytes, *arguments: int) -> bytes:
    """Return what a program writes to standard output.

    Args:
        module: The program's module. Its first arguments are the limits of memory and of seconds, which it sets itself.
            It writes why it failed to standard error.
        content: The program's standard input.
        arguments: Further arguments.

    Raises:
        ConversionError: If it fails, or needs too much time or memory.
    """
    command = [sys.executable, "-m", module, *map(str, (_MEMORY_BYTES, SECONDS, *arguments))]
    try:
        ended = subprocess.run(  # noqa: S603 - this Python and our own module
            command, input=content, capture_output=True, timeout=SECONDS, env=_environment(), check=False
        )
    except subprocess.TimeoutExpired:
        raise ConversionError(f"it takes more than {SECONDS} seconds") from None
    if ended.returncode < 0:
        raise ConversionError(f"it is too complex ({signal.Signals(-ended.returncode).name})")
    if ended.returncode > 0:
        raise ConversionError(ended.stderr.decode(errors="replace").strip().rpartition("\n")[2])
    return ended.stdout


def _environment() -> dict[str, str]:
    inherited = {name: os.environ[name] for name in _INHERITED_VARIABLES if name in os.environ}
    return {**inherited, "PYTHONPATH": str(TEMPLATES.parent)}
