"""Create folders that other users of the machine cannot read, regardless of the umask."""

from pathlib import Path

_MODE = 0o750
"""The group may read, so that a web server can serve documents."""


def make_private_folder(folder: Path) -> None:
    """Create a folder and its missing parents; existing ones keep their modes.

    Raises:
        OSError: If it cannot be created.
    """
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    for path in reversed(missing):
        path.mkdir(mode=_MODE, exist_ok=True)
    folder.mkdir(exist_ok=True)  # raises the error of a file in its place
