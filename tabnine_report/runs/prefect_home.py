"""Prefect's home folder: the database of a server on this machine, and what `up` records."""

import os
from pathlib import Path

from tabnine_report.model.errors import PrefectError


def state_folder() -> Path:
    """Return the folder of what `up` records: in Prefect's home, because the server's database is there, too."""
    return _home() / "tabnine-report"


def prefect_home() -> Path:
    """Return Prefect's home folder; create it if it does not exist.

    Raises:
        PrefectError: If the folder cannot be created or written.
    """
    home = _home()
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        reason = "" if os.access(home, os.W_OK | os.X_OK) else "Permission denied"
    except OSError as error:
        reason = error.strerror or type(error).__name__
    if reason:
        raise PrefectError(
            f"Prefect's home folder {home} cannot be written: {reason}. Set PREFECT_HOME to another folder."
        )
    return home


def _home() -> Path:
    return Path(os.environ.get("PREFECT_HOME") or "~/.prefect").expanduser().resolve()
