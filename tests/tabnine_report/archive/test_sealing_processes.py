"""Processes that seal at once, and processes that are killed while they do: a bundle is whole, or not there."""

import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from sealing import OCTOBER, files_in
from upath import UPath

from tabnine_report.archive import Archive
from tabnine_report.archive.integrity import damages
from tabnine_report.model.errors import AlreadySealed

SEALER = Path(__file__).parents[2] / "support" / "sealing_process.py"


def start(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(SEALER), *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def test_of_eight_processes_that_seal_at_once_one_does_and_its_bundle_is_whole(location: UPath) -> None:
    names = "abcdefgh"
    processes = [start("once", str(location), name) for name in names]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    said = [process.communicate(timeout=60)[0].strip() for process in processes]

    (sealer,) = (name for name, words in zip(names, said, strict=True) if words == "sealed")
    assert said.count("sealed already") == 7
    (bundle,) = Archive(location).bundles("acme")
    assert bundle.documents() == {f"{n}.txt": sealer.encode() for n in range(6)}
    assert damages(bundle) == []


def test_a_bundle_is_whole_or_not_there_wherever_its_run_was_killed(location: UPath) -> None:
    """Every step is tried; then the next run finds a whole bundle, or makes one of what is left."""
    steps = int(start("killed", str(location)).communicate(timeout=100)[0])

    assert steps > 5
    for step in range(1, steps + 2):
        archive = Archive(location / f"step-{step}")
        found = archive.bundles("acme")
        assert [damages(bundle) for bundle in found] in ([], [[]])
        with suppress(AlreadySealed):
            archive.seal("acme", OCTOBER, 1, {"0.txt": b"b"}, {}, {})
        (bundle,) = archive.bundles("acme")
        assert damages(bundle) == []
        assert bundle.read("0.txt") == b"a" or not found
        others = [name for name in files_in(bundle.folder.parent) if not name.startswith("r1/")]
        assert others in ([], [".chosen-r1"])
    assert found
