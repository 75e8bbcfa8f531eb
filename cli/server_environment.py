"""The environment variables of a Prefect server: none that a profile refers to, such as tokens and passwords."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

_NAMES = frozenset({"PATH", "HOME", "USER", "LANG", "TZ", "TMPDIR", "VIRTUAL_ENV", "LD_LIBRARY_PATH", "DO_NOT_TRACK"})
_PREFIXES = ("PREFECT_", "PYTHON", "LC_", "XDG_", "SSL_CERT_", "COVERAGE_")


def is_for_server(name: str) -> bool:
    """Return whether a Prefect server may get a variable: Prefect's own settings, and what any program needs."""
    return name in _NAMES or name.startswith(_PREFIXES)


@contextmanager
def only_for_server() -> Iterator[None]:
    """Hide all other variables from the processes that this process starts in the block."""
    hidden = {name: os.environ.pop(name) for name in list(os.environ) if not is_for_server(name)}
    try:
        yield
    finally:
        os.environ.update(hidden)
