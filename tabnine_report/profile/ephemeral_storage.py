"""Whether a file would be gone with the container that the program runs in."""

from collections.abc import Mapping
from pathlib import Path

_FILES = (".dockerenv", "run/.containerenv")
_VARIABLE = "KUBERNETES_SERVICE_HOST"
_OWN_LAYERS = ("overlay", "fuse-overlayfs", "aufs")
"""File systems that container engines lay over an image: what is written there ends with the container."""


def ephemeral_storage_sign(path: Path, environment: Mapping[str, str], root: Path = Path("/")) -> str:
    """Name what shows that a file would be lost with this container; empty when nothing does.

    Docker and Podman leave a file, and what is written outside of a mounted volume lies on the container's own layer.
    In Kubernetes a mounted volume may be one that ends with its pod, so there every place is doubtful.

    Args:
        path: The file.
        environment: The environment's variables.
        root: The folder that all files are in.
    """
    if environment.get(_VARIABLE):
        return _VARIABLE
    left = next((f"/{name}" for name in _FILES if (root / name).exists()), "")
    return left if _file_system(path, root / "proc/mounts") in _OWN_LAYERS else ""


def _file_system(path: Path, mounts: Path) -> str:
    """Give the type of the file system that a path is on, by the longest mount point above it; empty if unknown."""
    try:
        rows = [line.split() for line in mounts.read_text(encoding="utf-8").splitlines()]
    except OSError:
        return ""
    above = [(len(row[1]), row[2]) for row in rows if path.is_relative_to(row[1].replace(r"\040", " "))]
    return max(above, default=(0, ""))[1]
