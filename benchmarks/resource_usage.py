"""Run a program and measure its duration, processor time and peak memory.

Processor time is the larger of two values: what Linux reports at the program's end, and what it records while the
program and its child processes run (`/proc/PID/stat`), because a browser does not wait for all of its child processes.

Memory is the peak resident size that Linux records (`VmHWM`), for the program and for each of its child processes.
`getrusage` is not suitable: after a fork, it reports the parent's peak as the child's.
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

_SAMPLE_INTERVAL_SECONDS = 0.02
_PROCESSES = Path("/proc")


@dataclass(frozen=True)
class ResourceUsage:
    """The output and the resource usage of a program.

    Attributes:
        output: Its standard output.
        seconds: Time from start to end.
        cpu_seconds: Processor time of the program and its children. It depends little on other load of the machine.
        peak_mb: Its own peak memory in megabytes; 0 where the system does not report it.
        child_peak_mb: The peak memory of its largest child process; 0 without children.
    """

    output: str
    seconds: float
    cpu_seconds: float
    peak_mb: float
    child_peak_mb: float


def measure_program(arguments: Sequence[str | Path], environment: Mapping[str, str] | None = None) -> ResourceUsage:
    """Run a Python program to its end and return its output and resource usage.

    Raises:
        RuntimeError: If the program fails; the message contains the end of its error output.
    """
    return measure_command([sys.executable, *arguments], environment)


def measure_command(command: Sequence[str | Path], environment: Mapping[str, str] | None = None) -> ResourceUsage:
    """Run a command to its end and return its output and resource usage.

    Raises:
        RuntimeError: If the command fails; the message contains the end of its error output.
    """
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        started_at = time.perf_counter()
        process = subprocess.Popen(command, stdout=output, stderr=errors, env=environment)
        sampler = _Sampler(process.pid)
        sampler.start()
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started_at
        process.returncode = os.waitstatus_to_exitcode(status)
        sampler.stop()
        output.seek(0)
        printed = output.read()
        errors.seek(0)
        if process.returncode != 0:
            line = " ".join(map(str, command))
            raise RuntimeError(f"{line} failed with exit status {process.returncode}:\n{errors.read()[-2000:]}")
    own_peak_mb = sampler.peaks_mb.pop(process.pid, 0.0)
    child_peak_mb = max(sampler.peaks_mb.values(), default=0.0)
    cpu_seconds = max(usage.ru_utime + usage.ru_stime, sum(sampler.cpu_seconds.values()))
    return ResourceUsage(printed, seconds, cpu_seconds, own_peak_mb, child_peak_mb)


class _Sampler(threading.Thread):
    """Records the peak memory and processor time of a process and its descendants until stopped."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid = pid
        self._stopped = threading.Event()
        self.peaks_mb: dict[int, float] = {}
        self.cpu_seconds: dict[int, float] = {}

    def run(self) -> None:
        while not self._stopped.wait(_SAMPLE_INTERVAL_SECONDS):
            for pid in _process_tree(self._pid):
                # Keep the last sample, not the largest: right after a fork, a child has the size of its parent.
                self.peaks_mb[pid] = _peak_mb(pid) or self.peaks_mb.get(pid, 0.0)
                self.cpu_seconds[pid] = _cpu_seconds(pid) or self.cpu_seconds.get(pid, 0.0)

    def stop(self) -> None:
        self._stopped.set()
        self.join()


def _process_tree(pid: int) -> Iterator[int]:
    yield pid
    try:
        threads = [thread / "children" for thread in (_PROCESSES / str(pid) / "task").iterdir()]
    except OSError:
        return  # The process has ended in the meantime.
    for children in threads:
        with suppress(OSError):  # The thread has ended in the meantime.
            for child in children.read_text().split():
                yield from _process_tree(int(child))


def _peak_mb(pid: int) -> float:
    try:
        lines = (_PROCESSES / str(pid) / "status").read_text().splitlines()
    except OSError:
        return 0.0
    kibibytes = next((line.split()[1] for line in lines if line.startswith("VmHWM:")), "0")
    return int(kibibytes) * 1024 / 1e6


def _cpu_seconds(pid: int) -> float:
    """Return the processor time of a process without its children; 0 if it has ended."""
    try:
        fields = (_PROCESSES / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    user, system = fields[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")
