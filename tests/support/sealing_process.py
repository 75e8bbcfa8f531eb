"""Seal acme's October bundle in separate processes, with a given name as the content.

    sealing_process.py once LOCATION NAME    waits for a line on standard input, seals, and prints the result
    sealing_process.py killed LOCATION       seals in LOCATION/step-1, step-2, ..., each time in a process that kills
                                             itself at that step, until one completes; prints how many were killed

A step is one call that changes the storage.
"""

import os
import signal
import sys
from itertools import count
from pathlib import Path
from typing import Any

from tabnine_report.archive import Archive
from tabnine_report.model.errors import AlreadySealed
from tabnine_report.model.month import Month


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


def report(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def seal(archive: Archive, name: str) -> str:
    documents = {f"{n}.txt": name.encode() for n in range(6)}
    try:
        archive.seal("acme", Month(2026, 10), 1, documents, {"raw/a.json": name.encode()}, {})
    except AlreadySealed:
        return "sealed already"
    return "sealed"


def seal_once(location: str, name: str) -> None:
    archive = Archive(location)
    report("ready")
    sys.stdin.readline()
    report(seal(archive, name))


def seal_and_die(location: str, step: int) -> None:
    archive, killer = Archive(location), Killer(step)
    if location.startswith("s3://"):
        for method in ("pipe", "pipe_file", "copy", "cat_file", "rm"):
            killer.wrap(archive._location.fs, method)
    else:
        for owner, function in ((os, "open"), (os, "fsync"), (os, "mkdir"), (Path, "rename")):
            killer.wrap(owner, function)
    seal(archive, "a")


def seal_until_none_dies(location: str) -> None:
    for step in count(1):
        process = os.fork()
        if not process:
            seal_and_die(f"{location}/step-{step}", step)
            os._exit(0)
        if os.waitpid(process, 0)[1] == 0:
            report(str(step - 1))
            return


if __name__ == "__main__":
    if sys.argv[1] == "once":
        seal_once(sys.argv[2], sys.argv[3])
    else:
        seal_until_none_dies(sys.argv[2])
