"""A run that is killed or fails at any point: the next run completes it, and no recipient receives a message twice."""

import asyncio
import errno
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from processes import PROCESSES
from receivers import Mail, Webhook
from run_process import DELIVERED, FAILED, POINTS, UNDELIVERED, RunProcess

from tabnine_report.archive import Archive
from tabnine_report.archive.integrity import describe_damage
from tabnine_report.deliver.ledger.ledger import LEASE, Ledger
from tabnine_report.deliver.receipt import DeliveryState
from tabnine_report.model.errors import LedgerError
from tabnine_report.model.month import Month

AT = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)
OCTOBER = Month(2026, 10)
KILLED = -9
# At these points messages may have been sent, and the ledger cannot know whether they arrived.
UNCERTAIN = {"hand-over noted", "sent"}


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("runs") / "prepared"


@pytest.fixture
def run(prepared: Path, write_profile: Callable[..., str]) -> RunProcess:
    run = RunProcess(write_profile(), AT, prepared)
    if not prepared.exists():
        preparing = PROCESSES.Process(target=run.prepare)
        preparing.start()
        preparing.join()
    return run


async def exit_code(target: Callable[[], None]) -> int | None:
    """Run a function in a process of its own and return its exit code."""
    process = PROCESSES.Process(target=target)
    process.start()
    await asyncio.to_thread(process.join)
    return process.exitcode


def states(folder: Path) -> dict[tuple[str, str], DeliveryState]:
    ledger = Ledger(f"sqlite:///{folder}/reports/ledger.db", lambda: AT)
    return {(row.channel, row.recipient): row.state for row in ledger.deliveries("acme")}


def received(mail: Mail, channel: Webhook, folder: Path) -> Counter[tuple[str, str]]:
    emails = Counter(("email", address) for address in mail.recipients() if not address.startswith("it-tools"))
    files = [path for path in (folder / "outbox").iterdir() if not path.name.startswith(".")]
    return emails + Counter({("slack", "webhook"): len(channel.payloads), ("folder", "folder"): len(files)})


def assert_intact(folder: Path) -> None:
    """Assert that the month has one revision and that it is intact."""
    archive = Archive(folder / "reports")
    (revision,) = archive.revisions("acme", OCTOBER)
    assert describe_damage(archive, "acme", OCTOBER, revision) == ""


@pytest.mark.parametrize("point", POINTS)
async def test_after_a_kill_the_bundle_is_intact_and_each_delivery_is_made_once_or_unconfirmed(
    *, run: RunProcess, mail: Mail, channel: Webhook, admins: Webhook, tmp_path: Path, point: str
) -> None:
    assert await exit_code(replace(run, ends_at=point).run) == KILLED
    notices = len(admins.payloads)
    rerun = await exit_code(replace(run, at=AT + LEASE + timedelta(minutes=1)).run)

    assert_intact(tmp_path)
    delivery_states = states(tmp_path)
    messages = received(mail, channel, tmp_path)
    assert len(delivery_states) == 4
    assert all(messages[who] == 1 for who, state in delivery_states.items() if state is DeliveryState.SENT)
    assert all(messages[who] <= 1 for who in delivery_states)
    unconfirmed = [who for who, state in delivery_states.items() if state is not DeliveryState.SENT]
    assert {delivery_states[who] for who in unconfirmed} <= {DeliveryState.UNCONFIRMED}
    assert rerun == (UNDELIVERED if unconfirmed else DELIVERED)
    assert bool(unconfirmed) <= (point in UNCERTAIN | {"claimed", "settled"})
    assert len(admins.payloads) == notices + 1


async def test_a_disk_that_is_full_while_sealing_leaves_no_bundle(
    run: RunProcess, mail: Mail, channel: Webhook, admins: Webhook, tmp_path: Path
) -> None:
    full = replace(run, ends_at="half sealed", error=OSError(errno.ENOSPC, "No space left on device"))
    assert await exit_code(full.run) == FAILED
    assert "No space left on device" in admins.text()
    assert channel.payloads == []
    assert states(tmp_path) == {}
    assert Archive(tmp_path / "reports").revisions("acme", OCTOBER) == []

    assert await exit_code(run.run) == DELIVERED
    assert_intact(tmp_path)
    assert Archive(tmp_path / "reports").revisions("acme", OCTOBER) == [1]
    assert set(received(mail, channel, tmp_path).values()) == {1}


async def test_a_ledger_that_fails_after_sending_leaves_unconfirmed_deliveries_that_are_not_resent(
    run: RunProcess, mail: Mail, channel: Webhook, admins: Webhook, tmp_path: Path
) -> None:
    failing = replace(run, ends_at="sent", error=LedgerError("The ledger cannot be written; look at its server."))
    assert await exit_code(failing.run) == UNDELIVERED
    notice = admins.text()
    unrecorded = "The message was sent (200 ok), but this could not be recorded."
    assert f"{unrecorded} The ledger cannot be written; look at its server." in notice
    assert "--channel slack --recipient webhook --as sent" in notice
    before = received(mail, channel, tmp_path)

    assert await exit_code(replace(run, at=AT + LEASE + timedelta(minutes=1)).run) == UNDELIVERED
    unconfirmed = [who for who, state in states(tmp_path).items() if state is DeliveryState.UNCONFIRMED]
    assert sorted(unconfirmed) == sorted(before)
    assert set(received(mail, channel, tmp_path).values()) == {1}
