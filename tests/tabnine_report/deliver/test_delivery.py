"""Delivering through the ledger; the channels here do really keep what they are given."""

import asyncio
import json
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tabnine_report.deliver.channels.channel import Channel
from tabnine_report.deliver.channels.folder import FolderChannel
from tabnine_report.deliver.delivery import deliver, send_without_ledger
from tabnine_report.deliver.ledger.ledger import LEASE, Ledger
from tabnine_report.deliver.message import Message
from tabnine_report.deliver.receipt import DeliveryState, Receipt
from tabnine_report.deliver.recipients import DeliveryRequest, RecipientScope
from tabnine_report.model.errors import DeliveryFailed, DeliveryRejected, DeliveryUnconfirmed

AT = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)
ANN, BOB = "ann@acme.example", "bob@acme.example"
SENT, REJECTED, FAILED, UNCONFIRMED = (
    DeliveryState.SENT,
    DeliveryState.REJECTED,
    DeliveryState.FAILED,
    DeliveryState.UNCONFIRMED,
)


@dataclass
class Post:
    """A channel that keeps what it is given, or raises what it is told to: before handing over or after.

    It does something else `first` and `then`, when it was given a message and when it has kept it.
    """

    name: str = "email"
    recipients: tuple[str, ...] = (ANN, BOB)
    before: dict[str, BaseException] = field(default_factory=dict)
    after: dict[str, BaseException] = field(default_factory=dict)
    first: Callable[[], object] = lambda: None
    then: Callable[[], object] = lambda: None
    arrived: list[tuple[str, str, str]] = field(default_factory=list)

    async def send(
        self, message: Message, recipient: str, message_id: str, on_handover: Callable[[], Awaitable[None]]
    ) -> str:
        self.first()
        if recipient in self.before:
            raise self.before[recipient]
        await on_handover()
        if recipient in self.after:
            raise self.after[recipient]
        self.arrived.append((recipient, message.subject, message_id))
        self.then()
        return "250 OK"

    async def probe(self) -> None:
        """It is always there."""


@pytest.fixture
def ledger(tmp_path: Path, clock: Callable[[], datetime]) -> Ledger:
    return Ledger(f"sqlite:///{tmp_path}/ledger.db", clock)


def order(revision: int = 1) -> DeliveryRequest:
    return DeliveryRequest("acme", "2026-10", revision, RecipientScope.UNDELIVERED, requested_at=AT)


async def run(channel: Channel, message: Message, ledger: Ledger, *, revision: int = 1) -> list[Receipt]:
    return await deliver(channel, message, order(revision), ledger)


def outcomes(receipts: list[Receipt]) -> list[tuple[str, DeliveryState, bool]]:
    return [(receipt.recipient, receipt.state, receipt.earlier) for receipt in receipts]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def test_everybody_gets_it_once_and_the_second_run_tells_of_the_first(message: Message, ledger: Ledger) -> None:
    post = Post()

    first = await run(post, message, ledger)
    second = await run(post, message, ledger, revision=2)

    assert outcomes(first) == [(ANN, SENT, False), (BOB, SENT, False)]
    assert outcomes(second) == [(ANN, SENT, True), (BOB, SENT, True)]
    assert [receipt.revision for receipt in second] == [1, 1]
    assert [recipient for recipient, _, _ in post.arrived] == [ANN, BOB]


async def test_a_receipt_says_what_the_other_side_said_and_when(
    message: Message, ledger: Ledger, clock: Callable[[], datetime]
) -> None:
    receipts = await run(Post(recipients=(ANN,)), message, ledger)

    assert receipts == [Receipt("email", ANN, SENT, "250 OK", clock(), 1)]


@pytest.mark.parametrize(
    ("error", "state"),
    [(DeliveryRejected("no"), REJECTED), (DeliveryFailed("gone"), FAILED), (DeliveryUnconfirmed("dead"), UNCONFIRMED)],
)
async def test_one_failure_keeps_nobody_else_from_their_message(
    message: Message, ledger: Ledger, error: Exception, state: DeliveryState
) -> None:
    receipts = await run(Post(before={ANN: error}), message, ledger)

    assert outcomes(receipts) == [(ANN, state, False), (BOB, SENT, False)]
    assert receipts[0].detail == str(error)


async def test_who_was_refused_is_tried_again_and_who_has_it_is_not(message: Message, ledger: Ledger) -> None:
    await run(Post(before={BOB: DeliveryRejected("no such person")}), message, ledger)
    post = Post()

    receipts = await run(post, message, ledger)

    assert outcomes(receipts) == [(ANN, SENT, True), (BOB, SENT, False)]
    assert [recipient for recipient, _, _ in post.arrived] == [BOB]


async def test_who_may_have_it_is_never_tried_again(message: Message, ledger: Ledger) -> None:
    await run(Post(after={ANN: DeliveryUnconfirmed("the line went dead")}), message, ledger)
    post = Post(recipients=(ANN,))

    receipts = await run(post, message, ledger)

    assert outcomes(receipts) == [(ANN, UNCONFIRMED, True)]
    assert receipts[0].detail == "the line went dead"
    assert post.arrived == []


async def test_something_unforeseen_counts_by_how_far_it_got(
    message: Message, ledger: Ledger, caplog: pytest.LogCaptureFixture
) -> None:
    post = Post(before={ANN: ZeroDivisionError()}, after={BOB: ZeroDivisionError()})

    receipts = await run(post, message, ledger)

    assert outcomes(receipts) == [(ANN, FAILED, False), (BOB, UNCONFIRMED, False)]
    assert receipts[0].detail == "The sending was ended by ZeroDivisionError; nothing was sent."
    assert [record.levelname for record in caplog.records] == ["ERROR", "ERROR"]


async def test_cancelling_settles_what_was_under_way_and_stops(message: Message, ledger: Ledger) -> None:
    with pytest.raises(asyncio.CancelledError):
        await run(Post(after={ANN: asyncio.CancelledError()}), message, ledger)
    with pytest.raises(asyncio.CancelledError):
        await run(Post(recipients=(BOB,), before={BOB: asyncio.CancelledError()}), message, ledger)

    assert [(e.recipient, e.state) for e in ledger.deliveries("acme")] == [(ANN, UNCONFIRMED), (BOB, FAILED)]


async def test_what_another_run_is_at_is_left_to_it_with_the_time_when_it_must_be_over(
    message: Message, ledger: Ledger
) -> None:
    ledger.claim(order(), "email", ANN)
    post = Post(recipients=(ANN,))

    receipts = await run(post, message, ledger)

    assert outcomes(receipts) == [(ANN, DeliveryState.CLAIMED, True)]
    assert receipts[0].detail == (
        "That run will say what came of it; if it does not, run the month again after 2026-11-02 06:15 UTC."
    )
    assert post.arrived == []


async def test_a_run_that_lost_its_claim_on_the_way_sends_nothing_and_tells_what_became_of_it(
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

    assert outcomes(receipts) == [(ANN, SENT, True)]
    assert (len(quick.arrived), len(slow.arrived)) == (1, 0)


async def test_without_a_ledger_nothing_is_sent_and_each_receipt_says_so(message: Message, tmp_path: Path) -> None:
    post = Post()
    (tmp_path / "ledger.db").write_bytes(b"Dear diary, " * 100)

    receipts = await run(post, message, Ledger(f"sqlite:///{tmp_path}/ledger.db", datetime.now))

    assert outcomes(receipts) == [(ANN, FAILED, False), (BOB, FAILED, False)]
    assert all("is not a database); nothing more is sent without it" in receipt.detail for receipt in receipts)
    assert post.arrived == []


@pytest.fixture
def impatient(tmp_path: Path, clock: Callable[[], datetime], monkeypatch: pytest.MonkeyPatch) -> Ledger:
    """Give a ledger that hardly waits for one who holds it."""
    monkeypatch.setattr("tabnine_report.deliver.ledger.database.LOCK_TIMEOUT_SECONDS", 0.05)
    ledger = Ledger(f"sqlite:///{tmp_path}/ledger.db", clock)
    ledger.check()
    return ledger


@pytest.fixture
def holder(tmp_path: Path, impatient: Ledger) -> Iterator[sqlite3.Connection]:
    """Give a connection of another program, which can hold the ledger for itself."""
    with closing(sqlite3.connect(tmp_path / "ledger.db", isolation_level=None)) as connection:
        yield connection


async def test_what_went_out_and_could_not_be_noted_is_unknown_and_nothing_more_goes_out(
    message: Message, impatient: Ledger, holder: sqlite3.Connection
) -> None:
    post = Post(then=lambda: holder.execute("BEGIN EXCLUSIVE"))

    receipts = await run(post, message, impatient)
    holder.rollback()

    assert outcomes(receipts) == [(ANN, UNCONFIRMED, False), (BOB, FAILED, False)]
    assert receipts[0].detail.startswith("It went out (250 OK), but that could not be noted. The ledger ")
    assert "(database is locked); nothing more is sent without it" in receipts[1].detail
    assert [recipient for recipient, _, _ in post.arrived] == [ANN]
    (row,) = impatient.deliveries("acme")
    assert row.state is DeliveryState.CLAIMED
    assert row.handed_over_at is not None


async def test_without_a_note_of_it_nothing_is_handed_over_and_the_claim_is_free_in_time(
    message: Message, impatient: Ledger, holder: sqlite3.Connection
) -> None:
    post = Post(first=lambda: holder.execute("BEGIN EXCLUSIVE"))

    receipts = await run(post, message, impatient)
    holder.rollback()

    assert outcomes(receipts) == [(ANN, FAILED, False), (BOB, FAILED, False)]
    assert receipts[0].detail.endswith("; nothing was sent.")
    assert post.arrived == []
    assert [(row.recipient, row.handed_over_at) for row in impatient.deliveries("acme")] == [(ANN, None)]


async def test_being_cancelled_is_not_hidden_by_a_ledger_that_cannot_be_told(
    message: Message, impatient: Ledger, holder: sqlite3.Connection
) -> None:
    post = Post(first=lambda: holder.execute("BEGIN EXCLUSIVE"), before={ANN: asyncio.CancelledError()})

    with pytest.raises(asyncio.CancelledError):
        await run(post, message, impatient)


async def test_what_is_uncounted_is_sent_every_time_and_its_failures_are_receipts(
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


async def test_a_folder_gets_an_email_to_open_slacks_payload_and_the_attachments(
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


async def test_a_folder_that_gets_a_message_again_has_it_once(
    message: Message, tmp_path: Path, clock: Callable[[], datetime]
) -> None:
    channel = FolderChannel(tmp_path, clock=clock)
    (tmp_path / ".id.unfinished").mkdir()
    (tmp_path / ".id.unfinished" / "of a run that died").touch()

    for _ in range(2):
        await send_without_ledger(channel, message, message_id="id", revision=1, clock=clock)

    assert names(tmp_path) == ["id"]
    assert names(tmp_path / "id") == ["acme-2026-10.pdf", "message.eml", "slack.json"]


async def test_a_folder_that_cannot_be_written_is_a_failure(
    message: Message, tmp_path: Path, clock: Callable[[], datetime]
) -> None:
    (tmp_path / "outbox").write_text("a file", encoding="utf-8")
    channel = FolderChannel(tmp_path / "outbox", clock=clock)

    (receipt,) = await send_without_ledger(channel, message, message_id="id", revision=1, clock=clock)

    assert receipt.state is FAILED
    assert receipt.detail.startswith(f"The folder {tmp_path / 'outbox'} could not be written to")
    with pytest.raises(DeliveryFailed):
        await channel.probe()


async def test_a_folder_that_can_be_written_passes_its_probe_and_stays_empty(
    tmp_path: Path, clock: Callable[[], datetime]
) -> None:
    await FolderChannel(tmp_path / "outbox", clock=clock).probe()

    assert names(tmp_path / "outbox") == []
