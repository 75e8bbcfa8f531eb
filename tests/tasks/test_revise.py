"""A run has a revision's number for as long as it makes it, and gives it back where it seals none."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tabnine_report.model.errors import ArchiveError
from tabnine_report.runs.storage import archive_of
from tasks.revise import next_revision
from tasks.run import Run, begin

AT = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    path = tmp_path / "acme.toml"
    path.write_text(
        'name = "acme"\ntime_zone = "Europe/Berlin"\n[usage_api]\nbase_url = "http://127.0.0.1:9"\n'
        'token = "sandbox-token"\n[archive]\ndurable = true\n',
        encoding="utf-8",
    )
    return begin(str(path), "2026-10", draft=False, at=AT)


def seal(run: Run, revision: int) -> None:
    archive_of(run.profile).seal("acme", run.month, revision, {"report.json": b"{}"}, {}, {})


async def test_what_is_sealed_keeps_its_number_and_what_is_not_gives_it_back(run: Run) -> None:
    async with next_revision(run) as revision:
        assert revision == 1
    async with next_revision(run) as revision:
        seal(run, revision)
    async with next_revision(run) as revision:
        assert revision == 2


async def test_a_run_that_fails_gives_its_number_back(run: Run) -> None:
    async def fail() -> None:
        async with next_revision(run):
            raise ArchiveError("no room")

    with pytest.raises(ArchiveError, match="no room"):
        await fail()
    async with next_revision(run) as revision:
        assert revision == 1


async def test_a_ledger_that_cannot_take_the_number_back_does_not_hide_why_the_run_failed(
    run: Run, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail() -> None:
        async with next_revision(run):
            (tmp_path / "reports/ledger.db").write_bytes(b"Dear diary, " * 1000)
            raise ArchiveError("no room")

    with pytest.raises(ArchiveError, match="no room"):
        await fail()
    assert "The number 1 could not be given back and lapses by itself: The ledger " in caplog.text


async def test_who_comes_second_waits_and_sees_what_the_first_one_sealed(run: Run) -> None:
    order: list[str] = []
    first_has_it = asyncio.Event()

    async def first() -> None:
        async with next_revision(run) as revision:
            first_has_it.set()
            await asyncio.to_thread(seal, run, revision)
            order.append(f"first sealed {revision}")

    async def second() -> None:
        await first_has_it.wait()
        async with next_revision(run) as revision:
            order.append(f"second has {revision}")

    await asyncio.gather(first(), second())

    assert order == ["first sealed 1", "second has 2"]
