"""Any sequence of runs, changed months, failing channels, a failing ledger, waits and settled deliveries is safe.

The flow, the archive and the ledger are real; fetching, building and rendering are replaced.
"""

import asyncio
import json
import shutil
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, get_args

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from sample_report import sample_report
from sealing import SNAPSHOT

from flows import monthly_report
from flows.monthly_report import Delivery
from tabnine_report.archive import Archive
from tabnine_report.deliver.channels.channel import Channel, Route
from tabnine_report.deliver.ledger.entry import LedgerEntry
from tabnine_report.deliver.ledger.ledger import LEASE, Claim, Ledger
from tabnine_report.deliver.message import Message
from tabnine_report.deliver.receipt import DeliveryState
from tabnine_report.deliver.send_decision import DeliveryRequest
from tabnine_report.model.answers import Note
from tabnine_report.model.errors import (
    DeliveryFailed,
    DeliveryRejected,
    DeliveryUnconfirmed,
    LedgerError,
    SettingsError,
)
from tabnine_report.model.month import Month
from tabnine_report.model.report import MonthlyReport
from tabnine_report.runs import clock
from tabnine_report.runs.result import DeliveryIncomplete, RunResult
from tabnine_report.runs.status import RunStatus
from tasks import Step, deliver_report, notify_admins, read_prior_reports

RECIPIENTS = ("ann@acme.example", "bob@acme.example")
SENT: Final = DeliveryState.SENT
FAILED: Final = DeliveryState.FAILED
UNCONFIRMED: Final = DeliveryState.UNCONFIRMED
NEVER = 99

# What a channel does with one recipient: the error that it raises, and whether the message arrives.
BEHAVIORS = {
    "accepts": (None, True),
    "rejects": (DeliveryRejected("no"), False),
    "fails": (DeliveryFailed("gone"), False),
    "loses the response": (DeliveryUnconfirmed("silence"), True),
    "loses the message": (DeliveryUnconfirmed("silence"), False),
}


class FakeChannel(Channel):
    """A channel that behaves as configured for each recipient, and records what arrived."""

    name = "email"

    def __init__(self, behaviors: dict[str, str], arrived: list[tuple[str, str, str]]) -> None:
        self.recipients = tuple(behaviors)
        self._behaviors = behaviors
        self._arrived = arrived

    async def send(
        self, message: Message, recipient: str, message_id: str, on_handover: Callable[[], Awaitable[None]]
    ) -> str:
        error, arrives = BEHAVIORS[self._behaviors[recipient]]
        await on_handover()
        if arrives:
            self._arrived.append((recipient, message.subject, message_id))
        if error is not None:
            raise error
        return "ok"

    async def probe(self) -> None:
        pass


class FailingLedger(Ledger):
    """A ledger that fails after a number of uses."""

    def __init__(self, url: str, clock: Callable[[], datetime], times: int) -> None:
        super().__init__(url, clock)
        self._times = times

    def claim(self, request: DeliveryRequest, channel: str, recipient: str) -> Claim | LedgerEntry:
        self._use()
        return super().claim(request, channel, recipient)

    def hand_over(self, claim: Claim) -> None:
        self._use()
        super().hand_over(claim)

    def settle(self, claim: Claim, state: DeliveryState, detail: str) -> LedgerEntry:
        self._use()
        return super().settle(claim, state, detail)

    def _use(self) -> None:
        self._times -= 1
        if self._times < 0:
            raise LedgerError("The ledger is gone.")


class Runs(RuleBasedStateMachine):
    @initialize(after_approval=st.booleans())
    def start(self, *, after_approval: bool) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="runs-"))
        self.profile = self.folder / "acme.toml"
        self.profile.write_text(
            'name = "acme"\ntime_zone = "Europe/Berlin"\n'
            '[usage_api]\nbase_url = "http://127.0.0.1:9"\ntoken = "hush"\n[archive]\nledger_durable = true\n'
            '[admins]\nslack_webhook_url = "http://127.0.0.1:9/hush"\n'
            f'[report]\nrelease = "{"after_approval" if after_approval else "automatic"}"\n',
            encoding="utf-8",
        )
        self.url = f"sqlite:///{self.folder}/reports/ledger.db"
        self.now = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)
        self.ledger = Ledger(self.url, self.clock)
        self.after_approval = after_approval
        self.content = 1
        # The content of each sealed revision, from the first; the revisions that the admins have received as a preview.
        self.sealed: list[int] = []
        self.previewed: set[int] = set()
        self.released: set[int] = set()
        # The messages to recipients and to admins: recipient, subject, message ID.
        self.arrived: list[tuple[str, str, str]] = []
        self.previews: list[tuple[str, str, str]] = []
        self.patch = pytest.MonkeyPatch()
        self.replace_slow_steps()

    def clock(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now

    def replace_slow_steps(self) -> None:
        for name, task in vars(monthly_report).copy().items():
            if isinstance(task, Step):
                self.patch.setattr(monthly_report, name, task.fn)
        self.patch.setattr(monthly_report, "publish_artifacts", returning(None))
        self.patch.setattr(monthly_report, "import_analysis", lambda: None)
        self.patch.setattr(monthly_report, "fetch_month", returning(SNAPSHOT))
        self.patch.setattr(read_prior_reports, "replace_late_as_of_responses", lambda snapshot, *_: snapshot)
        self.patch.setattr(monthly_report, "build_report", self.build)
        self.patch.setattr(monthly_report, "render_documents", render)
        self.patch.setattr(monthly_report, "scheduled_at", self.clock)
        self.patch.setattr(clock, "now", self.clock)
        admins = Route(FakeChannel({"admin@acme.example": "accepts"}, self.previews), "executive")
        self.patch.setattr(monthly_report, "preview_routes", lambda *_: [admins])
        self.patch.setattr(notify_admins, "admin_channels", lambda *_: [])

    async def build(self, _snapshot: object, _run: object, revision: int, _prior_reports: object) -> MonthlyReport:
        note = Note(text=f"Content {self.content}")
        return sample_report(revision=revision, headline=f"r{revision}", note=note)

    def run_month(self, *arguments: Any, **options: Any) -> RunResult:
        """Run the month with the flow and return its result."""
        data = self.run_flow(*arguments, **options)
        result: RunResult = data.result if isinstance(data, DeliveryIncomplete) else data
        return result

    def run_flow(self, delivery: Delivery, behaviors: dict[str, str], *, release: bool, uses: int = NEVER) -> Any:
        """Run the month with the flow and return its result or error."""
        channel = Route(FakeChannel(behaviors, self.arrived), "executive")
        self.patch.setattr(monthly_report, "report_routes", lambda *_: [channel])
        self.patch.setattr(deliver_report, "ledger_of", lambda _: FailingLedger(self.url, self.clock, uses))
        run = monthly_report.monthly_report.fn(str(self.profile), "2026-10", delivery, release=release)
        return asyncio.run(run).data

    @rule(
        delivery=st.sampled_from(get_args(monthly_report.Delivery)),
        behaviors=st.tuples(*[st.sampled_from(sorted(BEHAVIORS))] * len(RECIPIENTS)),
        release=st.booleans(),
        uses=st.sampled_from([NEVER, NEVER, *range(6)]),
    )
    def run(self, delivery: Delivery, behaviors: tuple[str, ...], *, release: bool, uses: int) -> None:
        behavior = dict(zip(RECIPIENTS, behaviors, strict=True))
        if release and delivery in ("preview", "nobody"):
            with pytest.raises(SettingsError):
                raise self.run_flow(delivery, behavior, release=release)
            return
        arrived, previews = list(self.arrived), len(self.previews)
        newest = {entry.recipient: entry for entry in self.ledger.deliveries("acme")}
        # A release uses the newest sealed revision; any other run builds the month again.
        if not (release and self.sealed) and self.sealed[-1:] != [self.content]:
            self.sealed.append(self.content)
        if release and len(self.sealed) in self.previewed:
            self.released.add(len(self.sealed))

        result = self.run_month(delivery, behavior, release=release, uses=uses)

        revision = len(self.sealed)
        assert Archive(self.folder / "reports").revisions("acme", Month(2026, 10)) == list(range(1, revision + 1))
        released = not self.after_approval or revision in self.released
        delivers = delivery in ("undelivered", "revised", "everyone") and released
        self.check_previews(delivery, previews, revision, released=released)
        new = self.arrived[len(arrived) :]
        assert delivers or not new
        assert all(subject == f"r{revision}" for _, subject, _ in new)
        for recipient, _, message_id in new:
            self.check_allowed(delivery, revision, newest.get(recipient), message_id)
            assert delivery != "undelivered" or recipient not in {name for name, _, _ in arrived}
        if delivers:
            self.check_result(result)

    def check_previews(self, delivery: str, previews: int, revision: int, *, released: bool) -> None:
        withheld = delivery not in ("preview", "nobody") and not released
        assert [subject for _, subject, _ in self.previews[previews:]] == [f"PREVIEW: r{revision}"] * (
            withheld or delivery == "preview"
        )
        if len(self.previews) > previews:
            self.previewed.add(revision)

    def check_allowed(self, delivery: str, revision: int, before: LedgerEntry | None, message_id: str) -> None:
        """Check that a message that arrived was due, with rules that are independent of the code."""
        if before is None:
            return
        assert before.state is not UNCONFIRMED
        if before.state is SENT:
            assert message_id != before.message_id
            assert delivery == "everyone" or (delivery == "revised" and before.revision < revision)
        if before.state is DeliveryState.CLAIMED:
            assert before.handed_over_at is None
            assert before.is_expired(self.now)

    def check_result(self, result: RunResult) -> None:
        """Check that a run succeeds only if all recipients have the month, or another run is delivering it."""
        states = {entry.recipient: entry.state for entry in self.ledger.deliveries("acme")}
        if result.status in (RunStatus.SENT, RunStatus.NOTHING_TO_SEND):
            assert states == dict.fromkeys(RECIPIENTS, SENT)
        else:
            assert result.status.is_failure or result.status is RunStatus.IN_PROGRESS_ELSEWHERE

    @rule()
    def change_content(self) -> None:
        self.content += 1

    @rule(minutes=st.sampled_from([1, 20]))
    def wait(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @precondition(lambda self: self.sealed)
    @rule(recipient=st.sampled_from(RECIPIENTS))
    def settle(self, recipient: str) -> None:
        """Settle a delivery with the recipient's true answer."""
        entry = {entry.recipient: entry for entry in self.ledger.deliveries("acme")}.get(recipient)
        if entry is not None and (entry.state is UNCONFIRMED or entry.is_expired(self.now)):
            received = entry.message_id in {message_id for _, _, message_id in self.arrived}
            self.ledger.settle_manually(("acme", "2026-10", "email", recipient), SENT if received else FAILED)

    def teardown(self) -> None:
        if not hasattr(self, "patch"):
            return
        try:
            self.now += 2 * LEASE
            for _ in range(2):
                # A preview allows the release; then unconfirmed deliveries are settled.
                deliveries: tuple[tuple[Delivery, bool], ...] = (("preview", False), ("revised", True))
                for delivery, release in deliveries:
                    self.run(delivery, ("accepts", "accepts"), release=release, uses=NEVER)
                for recipient in RECIPIENTS:
                    self.settle(recipient)
            # In the end all recipients have the newest revision, and each message arrived once.
            newest = {entry.recipient: (entry.state, entry.revision) for entry in self.ledger.deliveries("acme")}
            assert newest == dict.fromkeys(RECIPIENTS, (SENT, len(self.sealed)))
            assert set(Counter(self.arrived).values()) == {1}
        finally:
            self.patch.undo()
            shutil.rmtree(self.folder)


def returning(value: Any) -> Callable[..., Any]:
    async def function(*_: Any) -> Any:
        return value

    return function


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
    derandomize=True,
)
