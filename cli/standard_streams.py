"""Keep a command working when nobody reads its output, its disk is full, or a standard stream is closed."""

import os
import sys
from typing import Any, TextIO

_STREAMS = (("stdin", "r"), ("stdout", "w"), ("stderr", "w"))


class LenientStream:
    """A stream that discards its text after a write has failed, so that the command continues.

    Attributes:
        error: Why the first write failed; None if none failed.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.error: OSError | None = None

    def write(self, text: str) -> int:
        """Write a text, or discard it."""
        try:
            return self._stream.write(text)
        except OSError as error:
            self._discard(error)
            return len(text)

    def flush(self) -> None:
        """Flush the stream, or discard what it has."""
        try:
            self._stream.flush()
        except OSError as error:
            self._discard(error)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - any attribute of a stream
        return getattr(self._stream, name)

    def _discard(self, error: OSError) -> None:
        self.error = self.error or error
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self._stream.fileno())
        os.close(nowhere)


def prepare_standard_streams() -> None:
    """Open closed standard streams, so that no other file takes their place, and make the output lenient."""
    while (descriptor := os.open(os.devnull, os.O_RDWR)) < len(_STREAMS):
        os.set_inheritable(descriptor, True)
    os.close(descriptor)
    for descriptor, (name, mode) in enumerate(_STREAMS):
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(descriptor, mode, closefd=False))
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        # A character that the terminal's encoding lacks is written as its code.
        stream.reconfigure(errors="backslashreplace")
        setattr(sys, name, LenientStream(stream))


def output_problem() -> str:
    """Return a sentence on why the output is incomplete; empty if it is complete, or if its reader wanted no more."""
    sys.stdout.flush()
    error = getattr(sys.stdout, "error", None)
    if error is None or isinstance(error, BrokenPipeError):
        return ""
    return f"The command has ended, but its output could not be written: {error.strerror}."
