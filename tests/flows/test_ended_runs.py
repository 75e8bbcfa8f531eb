"""A run that is killed or fails at any point of its walk: the next one completes it, and nobody gets anything twice."""

import asyncio
import errno
import multiprocessing
import multiprocessing.forkserver
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from receivers import Mail, Webhook
from run_process import DELIVERED, FAILED, POINTS, UNDELIVERED, Walk

from tabnine_report.archive import Archive
from tabnine_report.archive.integrity import describe_damage
from tabnine_report.deliver.ledger.ledger import LEASE, Ledger
from tabnine_report.deliver.receipt import DeliveryState
from tabnine_report.model.errors import LedgerError
from tabnine_report.model.month import Month

AT = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)
OCTOBER = Month(2026, 10)
KILLED = -9
# From here on messages may have left when the run ends, and the ledger cannot know of what came of them.
UNCERTAIN = {"hand-over noted", "sent"}

# Each process starts from one that has imported everything already; it finds the project's modules only.
PRELOADED = [
    "flows.monthly_report",
    "tabnine_report.analysis.report_assembly",
    "tabnine_report.render.documents",
    "alembic.command",
]
PROCESSES = multiprocessing.get_context("forkserver")


@pytest.fixture(scope="module", autouse=True)
def _preloaded() -> Iterator[None]:
    PROCESSES.set_forkserver_preload(PRELOADED)
    multiprocessing.forkserver._forkserver._stop()  # type: ignore[attr-defined]
    yield
    multiprocessing.forkserver._forkserver._stop()  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("walk") / "material"


@pytest.fixture
def walk(context: Path, write_profile: Callable[..., str]) -> Walk:
    walk = Walk(write_profile(), AT, context)
    if not context.exists():
        preparing = PROCESSES.Process(target=walk.prepare)
        preparing.start()
        preparing.join(60)
    return walk


async def ended(target: Callable[[], None]) -> int | None:
    """Do something in a process of its own, and give how it ended."""
    process = PROCESSES.Process(target=target)
    process.start()
    await asyncio.to_thread(process.join, 60)
    return process.exitcode


def states(folder: Path) -> dict[tuple[str, str], DeliveryState]:
    ledger = Ledger(f"sqlite:///{folder}/reports/ledger.db", lambda: AT)
    return {(row.channel, row.recipient): row.state for row in ledger.deliveries("acme")}


def received(mail: Mail, channel: Webhook, folder: Path) -> Counter[tuple[str, str]]:
    of_mail = Counter(("email", address) for address in mail.recipients() if not address.startswith("it-tools"))
    files = [path for path in (folder / "outbox").iterdir() if not path.name.startswith(".")]
    return of_mail + Counter({("slack", "webhook"): len(channel.payloads), ("folder", "folder"): len(files)})


def assert_whole(folder: Path) -> None:
    """See that the month has one revision, and that it is whole."""
    archive = Archive(folder / "reports")
    (revision,) = archive.revisions("acme", OCTOBER)
    assert describe_damage(archive, "acme", OCTOBER, revision) == ""


@pytest.mark.parametrize("point", POINTS)
async def test_after_a_kill_the_month_is_whole_and_each_has_one_message_or_is_known_as_unknown(
    *, walk: Walk, mail: Mail, channel: Webhook, admins: Webhook, tmp_path: Path, point: str
) -> None:
    assert await ended(replace(walk, ends_at=point).run) == KILLED
    told = len(admins.payloads)
    again = await ended(replace(walk, at=AT + LEASE + timedelta(minutes=1)).run)

    assert_whole(tmp_path)
    came_of = states(tmp_path)
    messages = received(mail, channel, tmp_path)
    assert len(came_of) == 4
    assert all(messages[who] == 1 for who, state in came_of.items() if state is DeliveryState.SENT)
    assert all(messages[who] <= 1 for who in came_of)
    unknown = [who for who, state in came_of.items() if state is not DeliveryState.SENT]
    assert {came_of[who] for who in unknown} <= {DeliveryState.UNCONFIRMED}
    assert again == (UNDELIVERED if unknown else DELIVERED)
    assert bool(unknown) <= (point in UNCERTAIN | {"claimed", "settled"})
    assert len(admins.payloads) == told + 1


async def test_a_disk_that_is_full_in_the_midst_of_sealing_leaves_nothing_that_could_be_taken_for_a_report(
    walk: Walk, mail: Mail, channel: Webhook, admins: Webhook, tmp_path: Path
) -> None:
    full = replace(walk, ends_at="half sealed", error=OSError(errno.ENOSPC, "No space left on device"))
    assert await ended(full.run) == FAILED
    assert "No space left on device" in admins.text()
    assert channel.payloads == []
    assert states(tmp_path) == {}
    assert Archive(tmp_path / "reports").revisions("acme", OCTOBER) == []

    assert await ended(walk.run) == DELIVERED
    assert_whole(tmp_path)
    assert Archive(tmp_path / "reports").revisions("acme", OCTOBER) == [1]
    assert set(received(mail, channel, tmp_path).values()) == {1}


async def test_a_ledger_that_is_gone_when_messages_have_left_makes_them_unknown_and_not_sent_again(
    walk: Walk, mail: Mail, channel: Webhook, admins: Webhook, tmp_path: Path
) -> None:
    gone = replace(walk, ends_at="sent", error=LedgerError("The ledger cannot be written; look at its server."))
    assert await ended(gone.run) == UNDELIVERED
    told = admins.text()
    assert (
        "The message was sent (200 ok), but this could not be recorded. "
        "The ledger cannot be written; look at its server." in told
    )
    assert "--channel slack --recipient webhook --as sent" in told
    before = received(mail, channel, tmp_path)

    assert await ended(replace(walk, at=AT + LEASE + timedelta(minutes=1)).run) == UNDELIVERED
    unknown = [who for who, state in states(tmp_path).items() if state is DeliveryState.UNCONFIRMED]
    assert sorted(unknown) == sorted(before)
    assert set(received(mail, channel, tmp_path).values()) == {1}
