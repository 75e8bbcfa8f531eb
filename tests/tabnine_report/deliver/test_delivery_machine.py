"""Every order of runs, revisions, failures, deaths, waits and settlings keeps the ledger's promises."""

import asyncio
import itertools
import shutil
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tabnine_report.deliver.delivery import deliver
from tabnine_report.deliver.ledger.entry import LedgerEntry
from tabnine_report.deliver.ledger.ledger import LEASE, Claim, Ledger
from tabnine_report.deliver.message import Message
from tabnine_report.deliver.receipt import DeliveryState
from tabnine_report.deliver.recipients import DeliveryRequest, RecipientScope
from tabnine_report.model.errors import DeliveryFailed, DeliveryRejected, DeliveryUnconfirmed, LedgerError

RECIPIENTS = ("ann@acme.example", "bob@acme.example")
MESSAGE = Message("s", "t")
SENT, FAILED, UNCONFIRMED = DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.UNCONFIRMED

# What a channel does with one recipient: the error that it ends with, and whether the message arrives all the same.
WAYS = {
    "takes": (None, True),
    "refuses": (DeliveryRejected("no"), False),
    "fails": (DeliveryFailed("gone"), False),
    "falls silent with it": (DeliveryUnconfirmed("silence"), True),
    "falls silent without it": (DeliveryUnconfirmed("silence"), False),
    "breaks": (ZeroDivisionError(), False),
}
POINTS = ("never", "before claim", "after claim", "after hand-over", "before settling", "after settling")


class Killed(BaseException):
    """The process is gone: nothing of it runs any more."""


class MortalLedger(Ledger):
    """Dies at a point, and stays dead."""

    def __init__(self, url: str, clock: Callable[[], datetime], dies: str) -> None:
        super().__init__(url, clock)
        self._dies = dies
        self._dead = False

    def claim(self, order: DeliveryRequest, channel: str, recipient: str) -> Claim | LedgerEntry:
        self._reach("before claim")
        claimed = super().claim(order, channel, recipient)
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


class Post:
    """A channel that treats each recipient as told, and knows what arrived."""

    name = "email"
    recipients: tuple[str, ...] = RECIPIENTS

    def __init__(self, routes: tuple[str, ...], arrived: list[tuple[str, str]]) -> None:
        self._ways = dict(zip(RECIPIENTS, routes, strict=True))
        self._arrived = arrived

    async def send(
        self, message: Message, recipient: str, message_id: str, on_handover: Callable[[], Awaitable[None]]
    ) -> str:
        error, arrives = WAYS[self._ways[recipient]]
        await on_handover()
        if arrives:
            self._arrived.append((recipient, message_id))
        if error is not None:
            raise error
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
        # Runs that have claimed and are slow.
        self.slow: list[tuple[str, Claim]] = []
        self.ledger = Ledger(self.url, self.clock)
        self.ledger.check()

    def clock(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now

    def newest(self) -> dict[str, LedgerEntry]:
        return {entry.recipient: entry for entry in self.ledger.deliveries("acme")}

    def order(self, audience: RecipientScope) -> DeliveryRequest:
        return DeliveryRequest("acme", "2026-10", self.revision, audience, requested_at=self.clock())

    def deliver(self, audience: RecipientScope, routes: tuple[str, ...], dies: str = "never") -> None:
        before, had = self.newest(), len(self.arrived)
        order = self.order(audience)
        try:
            asyncio.run(deliver(Post(routes, self.arrived), MESSAGE, order, MortalLedger(self.url, self.clock, dies)))
        except Killed:
            assert dies != "never"
        for recipient, message_id in self.arrived[had:]:
            self.check_allowed(order, before.get(recipient), message_id)

    def check_allowed(self, order: DeliveryRequest, before: LedgerEntry | None, message_id: str) -> None:
        """What arrives in a run was owed: the rule of who gets what, told once more from the outside."""
        if before is None:
            return
        assert before.state is not UNCONFIRMED
        if before.state is SENT:
            assert message_id != before.message_id
            assert order.audience is not RecipientScope.UNDELIVERED
            assert order.audience is RecipientScope.EVERYONE or before.revision < order.revision
        if before.state is DeliveryState.CLAIMED:
            assert before.handed_over_at is None
            assert before.claimed_at + LEASE <= self.now

    @rule(
        audience=st.sampled_from(RecipientScope),
        routes=st.tuples(*[st.sampled_from(sorted(WAYS))] * len(RECIPIENTS)),
        dies=st.sampled_from(POINTS),
    )
    def run(self, audience: RecipientScope, routes: tuple[str, ...], dies: str) -> None:
        self.deliver(audience, routes, dies)

    @rule()
    def new_revision(self) -> None:
        self.revision += 1

    @rule(minutes=st.sampled_from([1, 8, 20]))
    def wait(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @rule(audience=st.sampled_from(RecipientScope), recipient=st.sampled_from(RECIPIENTS))
    def claim_slowly(self, audience: RecipientScope, recipient: str) -> None:
        claim = self.ledger.claim(self.order(audience), "email", recipient)
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
        """Ask the recipient, who tells the truth."""
        entry = self.newest().get(recipient)
        has_it = entry is not None and (recipient, entry.message_id) in self.arrived
        uncertain = entry is not None and (entry.state is UNCONFIRMED or entry.is_expired(self.now))
        try:
            self.ledger.settle_by_hand(("acme", "2026-10", "email", recipient), SENT if has_it else FAILED)
        except LedgerError:
            assert not uncertain
        else:
            assert uncertain

    @invariant()
    def nobody_gets_a_send_number_twice(self) -> None:
        if hasattr(self, "arrived"):
            assert all(count == 1 for count in Counter(self.arrived).values())

    @invariant()
    def send_numbers_have_no_gaps_and_what_is_sent_has_arrived(self) -> None:
        if not hasattr(self, "arrived"):
            return
        rows = self.ledger.deliveries("acme")
        for recipient, of_recipient in itertools.groupby(rows, key=lambda row: row.recipient):
            entries = list(of_recipient)
            assert [entry.send_number for entry in entries] == list(range(len(entries)))
            # Only what was sent is followed by a repeat.
            assert all(entry.state is SENT for entry in entries[:-1])
            for entry in entries:
                assert entry.state is not SENT or (recipient, entry.message_id) in self.arrived

    def teardown(self) -> None:
        if not hasattr(self, "arrived"):
            return
        try:
            self.now += 2 * LEASE
            self.deliver(RecipientScope.REVISED, ("takes", "takes"))
            for recipient in RECIPIENTS:
                self.settle(recipient)
            self.deliver(RecipientScope.REVISED, ("takes", "takes"))
            # Everybody who can be reached has the latest revision in the end.
            assert [entry.state for entry in self.newest().values()] == [SENT, SENT]
            assert {entry.revision for entry in self.newest().values()} == {self.revision}
            assert {recipient for recipient, _ in self.arrived} == set(RECIPIENTS)
        finally:
            shutil.rmtree(Path(self.folder))


TestDeliveries = Deliveries.TestCase
TestDeliveries.settings = settings(
    max_examples=25,
    stateful_step_count=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
