"""Whether the program runs in a container, whose files are gone when it ends."""

from collections.abc import Mapping
from pathlib import Path

_FILES = (".dockerenv", "run/.containerenv")
_VARIABLE = "KUBERNETES_SERVICE_HOST"


def container_sign(environment: Mapping[str, str], root: Path = Path("/")) -> str:
    """Name what shows that this is a container: Docker, Podman or Kubernetes; empty when nothing does.

    Args:
        environment: The environment's variables.
        root: The folder that all files are in.
    """
    for name in _FILES:
        if (root / name).exists():
            return f"/{name}"
    return _VARIABLE if environment.get(_VARIABLE) else ""
