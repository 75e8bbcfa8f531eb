"""Bundles are complete or absent when processes seal concurrently or are killed while sealing."""

import os
from contextlib import suppress
from functools import partial

from processes import PROCESSES, run_at_once
from sealing import OCTOBER, files_in
from sealing_process import seal_once, seal_until_none_dies
from upath import UPath

from tabnine_report.archive import Archive
from tabnine_report.archive.integrity import find_damage
from tabnine_report.model.errors import AlreadySealed


def test_exactly_one_of_eight_concurrent_processes_seals_the_bundle(location: UPath) -> None:
    names = "abcdefgh"
    queue = PROCESSES.Queue()

    run_at_once(*(partial(seal_once, str(location), name, dict(os.environ)) for name in names), more=(queue,))
    results = dict(queue.get(timeout=60) for _ in names)

    (winner,) = (name for name, result in results.items() if result == "sealed")
    assert sorted(results.values()) == ["sealed", *["sealed already"] * 7]
    (bundle,) = Archive(location).bundles("acme")
    assert bundle.documents() == {f"{n}.txt": winner.encode() for n in range(6)}
    assert find_damage(bundle) == []


def test_a_bundle_is_complete_or_absent_after_its_run_was_killed(location: UPath) -> None:
    """After a kill at any step, the next run finds a complete bundle or seals one."""
    queue = PROCESSES.Queue()
    run_at_once(partial(seal_until_none_dies, str(location), dict(os.environ)), more=(queue,))
    steps = queue.get(timeout=60)

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
