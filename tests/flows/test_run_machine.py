"""Every order of whole runs, outcomes, failing channels, a failing ledger, waits and settlings keeps the promises.

The story is the flow's own, with a real archive and a real ledger; what is fetched, built and rendered is made up.
"""

import asyncio
import json
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from prefect import Task
from sample_report import sample_report
from sealing import SNAPSHOT

from flows import monthly_report
from tabnine_report.archive import Archive
from tabnine_report.deliver.ledger.ledger import LEASE, Claim, Ledger
from tabnine_report.deliver.message import DeliveryState, Message
from tabnine_report.deliver.recipients import Entry, Order
from tabnine_report.deliver.routes import Route
from tabnine_report.model.errors import (
    DeliveryError,
    DeliveryFailed,
    DeliveryRejected,
    DeliveryUnconfirmed,
    LedgerError,
)
from tabnine_report.model.findings import Note
from tabnine_report.model.month import Month
from tabnine_report.model.report import MonthlyReport
from tabnine_report.runs import clock, release
from tabnine_report.runs.result import Outcome, Status
from tasks import deliver_report as deliver
from tasks import notify_admins as notify

RECIPIENTS = ("ann@acme.example", "bob@acme.example")
SENT, FAILED, UNCONFIRMED = DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.UNCONFIRMED
NEVER = 99

# What a channel does with one recipient: the error that it ends with, and whether the message arrives all the same.
WAYS = {
    "takes": (None, True),
    "refuses": (DeliveryRejected("no"), False),
    "fails": (DeliveryFailed("gone"), False),
    "falls silent with it": (DeliveryUnconfirmed("silence"), True),
    "falls silent without it": (DeliveryUnconfirmed("silence"), False),
}


class Post:
    """A channel that treats each recipient as told, and knows what arrived."""

    name = "email"

    def __init__(self, routes: dict[str, str], arrived: list[tuple[str, str, str]]) -> None:
        self.recipients = tuple(routes)
        self._ways = routes
        self._arrived = arrived

    async def send(self, message: Message, recipient: str, message_id: str, handing_over: Callable[[], None]) -> str:
        error, arrives = WAYS[self._ways[recipient]]
        handing_over()
        if arrives:
            self._arrived.append((recipient, message.subject, message_id))
        if error is not None:
            raise error
        return "ok"

    async def probe(self) -> None:
        pass


class LeavingLedger(Ledger):
    """A ledger that can be used so many times, and then no more."""

    def __init__(self, url: str, clock: Callable[[], datetime], times: int) -> None:
        super().__init__(url, clock)
        self._times = times

    def claim(self, order: Order, channel: str, recipient: str) -> Claim | Entry:
        self._use()
        return super().claim(order, channel, recipient)

    def hand_over(self, claim: Claim) -> None:
        self._use()
        super().hand_over(claim)

    def settle(self, claim: Claim, state: DeliveryState, detail: str) -> Entry:
        self._use()
        return super().settle(claim, state, detail)

    def _use(self) -> None:
        self._times -= 1
        if self._times < 0:
            raise LedgerError("The ledger is gone.")


class Runs(RuleBasedStateMachine):
    @initialize(after_approval=st.booleans())
    def begin(self, *, after_approval: bool) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="runs-"))
        self.profile = self.folder / "acme.toml"
        self.profile.write_text(
            'name = "acme"\ntime_zone = "Europe/Berlin"\n'
            '[usage_api]\nbase_url = "http://127.0.0.1:9"\ntoken = "hush"\n[archive]\ndurable = true\n'
            '[admins]\nslack_webhook_url = "http://127.0.0.1:9/hush"\n'
            f'[report]\nrelease = "{"after_approval" if after_approval else "automatic"}"\n',
            encoding="utf-8",
        )
        self.url = f"sqlite:///{self.folder}/reports/ledger.db"
        self.now = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)
        self.ledger = Ledger(self.url, self.clock)
        self.after_approval = after_approval
        self.outcome = 1
        # The outcome that each revision was sealed with, from the first; the revisions that the admins have seen.
        self.sealed: list[int] = []
        self.shown: set[int] = set()
        # To the recipients and to the admins: who, the message's subject, its id.
        self.arrived: list[tuple[str, str, str]] = []
        self.previews: list[tuple[str, str, str]] = []
        self.patch = pytest.MonkeyPatch()
        self.make_up_what_takes_long()

    def clock(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now

    def make_up_what_takes_long(self) -> None:
        for name, task in vars(monthly_report).copy().items():
            if isinstance(task, Task):
                self.patch.setattr(monthly_report, name, task.fn)
        self.patch.setattr(monthly_report, "publish_artifacts", giving(None))
        self.patch.setattr(monthly_report, "make_ready", lambda: None)
        self.patch.setattr(monthly_report, "fetch_month", giving(SNAPSHOT))
        self.patch.setattr(monthly_report, "take_as_of_answers_from", lambda _, now: now)
        self.patch.setattr(monthly_report, "build_report", self.build)
        self.patch.setattr(monthly_report, "render_report", render)
        self.patch.setattr(monthly_report, "_instant_meant", self.clock)
        self.patch.setattr(clock, "now", self.clock)
        admins = Route(Post({"admin@acme.example": "takes"}, self.previews), "executive")
        self.patch.setattr(monthly_report, "preview_ways", lambda *_: [admins])
        self.patch.setattr(notify, "admin_channels", lambda *_: [])

    async def build(self, _snapshot: object, _run: object, revision: int, _inputs: object) -> MonthlyReport:
        return sample_report(revision=revision, headline=f"r{revision}", note=Note(text=f"Outcome {self.outcome}"))

    def run_month(self, delivery: str, routes: dict[str, str], *, by_person: bool, uses: int = NEVER) -> Outcome | None:
        """Run the month as the flow does, and give the outcome; None where somebody was missed."""
        self.patch.setattr(
            monthly_report, "report_channels", lambda *_: [Route(Post(routes, self.arrived), "executive")]
        )
        self.patch.setattr(release, "_started_by_a_person", lambda: by_person)
        self.patch.setattr(deliver, "ledger_of", lambda _: LeavingLedger(self.url, self.clock, uses))
        try:
            ended = asyncio.run(monthly_report.monthly_report.fn(str(self.profile), "2026-10", delivery))
        except DeliveryError:
            return None
        outcome = getattr(ended, "data", ended)
        return getattr(outcome, "result", outcome)

    @rule(
        delivery=st.sampled_from(get_args(monthly_report.Delivery)),
        routes=st.tuples(*[st.sampled_from(sorted(WAYS))] * len(RECIPIENTS)),
        by_person=st.booleans(),
        uses=st.sampled_from([NEVER, NEVER, *range(6)]),
    )
    def run(self, delivery: str, routes: tuple[str, ...], *, by_person: bool, uses: int) -> None:
        had, seen, shown = list(self.arrived), len(self.previews), set(self.shown)
        newest = {entry.recipient: entry for entry in self.ledger.deliveries("acme")}
        if self.sealed[-1:] != [self.outcome]:
            self.sealed.append(self.outcome)

        ended = self.run_month(delivery, dict(zip(RECIPIENTS, routes, strict=True)), by_person=by_person, uses=uses)

        revision = len(self.sealed)
        assert Archive(self.folder / "reports").revisions("acme", Month(2026, 10)) == list(range(1, revision + 1))
        released = not self.after_approval or (by_person and revision in shown)
        goes_out = delivery in ("undelivered", "revised", "everyone") and released
        self.see_previews(delivery, seen, revision, released=released)
        new = self.arrived[len(had) :]
        assert goes_out or not new
        assert all(subject == f"r{revision}" for _, subject, _ in new)
        for recipient, _, message_id in new:
            self.check_allowed(delivery, revision, newest.get(recipient), message_id)
            assert delivery != "undelivered" or recipient not in {who for who, _, _ in had}
        if goes_out:
            self.check_told(ended)

    def see_previews(self, delivery: str, seen: int, revision: int, *, released: bool) -> None:
        held = delivery not in ("preview", "nobody") and not released
        assert [subject for _, subject, _ in self.previews[seen:]] == [f"PREVIEW: r{revision}"] * (
            held or delivery == "preview"
        )
        if len(self.previews) > seen:
            self.shown.add(revision)

    def check_allowed(self, delivery: str, revision: int, before: Entry | None, message_id: str) -> None:
        """What arrives in a run was owed: the rule of who gets what, told once more from the outside."""
        if before is None:
            return
        assert before.state is not UNCONFIRMED
        if before.state is SENT:
            assert message_id != before.message_id
            assert delivery == "everyone" or (delivery == "revised" and before.revision < revision)
        if before.state is DeliveryState.CLAIMED:
            assert before.handed_over_at is None
            assert before.is_dead(self.now)

    def check_told(self, ended: Outcome | None) -> None:
        """A run that ends well has seen everybody have the month, or another run at it."""
        states = {entry.recipient: entry.state for entry in self.ledger.deliveries("acme")}
        if ended is not None and ended.status is Status.DELIVERED:
            assert states == dict.fromkeys(RECIPIENTS, SENT)
        assert ended is None or ended.status in (Status.DELIVERED, Status.UNDER_WAY)

    @rule()
    def change_outcome(self) -> None:
        self.outcome += 1

    @rule(minutes=st.sampled_from([1, 20]))
    def wait(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @precondition(lambda self: self.sealed)
    @rule(recipient=st.sampled_from(RECIPIENTS))
    def settle(self, recipient: str) -> None:
        """Ask the recipient, who tells the truth."""
        entry = {entry.recipient: entry for entry in self.ledger.deliveries("acme")}.get(recipient)
        if entry is not None and (entry.state is UNCONFIRMED or entry.is_dead(self.now)):
            has_it = entry.message_id in {message_id for _, _, message_id in self.arrived}
            self.ledger.settle_by_hand(("acme", "2026-10", "email", recipient), SENT if has_it else FAILED)

    def teardown(self) -> None:
        if not hasattr(self, "patch"):
            return
        try:
            self.now += 2 * LEASE
            for _ in range(2):
                # Shown, so that it can be released; then whoever is unknown is asked.
                for delivery in ("preview", "revised"):
                    self.run(delivery, ("takes", "takes"), by_person=True, uses=NEVER)
                for recipient in RECIPIENTS:
                    self.settle(recipient)
            # Everybody who can be reached has the newest revision in the end, and each message once.
            newest = {entry.recipient: (entry.state, entry.revision) for entry in self.ledger.deliveries("acme")}
            assert newest == dict.fromkeys(RECIPIENTS, (SENT, len(self.sealed)))
            assert set(Counter(self.arrived).values()) == {1}
        finally:
            self.patch.undo()
            shutil.rmtree(self.folder)


def giving(answer: Any) -> Callable[..., Any]:
    async def give(*_: Any) -> Any:
        return answer

    return give


async def render(report: MonthlyReport, *_: object) -> dict[str, bytes]:
    head = {"subject": report.headline, "pictures": {}, "attachments": [], "link": ""}
    return {
        "report.json": report.model_dump_json().encode(),
        "email.json": json.dumps(head).encode(),
        "email.txt": b"",
        "email.html": b"",
        "slack.json": b"{}",
    }


TestRuns = Runs.TestCase
TestRuns.settings = settings(
    max_examples=6,
    stateful_step_count=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
