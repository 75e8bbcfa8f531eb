"""Seal acme's October bundle in processes of their own, with a given name as the content.

A step is one call that changes the storage.
"""

import os
import signal
from collections.abc import Mapping
from itertools import count
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tabnine_report.archive import Archive
from tabnine_report.model.errors import AlreadySealed
from tabnine_report.model.month import Month

if TYPE_CHECKING:
    from multiprocessing.queues import Queue


class Killer:
    """Kills the process with SIGKILL at a given step."""

    def __init__(self, step: int) -> None:
        self.remaining = step

    def wrap(self, owner: Any, name: str) -> None:
        real = getattr(owner, name)

        def counted(*arguments: Any, **options: Any) -> Any:
            self.remaining -= 1
            if self.remaining == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*arguments, **options)

        setattr(owner, name, counted)


def seal(archive: Archive, name: str) -> str:
    documents = {f"{n}.txt": name.encode() for n in range(6)}
    try:
        archive.seal("acme", Month(2026, 10), 1, documents, {"raw/a.json": name.encode()}, {})
    except AlreadySealed:
        return "sealed already"
    return "sealed"


def seal_once(
    location: str, name: str, environment: Mapping[str, str], begin: Barrier, results: "Queue[tuple[str, str]]"
) -> None:
    """Seal at the same time as the other processes, and report the name and the result."""
    os.environ.update(environment)
    archive = Archive(location)
    begin.wait()
    results.put((name, seal(archive, name)))


def seal_and_die(location: str, step: int) -> None:
    archive, killer = Archive(location), Killer(step)
    if location.startswith("s3://"):
        for method in ("pipe", "pipe_file", "copy", "cat_file", "rm"):
            killer.wrap(archive._location.fs, method)
    else:
        for owner, function in ((os, "open"), (os, "fsync"), (os, "mkdir"), (Path, "rename")):
            killer.wrap(owner, function)
    seal(archive, "a")


def seal_until_none_dies(location: str, environment: Mapping[str, str], _begin: Barrier, results: "Queue[int]") -> None:
    """Seal in `location`/step-1, step-2, ..., each time in a process that kills itself at that step.

    Ends when one completes, and reports how many were killed.
    """
    os.environ.update(environment)
    for step in count(1):
        process = os.fork()
        if not process:
            seal_and_die(f"{location}/step-{step}", step)
            os._exit(0)
        if os.waitpid(process, 0)[1] == 0:
            results.put(step - 1)
            return
