"""Bundles are complete or absent when processes seal concurrently or are killed while sealing."""

import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from sealing import OCTOBER, files_in
from upath import UPath

from tabnine_report.archive import Archive
from tabnine_report.archive.integrity import find_damage
from tabnine_report.model.errors import AlreadySealed

SEALING_PROCESS = Path(__file__).parents[2] / "support" / "sealing_process.py"


def start(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, str(SEALING_PROCESS), *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def test_exactly_one_of_eight_concurrent_processes_seals_the_bundle(location: UPath) -> None:
    names = "abcdefgh"
    processes = [start("once", str(location), name) for name in names]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    outputs = [process.communicate(timeout=60)[0].strip() for process in processes]

    (winner,) = (name for name, output in zip(names, outputs, strict=True) if output == "sealed")
    assert outputs.count("sealed already") == 7
    (bundle,) = Archive(location).bundles("acme")
    assert bundle.documents() == {f"{n}.txt": winner.encode() for n in range(6)}
    assert find_damage(bundle) == []


def test_a_bundle_is_complete_or_absent_after_its_run_was_killed(location: UPath) -> None:
    """After a kill at any step, the next run finds a complete bundle or seals one."""
    steps = int(start("killed", str(location)).communicate(timeout=100)[0])

    assert steps > 5
    for step in range(1, steps + 2):
        archive = Archive(location / f"step-{step}")
        bundles = archive.bundles("acme")
        assert [find_damage(bundle) for bundle in bundles] in ([], [[]])
        with suppress(AlreadySealed):
            archive.seal("acme", OCTOBER, 1, {"0.txt": b"b"}, {}, {})
        (bundle,) = archive.bundles("acme")
        assert find_damage(bundle) == []
        assert bundle.read("0.txt") == b"a" or not bundles
        others = [name for name in files_in(bundle.folder.parent) if not name.startswith("r1/")]
        assert others in ([], [".chosen-r1"])
    assert bundles
