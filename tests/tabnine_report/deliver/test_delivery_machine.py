"""The ledger's guarantees hold for any order of runs, revisions, failures, kills, waits and settlements."""

import asyncio
import itertools
import shutil
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tabnine_report.deliver.channels.channel import Channel
from tabnine_report.deliver.delivery import deliver
from tabnine_report.deliver.ledger.entry import LedgerEntry
from tabnine_report.deliver.ledger.ledger import LEASE, Claim, Ledger
from tabnine_report.deliver.message import Message
from tabnine_report.deliver.receipt import DeliveryState
from tabnine_report.deliver.send_decision import DeliveryRequest, RecipientScope
from tabnine_report.model.errors import DeliveryFailed, DeliveryRejected, DeliveryUnconfirmed, LedgerError

RECIPIENTS = ("ann@acme.example", "bob@acme.example")
MESSAGE = Message("s", "t")
SENT, FAILED, UNCONFIRMED = DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.UNCONFIRMED

# What a channel does with one recipient: the error that it raises, and whether the message arrives anyway.
BEHAVIORS = {
    "accepts": (None, True),
    "rejects": (DeliveryRejected("no"), False),
    "fails": (DeliveryFailed("gone"), False),
    "does not confirm an arrived message": (DeliveryUnconfirmed("silence"), True),
    "does not confirm a lost message": (DeliveryUnconfirmed("silence"), False),
    "raises": (ZeroDivisionError(), False),
}
POINTS = ("never", "before claim", "after claim", "after hand-over", "before settling", "after settling")


class Killed(BaseException):
    """The process was killed: none of its code runs any more."""


class MortalLedger(Ledger):
    """A ledger that is killed at a point and raises from then on."""

    def __init__(self, url: str, clock: Callable[[], datetime], dies: str) -> None:
        super().__init__(url, clock)
        self._dies = dies
        self._dead = False

    def claim(self, request: DeliveryRequest, channel: str, recipient: str) -> Claim | LedgerEntry:
        self._reach("before claim")
        claimed = super().claim(request, channel, recipient)
        self._reach("after claim")
        return claimed

    def hand_over(self, claim: Claim) -> None:
        self._reach("")
        super().hand_over(claim)
        self._reach("after hand-over")

    def settle(self, claim: Claim, state: DeliveryState, detail: str) -> LedgerEntry:
        self._reach("before settling")
        entry = super().settle(claim, state, detail)
        self._reach("after settling")
        return entry

    def _reach(self, point: str) -> None:
        self._dead = self._dead or point == self._dies
        if self._dead:
            raise Killed


class Post(Channel):
    """A channel with one behavior for each recipient, which records what arrived."""

    name = "email"
    recipients: tuple[str, ...] = RECIPIENTS

    def __init__(self, behaviors: tuple[str, ...], arrived: list[tuple[str, str]]) -> None:
        self._behaviors = dict(zip(RECIPIENTS, behaviors, strict=True))
        self._arrived = arrived

    async def send(
        self, message: Message, recipient: str, message_id: str, on_handover: Callable[[], Awaitable[None]]
    ) -> str:
        error, arrives = BEHAVIORS[self._behaviors[recipient]]
        await on_handover()
        if arrives:
            self._arrived.append((recipient, message_id))
        if error is not None:
            raise error.with_traceback(None)
        return "ok"

    async def probe(self) -> None:
        pass


class Deliveries(RuleBasedStateMachine):
    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.mkdtemp(prefix="ledger-")
        self.url = f"sqlite:///{self.folder}/ledger.db"
        self.now = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)
        self.revision = 1
        self.arrived: list[tuple[str, str]] = []
        # Claims of runs that are slow.
        self.slow: list[tuple[str, Claim]] = []
        self.ledger = Ledger(self.url, self.clock)
        self.ledger.check()

    def clock(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now

    def newest(self) -> dict[str, LedgerEntry]:
        return {entry.recipient: entry for entry in self.ledger.deliveries("acme")}

    def request(self, scope: RecipientScope) -> DeliveryRequest:
        return DeliveryRequest("acme", "2026-10", self.revision, scope, requested_at=self.clock())

    def deliver(self, scope: RecipientScope, behaviors: tuple[str, ...], dies: str = "never") -> None:
        before, arrived_before = self.newest(), len(self.arrived)
        request = self.request(scope)
        try:
            asyncio.run(
                deliver(Post(behaviors, self.arrived), MESSAGE, request, MortalLedger(self.url, self.clock, dies))
            )
        except Killed:
            assert dies != "never"
        for recipient, message_id in self.arrived[arrived_before:]:
            self.check_allowed(request, before.get(recipient), message_id)

    def check_allowed(self, request: DeliveryRequest, before: LedgerEntry | None, message_id: str) -> None:
        """Check that a message that arrived was due, by a second implementation of the rule."""
        if before is None:
            return
        assert before.state is not UNCONFIRMED
        if before.state is SENT:
            assert message_id != before.message_id
            assert request.scope is not RecipientScope.UNDELIVERED
            assert request.scope is RecipientScope.EVERYONE or before.revision < request.revision
        if before.state is DeliveryState.CLAIMED:
            assert before.handed_over_at is None
            assert before.claimed_at + LEASE <= self.now

    @rule(
        scope=st.sampled_from(RecipientScope),
        behaviors=st.tuples(*[st.sampled_from(sorted(BEHAVIORS))] * len(RECIPIENTS)),
        dies=st.sampled_from(POINTS),
    )
    def run(self, scope: RecipientScope, behaviors: tuple[str, ...], dies: str) -> None:
        self.deliver(scope, behaviors, dies)

    @rule()
    def new_revision(self) -> None:
        self.revision += 1

    @rule(minutes=st.sampled_from([1, 8, 20]))
    def wait(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule(scope=st.sampled_from(RecipientScope), recipient=st.sampled_from(RECIPIENTS))
    def claim_slowly(self, scope: RecipientScope, recipient: str) -> None:
        claim = self.ledger.claim(self.request(scope), "email", recipient)
        if isinstance(claim, Claim):
            self.slow.append((recipient, claim))

    @precondition(lambda self: self.slow)
    @rule()
    def hand_over_slowly(self) -> None:
        recipient, claim = self.slow.pop(0)
        try:
            self.ledger.hand_over(claim)
        except DeliveryFailed:
            self.ledger.settle(claim, FAILED, "too slow")
            return
        self.arrived.append((recipient, claim.message_id))
        self.ledger.settle(claim, SENT, "ok")

    @rule(recipient=st.sampled_from(RECIPIENTS))
    def settle(self, recipient: str) -> None:
        """Settle a delivery as the recipient confirms it."""
        entry = self.newest().get(recipient)
        received = entry is not None and (recipient, entry.message_id) in self.arrived
        uncertain = entry is not None and (entry.state is UNCONFIRMED or entry.is_expired(self.now))
        try:
            self.ledger.settle_manually(
                ("acme", "2026-10", "email", recipient), DeliveryState.SENT if received else DeliveryState.FAILED
            )
        except LedgerError:
            assert not uncertain
        else:
            assert uncertain

    @invariant()
    def no_send_number_arrives_twice(self) -> None:
        if hasattr(self, "arrived"):
            assert all(count == 1 for count in Counter(self.arrived).values())

    @invariant()
    def send_numbers_have_no_gaps_and_sent_messages_have_arrived(self) -> None:
        if not hasattr(self, "arrived"):
            return
        rows = self.ledger.deliveries("acme")
        for recipient, group in itertools.groupby(rows, key=lambda row: row.recipient):
            entries = list(group)
            assert [entry.send_number for entry in entries] == list(range(len(entries)))
            # Only a sent message is followed by a resend.
            assert all(entry.state is SENT for entry in entries[:-1])
            for entry in entries:
                assert entry.state is not SENT or (recipient, entry.message_id) in self.arrived

    def teardown(self) -> None:
        if not hasattr(self, "arrived"):
            return
        try:
            self.now += 2 * LEASE
            self.deliver(RecipientScope.REVISED, ("accepts", "accepts"))
            for recipient in RECIPIENTS:
                self.settle(recipient)
            self.deliver(RecipientScope.REVISED, ("accepts", "accepts"))
            # In the end, every recipient has the latest revision.
            assert [entry.state for entry in self.newest().values()] == [SENT, SENT]
            assert {entry.revision for entry in self.newest().values()} == {self.revision}
            assert {recipient for recipient, _ in self.arrived} == set(RECIPIENTS)
        finally:
            shutil.rmtree(Path(self.folder))


TestDeliveries = Deliveries.TestCase
TestDeliveries.settings = settings(
    max_examples=25,
    stateful_step_count=20,
    derandomize=True,
)
