"""Running a program and watching what it takes: seconds from its start to its end, processor time, memory at its peak.

Memory is the resident size that Linux keeps the peak of (`VmHWM`), for the program and for each process that it
starts. `getrusage` would not do: after a fork it tells the parent's peak as the child's.
"""

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_LOOK_EVERY_SECONDS = 0.02
_PROCESSES = Path("/proc")


@dataclass(frozen=True)
class Watched:
    """What a program took.

    Attributes:
        output: What it printed.
        seconds: From start to end.
        processor_seconds: Processor time of the program and its children; it grows little when others are busy, too.
        peak_mb: Its own peak in megabytes; 0 where the system does not tell.
        child_peak_mb: The peak of its largest child; 0 where there was none.
    """

    output: str
    seconds: float
    processor_seconds: float
    peak_mb: float
    child_peak_mb: float


def watch(arguments: Sequence[str | Path], environment: Mapping[str, str] | None = None) -> Watched:
    """Run a Python program to its end.

    Raises:
        RuntimeError: If it fails; the end of what it said is in the message.
    """
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as said:
        begun = time.perf_counter()
        process = subprocess.Popen([sys.executable, *arguments], stdout=output, stderr=said, env=environment)
        watcher = _Watcher(process.pid)
        watcher.start()
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        watcher.stop()
        output.seek(0)
        printed = output.read()
        said.seek(0)
        if process.returncode != 0:
            raise RuntimeError(f"{arguments[0]} failed with exit status {process.returncode}:\n{said.read()[-2000:]}")
    own = watcher.peaks_mb.pop(process.pid, 0.0)
    return Watched(printed, seconds, used.ru_utime + used.ru_stime, own, max(watcher.peaks_mb.values(), default=0.0))


class _Watcher(threading.Thread):
    """Looks at a process and its descendants until stopped."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid = pid
        self._ended = threading.Event()
        self.peaks_mb: dict[int, float] = {}

    def run(self) -> None:
        while not self._ended.wait(_LOOK_EVERY_SECONDS):
            for pid in _family(self._pid):
                # The last look counts, not the largest: a child is for an instant the same size as its parent.
                self.peaks_mb[pid] = _peak_mb(pid) or self.peaks_mb.get(pid, 0.0)

    def stop(self) -> None:
        self._ended.set()
        self.join()


def _family(pid: int) -> Iterator[int]:
    yield pid
    try:
        threads = [thread / "children" for thread in (_PROCESSES / str(pid) / "task").iterdir()]
    except OSError:
        return  # The process has ended meanwhile.
    for children in threads:
        with suppress(OSError):  # The thread has ended meanwhile.
            for child in children.read_text().split():
                yield from _family(int(child))


def _peak_mb(pid: int) -> float:
    try:
        lines = (_PROCESSES / str(pid) / "status").read_text().splitlines()
    except OSError:
        return 0.0
    kibibytes = next((line.split()[1] for line in lines if line.startswith("VmHWM:")), "0")
    return int(kibibytes) * 1024 / 1e6
