"""One run's delivery as a separate process, which sends to a local receiver and is killed at a given point."""

import asyncio
import json
import os
import signal
import urllib.request
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing.synchronize import Barrier

from tabnine_report.deliver.channels.channel import Channel
from tabnine_report.deliver.delivery import deliver
from tabnine_report.deliver.ledger.entry import LedgerEntry
from tabnine_report.deliver.ledger.ledger import Claim, Ledger
from tabnine_report.deliver.message import Message
from tabnine_report.deliver.receipt import DeliveryState
from tabnine_report.deliver.send_decision import DeliveryRequest, RecipientScope

POINTS = ("before claim", "after claim", "handover recorded", "handed over", "before settling", "after settling")


def create_ledger(ledger_url: str, begin: Barrier) -> None:
    """Create a ledger once all processes may begin."""
    ledger = Ledger(ledger_url, lambda: datetime.now(UTC))
    begin.wait()
    ledger.check()


@dataclass(frozen=True)
class Delivery:
    """What a process does; `late` is how far its clock is ahead, `dies` is one of `POINTS`."""

    ledger_url: str
    receiver: str
    recipients: tuple[str, ...]
    scope: RecipientScope = RecipientScope.UNDELIVERED
    revision: int = 1
    late: timedelta = timedelta()
    dies: str = ""

    def run(self, begin: Barrier) -> None:
        """Deliver once all processes may begin."""

        def clock() -> datetime:
            return datetime.now(UTC) + self.late

        ledger = DyingLedger(self, clock)
        begin.wait()
        request = DeliveryRequest("acme", "2026-10", self.revision, self.scope, requested_at=clock())
        asyncio.run(deliver(Post(self), Message(f"revision {self.revision}", ""), request, ledger))

    def die_at(self, point: str) -> None:
        if self.dies == point:
            os.kill(os.getpid(), signal.SIGKILL)


class DyingLedger(Ledger):
    def __init__(self, delivery: Delivery, clock: Callable[[], datetime]) -> None:
        super().__init__(delivery.ledger_url, clock)
        self._die_at = delivery.die_at

    def claim(self, request: DeliveryRequest, channel: str, recipient: str) -> Claim | LedgerEntry:
        self._die_at("before claim")
        claimed = super().claim(request, channel, recipient)
        self._die_at("after claim")
        return claimed

    def hand_over(self, claim: Claim) -> None:
        super().hand_over(claim)
        self._die_at("handover recorded")

    def settle(self, claim: Claim, state: DeliveryState, detail: str) -> LedgerEntry:
        self._die_at("before settling")
        entry = super().settle(claim, state, detail)
        self._die_at("after settling")
        return entry


class Post(Channel):
    name = "email"

    def __init__(self, delivery: Delivery) -> None:
        self.recipients = delivery.recipients
        self._delivery = delivery

    async def send(
        self, message: Message, recipient: str, message_id: str, on_handover: Callable[[], Awaitable[None]]
    ) -> str:
        await on_handover()
        await asyncio.to_thread(self._post, {"recipient": recipient, "id": message_id, "text": message.subject})
        self._delivery.die_at("handed over")
        return "ok"

    def _post(self, content: dict[str, str]) -> None:
        request = urllib.request.Request(self._delivery.receiver, json.dumps(content).encode())  # noqa: S310 - loopback
        urllib.request.urlopen(request).close()  # noqa: S310 - loopback

    async def probe(self) -> None:
        pass
