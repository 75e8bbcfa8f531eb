"""Detect files that would be lost with the container that the program runs in."""

from collections.abc import Mapping
from pathlib import Path

_MARKER_FILES = (".dockerenv", "run/.containerenv")
_KUBERNETES_VARIABLE = "KUBERNETES_SERVICE_HOST"
_LAYER_FILE_SYSTEMS = ("overlay", "fuse-overlayfs", "aufs")
"""The file systems of container layers. Files on them are deleted with the container."""


def ephemeral_storage_sign(path: Path, environment: Mapping[str, str], root: Path = Path("/")) -> str:
    """Return the evidence that a file would be lost with this container; empty if there is none.

    Docker and Podman create a marker file, and files outside of mounted volumes are on the container's own layer.
    In Kubernetes, mounted volumes can also be deleted with their pod, so any file there counts as ephemeral.

    Args:
        path: The file.
        environment: The environment variables.
        root: The root folder; tests replace it.
    """
    if environment.get(_KUBERNETES_VARIABLE):
        return _KUBERNETES_VARIABLE
    marker = next((f"/{name}" for name in _MARKER_FILES if (root / name).exists()), "")
    return marker if _file_system(path, root / "proc/mounts") in _LAYER_FILE_SYSTEMS else ""


def _file_system(path: Path, mounts: Path) -> str:
    """Return the type of the file system of a path, from the longest mount point above it; empty if unknown."""
    try:
        rows = [line.split() for line in mounts.read_text(encoding="utf-8").splitlines()]
    except OSError:
        return ""
    mounted = [(len(row[1]), row[2]) for row in rows if path.is_relative_to(row[1].replace(r"\040", " "))]
    return max(mounted, default=(0, ""))[1]
