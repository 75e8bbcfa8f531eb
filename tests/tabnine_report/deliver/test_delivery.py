"""Delivery through the ledger, to a channel that keeps what it receives."""

import asyncio
import errno
import json
import sqlite3
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tabnine_report.deliver.channels.channel import Channel
from tabnine_report.deliver.channels.folder import FolderChannel
from tabnine_report.deliver.delivery import deliver, send_without_ledger
from tabnine_report.deliver.ledger.entry import LedgerEntry
from tabnine_report.deliver.ledger.ledger import LEASE, Claim, Ledger
from tabnine_report.deliver.message import Message
from tabnine_report.deliver.receipt import DeliveryState, Receipt
from tabnine_report.deliver.send_decision import DeliveryRequest, RecipientScope
from tabnine_report.model.errors import DeliveryFailed, DeliveryRejected, DeliveryUnconfirmed

AT = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)
LATER = AT + timedelta(minutes=30)
ANN, BOB = "ann@acme.example", "bob@acme.example"
SENT, REJECTED, FAILED, UNCONFIRMED = (
    DeliveryState.SENT,
    DeliveryState.REJECTED,
    DeliveryState.FAILED,
    DeliveryState.UNCONFIRMED,
)


@dataclass
class Post(Channel):
    """A channel that keeps each message, or raises a given error before or after the handover.

    `on_start` is called when sending starts, `on_arrival` when the message is kept.
    """

    name: str = "email"
    recipients: tuple[str, ...] = (ANN, BOB)
    before: dict[str, BaseException] = field(default_factory=dict)
    after: dict[str, BaseException] = field(default_factory=dict)
    on_start: Callable[[], object] = lambda: None
    on_arrival: Callable[[], object] = lambda: None
    arrived: list[tuple[str, str, str]] = field(default_factory=list)

    async def send(
        self, message: Message, recipient: str, message_id: str, on_handover: Callable[[], Awaitable[None]]
    ) -> str:
        self.on_start()
        if recipient in self.before:
            raise self.before[recipient]
        await on_handover()
        if recipient in self.after:
            raise self.after[recipient]
        self.arrived.append((recipient, message.subject, message_id))
        self.on_arrival()
        return "250 OK"

    async def probe(self) -> None:
        """Always succeed."""


@pytest.fixture
def ledger(tmp_path: Path, clock: Callable[[], datetime]) -> Ledger:
    return Ledger(f"sqlite:///{tmp_path}/ledger.db", clock)


def request(revision: int = 1) -> DeliveryRequest:
    return DeliveryRequest("acme", "2026-10", revision, RecipientScope.UNDELIVERED, requested_at=AT)


async def run(channel: Channel, message: Message, ledger: Ledger, *, revision: int = 1) -> list[Receipt]:
    return await deliver(channel, message, request(revision), ledger)


def results(receipts: list[Receipt]) -> list[tuple[str, DeliveryState, bool]]:
    return [(receipt.recipient, receipt.state, receipt.earlier) for receipt in receipts]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def test_each_recipient_gets_one_message_and_a_second_run_reports_the_first(
    message: Message, ledger: Ledger
) -> None:
    post = Post()

    first = await run(post, message, ledger)
    second = await run(post, message, ledger, revision=2)

    assert results(first) == [(ANN, SENT, False), (BOB, SENT, False)]
    assert results(second) == [(ANN, SENT, True), (BOB, SENT, True)]
    assert [receipt.revision for receipt in second] == [1, 1]
    assert [recipient for recipient, _, _ in post.arrived] == [ANN, BOB]


async def test_a_receipt_has_the_response_and_the_instant(
    message: Message, ledger: Ledger, clock: Callable[[], datetime]
) -> None:
    receipts = await run(Post(recipients=(ANN,)), message, ledger)

    assert receipts == [Receipt("email", ANN, SENT, "250 OK", clock(), 1)]


@pytest.mark.parametrize(
    ("error", "state"),
    [(DeliveryRejected("no"), REJECTED), (DeliveryFailed("gone"), FAILED), (DeliveryUnconfirmed("dead"), UNCONFIRMED)],
)
async def test_a_failure_for_one_recipient_does_not_affect_the_others(
    message: Message, ledger: Ledger, error: Exception, state: DeliveryState
) -> None:
    receipts = await run(Post(before={ANN: error}), message, ledger)

    assert results(receipts) == [(ANN, state, False), (BOB, SENT, False)]
    assert receipts[0].detail == str(error)


async def test_only_a_rejected_recipient_is_tried_again(message: Message, ledger: Ledger) -> None:
    await run(Post(before={BOB: DeliveryRejected("no such person")}), message, ledger)
    post = Post()

    receipts = await run(post, message, ledger)

    assert results(receipts) == [(ANN, SENT, True), (BOB, SENT, False)]
    assert [recipient for recipient, _, _ in post.arrived] == [BOB]


async def test_an_unconfirmed_recipient_is_not_tried_again(message: Message, ledger: Ledger) -> None:
    await run(Post(after={ANN: DeliveryUnconfirmed("the connection was lost")}), message, ledger)
    post = Post(recipients=(ANN,))

    receipts = await run(post, message, ledger)

    assert results(receipts) == [(ANN, UNCONFIRMED, True)]
    assert receipts[0].detail == "the connection was lost"
    assert post.arrived == []


async def test_an_unexpected_error_is_unconfirmed_only_after_the_handover(
    message: Message, ledger: Ledger, caplog: pytest.LogCaptureFixture
) -> None:
    post = Post(before={ANN: ZeroDivisionError()}, after={BOB: ZeroDivisionError()})

    receipts = await run(post, message, ledger)

    assert results(receipts) == [(ANN, FAILED, False), (BOB, UNCONFIRMED, False)]
    assert receipts[0].detail == "ZeroDivisionError ended the sending. The message was not sent."
    assert [record.levelname for record in caplog.records] == ["ERROR", "ERROR"]


async def test_canceling_settles_the_current_delivery_and_stops(message: Message, ledger: Ledger) -> None:
    with pytest.raises(asyncio.CancelledError):
        await run(Post(after={ANN: asyncio.CancelledError()}), message, ledger)
    with pytest.raises(asyncio.CancelledError):
        await run(Post(recipients=(BOB,), before={BOB: asyncio.CancelledError()}), message, ledger)

    assert [(e.recipient, e.state) for e in ledger.deliveries("acme")] == [(ANN, UNCONFIRMED), (BOB, FAILED)]


class SlowLedger(Ledger):
    """A ledger whose calls wait until the event loop has run another task."""

    def __init__(self, url: str) -> None:
        super().__init__(url, lambda: AT)
        self.waiting = threading.Event()
        self.proceed = threading.Event()

    def _wait(self) -> None:
        self.waiting.set()
        assert self.proceed.wait(10), "the event loop is blocked"
        self.proceed.clear()

    def claim(self, request: DeliveryRequest, channel: str, recipient: str) -> Claim | LedgerEntry:
        self._wait()
        return super().claim(request, channel, recipient)

    def hand_over(self, claim: Claim) -> None:
        self._wait()
        super().hand_over(claim)

    def settle(self, claim: Claim, state: DeliveryState, detail: str) -> LedgerEntry:
        self._wait()
        return super().settle(claim, state, detail)


async def proceed_when_waiting(ledger: SlowLedger, calls: int) -> None:
    for _ in range(calls):
        await asyncio.to_thread(ledger.waiting.wait, 10)
        ledger.waiting.clear()
        ledger.proceed.set()


async def test_waiting_for_the_ledger_does_not_block_the_event_loop(message: Message, tmp_path: Path) -> None:
    ledger = SlowLedger(f"sqlite:///{tmp_path}/ledger.db")

    receipts, _ = await asyncio.gather(run(Post(recipients=(ANN,)), message, ledger), proceed_when_waiting(ledger, 3))

    assert results(receipts) == [(ANN, SENT, False)]


async def test_canceling_during_a_claim_frees_it(message: Message, tmp_path: Path) -> None:
    ledger, post = SlowLedger(f"sqlite:///{tmp_path}/ledger.db"), Post(recipients=(ANN,))
    task = asyncio.create_task(run(post, message, ledger))
    await asyncio.to_thread(ledger.waiting.wait)
    ledger.waiting.clear()

    task.cancel()
    ledger.proceed.set()
    await proceed_when_waiting(ledger, 1)
    with pytest.raises(asyncio.CancelledError):
        await task

    assert [(entry.state, entry.handed_over_at) for entry in ledger.deliveries("acme")] == [(FAILED, None)]
    assert post.arrived == []


async def test_canceling_during_the_handover_settles_after_it(message: Message, tmp_path: Path) -> None:
    ledger, post = SlowLedger(f"sqlite:///{tmp_path}/ledger.db"), Post(recipients=(ANN,))
    task = asyncio.create_task(run(post, message, ledger))
    await proceed_when_waiting(ledger, 1)
    await asyncio.to_thread(ledger.waiting.wait)
    ledger.waiting.clear()

    task.cancel()
    ledger.proceed.set()
    await proceed_when_waiting(ledger, 1)
    with pytest.raises(asyncio.CancelledError):
        await task

    assert [entry.state for entry in ledger.deliveries("acme")] == [FAILED]
    assert post.arrived == []


async def test_a_delivery_of_another_run_is_left_to_it_until_its_lease_expires(
    message: Message, ledger: Ledger
) -> None:
    ledger.claim(request(), "email", ANN)
    post = Post(recipients=(ANN,))

    receipts = await run(post, message, ledger)

    assert results(receipts) == [(ANN, DeliveryState.CLAIMED, True)]
    assert receipts[0].detail == (
        "That run will report the result. If it does not, run the month again after 2026-11-02 06:15 UTC."
    )
    assert post.arrived == []


async def test_a_run_that_lost_its_claim_sends_nothing_and_reports_the_other_runs_result(
    message: Message, tmp_path: Path
) -> None:
    class Slow(Post):
        async def send(
            self, message: Message, recipient: str, message_id: str, on_handover: Callable[[], Awaitable[None]]
        ) -> str:
            later = Ledger(f"sqlite:///{tmp_path}/ledger.db", lambda: AT + LEASE + timedelta(minutes=1))
            await run(quick, message, later)
            return await super().send(message, recipient, message_id, on_handover)

    quick, slow = Post(recipients=(ANN,)), Slow(recipients=(ANN,))

    receipts = await run(slow, message, Ledger(f"sqlite:///{tmp_path}/ledger.db", lambda: AT))

    assert results(receipts) == [(ANN, SENT, True)]
    assert (len(quick.arrived), len(slow.arrived)) == (1, 0)


async def test_without_a_ledger_nothing_is_sent_and_each_receipt_has_the_reason(
    message: Message, tmp_path: Path
) -> None:
    post = Post()
    (tmp_path / "ledger.db").write_bytes(b"Dear diary, " * 100)

    receipts = await run(post, message, Ledger(f"sqlite:///{tmp_path}/ledger.db", datetime.now))

    assert results(receipts) == [(ANN, FAILED, False), (BOB, FAILED, False)]
    assert all("is not a database). Nothing more is sent without it" in receipt.detail for receipt in receipts)
    assert post.arrived == []


@pytest.fixture
def impatient(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ledger:
    """Return a ledger that waits only briefly for a lock; it is later than the scheduled time of the run."""
    monkeypatch.setattr("tabnine_report.deliver.ledger.database.LOCK_TIMEOUT_SECONDS", 0.05)
    ledger = Ledger(f"sqlite:///{tmp_path}/ledger.db", lambda: LATER)
    ledger.check()
    return ledger


@pytest.fixture
def holder(tmp_path: Path, impatient: Ledger) -> Iterator[sqlite3.Connection]:
    """Yield a connection of another program, which can lock the ledger."""
    with closing(sqlite3.connect(tmp_path / "ledger.db", isolation_level=None)) as connection:
        yield connection


async def test_a_sent_message_that_cannot_be_recorded_is_unconfirmed_and_ends_the_delivery(
    message: Message, impatient: Ledger, holder: sqlite3.Connection
) -> None:
    post = Post(on_arrival=lambda: holder.execute("BEGIN EXCLUSIVE"))

    receipts = await run(post, message, impatient)
    holder.rollback()

    assert results(receipts) == [(ANN, UNCONFIRMED, False), (BOB, FAILED, False)]
    assert receipts[0].detail.startswith("The message was sent (250 OK), but this could not be recorded. The ledger ")
    assert [receipt.at for receipt in receipts] == [LATER] * 2
    assert "(database is locked). Nothing more is sent without it" in receipts[1].detail
    assert [recipient for recipient, _, _ in post.arrived] == [ANN]
    (row,) = impatient.deliveries("acme")
    assert row.state is DeliveryState.CLAIMED
    assert row.handed_over_at is not None


async def test_nothing_is_sent_if_the_handover_cannot_be_recorded(
    message: Message, impatient: Ledger, holder: sqlite3.Connection
) -> None:
    post = Post(on_start=lambda: holder.execute("BEGIN EXCLUSIVE"))

    receipts = await run(post, message, impatient)
    holder.rollback()

    assert results(receipts) == [(ANN, FAILED, False), (BOB, FAILED, False)]
    assert receipts[0].detail.endswith(" The message was not sent.")
    assert post.arrived == []
    assert [(row.recipient, row.handed_over_at) for row in impatient.deliveries("acme")] == [(ANN, None)]


async def test_a_cancellation_is_raised_even_if_the_ledger_cannot_be_written(
    message: Message, impatient: Ledger, holder: sqlite3.Connection
) -> None:
    post = Post(on_start=lambda: holder.execute("BEGIN EXCLUSIVE"), before={ANN: asyncio.CancelledError()})

    with pytest.raises(asyncio.CancelledError):
        await run(post, message, impatient)


async def test_without_the_ledger_each_call_sends_and_a_failure_is_a_receipt(
    message: Message, clock: Callable[[], datetime]
) -> None:
    post = Post(before={ANN: DeliveryRejected("no")})

    for _ in range(2):
        receipts = await send_without_ledger(post, message, message_id="notice-1", revision=3, clock=clock)

    assert receipts == [
        Receipt("email", ANN, REJECTED, "no", clock(), 3),
        Receipt("email", BOB, SENT, "250 OK", clock(), 3),
    ]
    assert post.arrived == [(BOB, message.subject, "notice-1")] * 2


async def test_a_folder_gets_the_email_the_slack_payload_and_the_attachments(
    message: Message, ledger: Ledger, tmp_path: Path, clock: Callable[[], datetime]
) -> None:
    (receipt,) = await run(FolderChannel(tmp_path / "outbox", clock=clock), message, ledger)

    folder = Path(receipt.detail)
    assert folder.parent == tmp_path / "outbox"
    assert folder.name.startswith("acme-2026-10-")
    assert names(folder) == ["acme-2026-10.pdf", "message.eml", "slack.json"]
    assert json.loads((folder / "slack.json").read_text(encoding="utf-8")) == message.payloads["slack"]
    assert (folder / "acme-2026-10.pdf").read_bytes() == message.attachments[0].content
    assert b"Content-ID: <people>" in (folder / "message.eml").read_bytes()


async def test_a_repeated_message_replaces_its_folder(
    message: Message, tmp_path: Path, clock: Callable[[], datetime]
) -> None:
    channel = FolderChannel(tmp_path, clock=clock)
    (tmp_path / ".id.unfinished").mkdir()
    (tmp_path / ".id.unfinished" / "left by a killed run").touch()

    for _ in range(2):
        await send_without_ledger(channel, message, message_id="id", revision=1, clock=clock)

    assert names(tmp_path) == ["id"]
    assert names(tmp_path / "id") == ["acme-2026-10.pdf", "message.eml", "slack.json"]


async def test_an_unwritable_folder_is_a_failure(
    message: Message, tmp_path: Path, clock: Callable[[], datetime]
) -> None:
    (tmp_path / "outbox").write_text("a file", encoding="utf-8")
    channel = FolderChannel(tmp_path / "outbox", clock=clock)

    (receipt,) = await send_without_ledger(channel, message, message_id="id", revision=1, clock=clock)

    assert receipt.state is FAILED
    assert receipt.detail.startswith(f"Cannot write to the folder {tmp_path / 'outbox'}")
    with pytest.raises(DeliveryFailed):
        await channel.probe()


async def test_a_message_that_cannot_be_written_completely_leaves_nothing(
    message: Message, ledger: Ledger, tmp_path: Path, clock: Callable[[], datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    def write(self: Path, content: bytes) -> None:
        with self.open("wb") as file:
            file.write(content[:1])
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", write)
        (receipt,) = await run(FolderChannel(tmp_path / "outbox", clock=clock), message, ledger)
    assert (receipt.state, names(tmp_path / "outbox")) == (FAILED, [])

    (receipt,) = await run(FolderChannel(tmp_path / "outbox", clock=clock), message, ledger)
    assert receipt.state is SENT


async def test_a_probe_leaves_a_writable_folder_empty(tmp_path: Path, clock: Callable[[], datetime]) -> None:
    await FolderChannel(tmp_path / "outbox", clock=clock).probe()

    assert names(tmp_path / "outbox") == []
