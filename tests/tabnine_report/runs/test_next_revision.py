"""A run reserves a revision number while it builds the revision, and releases it if it seals no bundle."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest
from profile_file import write_profile

from tabnine_report.model.errors import ArchiveError
from tabnine_report.runs.context import RunContext, load_context
from tabnine_report.runs.next_revision import next_revision
from tabnine_report.runs.storage import archive_of

AT = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)


@pytest.fixture
def run(tmp_path: Path) -> RunContext:
    return load_context(write_profile(tmp_path), "2026-10", draft=False, at=AT, resolve=lambda _kind, _name: None)


def seal(run: RunContext, revision: int) -> None:
    archive_of(run.profile).seal("acme", run.month, revision, {"report.json": b"{}"}, {}, {})


async def test_a_sealed_revision_keeps_its_number_and_an_unsealed_one_releases_it(run: RunContext) -> None:
    async with next_revision(run) as revision:
        assert revision == 1
    async with next_revision(run) as revision:
        seal(run, revision)
    async with next_revision(run) as revision:
        assert revision == 2


async def test_a_failed_run_releases_its_number(run: RunContext) -> None:
    async def fail() -> None:
        async with next_revision(run):
            raise ArchiveError("no room")

    with pytest.raises(ArchiveError, match="no room"):
        await fail()
    async with next_revision(run) as revision:
        assert revision == 1


async def test_a_ledger_that_cannot_release_the_number_does_not_hide_why_the_run_failed(
    run: RunContext, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail() -> None:
        async with next_revision(run):
            (tmp_path / "reports/ledger.db").write_bytes(b"Dear diary, " * 1000)
            raise ArchiveError("no room")

    with pytest.raises(ArchiveError, match="no room"):
        await fail()
    assert "Revision number 1 was not released and expires automatically: The ledger " in caplog.text


async def test_a_second_run_waits_and_continues_after_the_first_runs_revision(run: RunContext) -> None:
    order: list[str] = []
    first_has_reserved = asyncio.Event()

    async def first() -> None:
        async with next_revision(run) as revision:
            first_has_reserved.set()
            await asyncio.to_thread(seal, run, revision)
            order.append(f"first sealed {revision}")

    async def second() -> None:
        await first_has_reserved.wait()
        async with next_revision(run) as revision:
            order.append(f"second reserved {revision}")

    await asyncio.gather(first(), second())

    assert order == ["first sealed 1", "second reserved 2"]
