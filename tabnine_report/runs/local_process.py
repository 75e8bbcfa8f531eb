"""A program that runs in the background on this machine, with a file that identifies its process, and a log.

A process ID alone identifies nothing, because it is used again. The file therefore also contains when the process
started.
"""

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from fcntl import LOCK_EX, flock
from pathlib import Path
from typing import Any

from tabnine_report.model.errors import ReportingError
from tabnine_report.runs.prefect_home import prefect_home, state_folder

SERVER, WORKER, WATCHDOG = "server", "worker", "watchdog"
"""The names of the programs that `up` starts."""
_PROC = Path("/proc")
_ENDED = ("X", "Z")
_POLL_SECONDS = 0.2
_PATIENCE_SECONDS, _STOP_SECONDS = 5, 20
_LAST_LINES = 5


def create_state_folder() -> Path:
    """Return the folder of the files and logs, which this machine's programs share; create it if it does not exist.

    Raises:
        ReportingError: If this machine does not run Linux, or the folder cannot be written.
    """
    if not _PROC.exists():
        raise ReportingError(
            "Only on Linux can this command identify the processes that it starts. Start the server and the worker "
            "yourself: see docs/operations.md."
        )
    prefect_home()
    folder = state_folder()
    folder.mkdir(exist_ok=True)
    return folder


@contextmanager
def exclusive(folder: Path) -> Iterator[None]:
    """Let only one command at a time start or stop the programs."""
    with (folder / "lock").open("w") as lock:
        flock(lock, LOCK_EX)
        yield


def is_port_free(port: int) -> bool:
    """Return whether a program can listen on a port of the loopback address."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


class LocalProcess:
    """A program in the background.

    Args:
        name: Its name in messages.
        folder: The folder of its file and its log.
    """

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self.log = folder / f"{name}.log"
        self._file = folder / f"{name}.json"

    def running(self) -> dict[str, Any] | None:
        """Return what `start` recorded; None if the process has ended or was never started."""
        record = self._record()
        return record if record and record["started"] == _start_of(record["pid"]) is not None else None

    def was_started(self) -> bool:
        """Return whether the program was started, and not asked to stop since; it may have died."""
        record = self._record()
        return record is not None and not record.get("stopping")

    def start(self, command: Sequence[str], environment: Mapping[str, str], **details: object) -> None:
        """Start the program in a session of its own, so that it outlives the terminal; record it with the details."""
        with self.log.open("a", encoding="utf-8") as log:
            process = subprocess.Popen(  # noqa: S603 - our own command
                command, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        self._write({"pid": process.pid, "started": _start_of(process.pid), **details})

    def environment(self) -> dict[str, str]:
        """Return the variables with which the running program was started."""
        record = self.running() or {}
        try:
            content = (_PROC / str(record.get("pid")) / "environ").read_bytes()
        except OSError:
            return {}
        variables = os.fsdecode(content).split("\0")
        return {name: value for name, found, value in (each.partition("=") for each in variables) if found}

    def wait_until(self, is_ready: Callable[[], bool], seconds: float) -> None:
        """Wait until the program is ready.

        Raises:
            ReportingError: If it ends or is not ready in time; with the end of its log.
        """
        deadline = time.monotonic() + seconds
        while not is_ready():
            ended = self.running() is None
            if ended or time.monotonic() > deadline:
                what = "stopped while it started" if ended else f"is not ready after {seconds:.0f} seconds"
                raise ReportingError(f"The {self.name} {what}. The end of its log, {self.log}:\n\n{self._last_lines()}")
            time.sleep(_POLL_SECONDS)

    def stop(self, on_wait: Callable[[], None], *, finish_children: bool = False) -> bool:
        """Ask the program to stop, and wait until it has; return whether it was running.

        A second request would kill it, so it is asked once, even by several commands. A program that does not stop is
        killed when it has no child processes; Prefect's worker may ignore a request just after a run has ended.

        Args:
            on_wait: Called once if this takes longer than some seconds.
            finish_children: Whether to wait before the request until the program has no child processes.
        """
        record = self.running()
        if record is None:
            self._file.unlink(missing_ok=True)
            return False
        wait = _Wait(on_wait)
        pid = record["pid"]
        while finish_children and _children_of(pid):
            wait.go_on()
        if not record.get("stopping"):
            self._write(record | {"stopping": True})
            _send(pid, signal.SIGTERM)
        kill_at = time.monotonic() + _STOP_SECONDS
        while self.running() is not None:
            if time.monotonic() > kill_at and not _children_of(pid):
                _send(pid, signal.SIGKILL)
            wait.go_on()
        self._file.unlink(missing_ok=True)
        return True

    def _record(self) -> dict[str, Any] | None:
        """Return what `start` recorded; None if it did not, or `stop` has ended the program."""
        try:
            record: dict[str, Any] = json.loads(self._file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return record if isinstance(record, dict) and {"pid", "started"} <= record.keys() else None

    def _write(self, record: dict[str, object]) -> None:
        new = self._file.with_suffix(".new")
        new.write_text(json.dumps(record), encoding="utf-8")
        new.replace(self._file)

    def _last_lines(self) -> str:
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(f"    {line}" for line in lines[-_LAST_LINES:])


def _send(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)


class _Wait:
    """Waits in small steps, and reports once if that takes long."""

    def __init__(self, on_wait: Callable[[], None]) -> None:
        self._on_wait: Callable[[], None] | None = on_wait
        self._notice_at = time.monotonic() + _PATIENCE_SECONDS

    def go_on(self) -> None:
        if self._on_wait and time.monotonic() > self._notice_at:
            self._on_wait()
            self._on_wait = None
        time.sleep(_POLL_SECONDS)


def _start_of(pid: int) -> str | None:
    """Return when a process started, in ticks since the machine did; None if it has ended."""
    state, *fields = _status_of(pid)
    return None if state in _ENDED else fields[18]


def _children_of(pid: int) -> list[int]:
    processes = [int(folder.name) for folder in _PROC.iterdir() if folder.name.isdigit()]
    parents = {process: (state, parent) for process in processes for state, parent, *_ in [_status_of(process)]}
    return [process for process, (state, parent) in parents.items() if parent == str(pid) and state not in _ENDED]


def _status_of(pid: int) -> list[str]:
    """Return the state of a process, the ID of its parent, and what else the kernel reports; see proc(5)."""
    try:
        text = (_PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return ["X", ""]
    # The second field, the name of the program in parentheses, may contain anything.
    return text.rpartition(") ")[2].split()
