"""Read the processor time and the memory of a process and its descendants from /proc; see proc(5)."""

import os
from pathlib import Path

_PROC = Path("/proc")
_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")
_MEGABYTE = 1_000_000


class ProcessLoad:
    """The load of some processes and their descendants.

    Args:
        roots: The IDs of the processes.

    Attributes:
        megabytes: The most memory that they had together at a call of `sample`.
    """

    def __init__(self, *roots: int) -> None:
        self._roots = roots
        self.megabytes = 0.0

    def sample(self) -> None:
        """Look at the memory."""
        pages = sum(int(_fields(process)[21]) for process in self._processes() if _fields(process))
        self.megabytes = max(self.megabytes, pages * _PAGE / _MEGABYTE)

    def cpu_seconds(self) -> float:
        """Return the processor time so far, with that of descendants that have ended."""
        return sum(sum(map(int, _fields(process)[11:15])) for process in self._processes()) / _TICKS

    def _processes(self) -> set[int]:
        """Return the processes that still run."""
        parents = {int(folder.name): _parent(int(folder.name)) for folder in _PROC.iterdir() if folder.name.isdigit()}
        found = set(self._roots)
        while more := {process for process, parent in parents.items() if parent in found} - found:
            found |= more
        return {process for process in found if _fields(process)}


def _parent(process: int) -> int:
    fields = _fields(process)
    return int(fields[1]) if fields else 0


def _fields(process: int) -> list[str]:
    """Return the fields after the program's name; nothing if the process has ended."""
    try:
        text = (_PROC / str(process) / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    return text.rpartition(") ")[2].split()
