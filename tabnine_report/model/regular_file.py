"""Read regular files only: a pipe or a device could keep a run waiting, or never end."""

import errno
import os
from pathlib import Path


def is_regular(path: Path) -> bool:
    """Return whether a path is that of a regular file; also a link to one."""
    try:
        return path.is_file()
    except OSError:  # such as a path that is too long
        return False


def read_regular(path: Path, most_bytes: int | None = None) -> bytes:
    """Return the content of a file; with a limit, at most one byte more, which shows that the file is too large.

    Raises:
        OSError: If it cannot be read, or is not a regular file.
    """
    if path.exists() and not path.is_file():
        raise OSError(errno.EINVAL, "not a regular file" if not path.is_dir() else os.strerror(errno.EISDIR))
    with path.open("rb") as file:
        return file.read() if most_bytes is None else file.read(most_bytes + 1)
