"""Send one message to a channel's recipients: through the ledger, or without it for previews and notices."""

import asyncio
import logging
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import TypeVar

from tabnine_report.deliver.channels.channel import Channel
from tabnine_report.deliver.ledger.entry import LedgerEntry
from tabnine_report.deliver.ledger.ledger import Claim, Ledger
from tabnine_report.deliver.message import Message
from tabnine_report.deliver.receipt import DeliveryState, Receipt
from tabnine_report.deliver.send_decision import DeliveryRequest
from tabnine_report.model.errors import (
    DeliveryDeferred,
    DeliveryFailed,
    DeliveryRejected,
    DeliveryUnconfirmed,
    LedgerError,
    ReportingError,
)
from tabnine_report.text.tracebacks import log_unexpected_error

_Result = TypeVar("_Result")
_log = logging.getLogger(__name__)

CANCELED_SECONDS = 1.0
"""How long a canceled run waits for the ledger. A claim that is not settled expires."""
FIRST_PAUSE_SECONDS = 60.0
"""The pause before a message that was not accepted is sent again; each further pause is twice as long."""


async def deliver(channel: Channel, message: Message, request: DeliveryRequest, ledger: Ledger) -> list[Receipt]:
    """Send a report's message to every recipient of a channel that the request selects.

    A failure for one recipient does not affect the others. A message that is not accepted at the moment is sent again,
    with growing pauses, as long as the channel's patience lasts.

    Args:
        channel: The channel.
        message: The message.
        request: Which revision of which month is to be delivered, and to whom.
        ledger: The record of all deliveries. If it cannot be used, nothing more is sent.

    Returns:
        One receipt for each recipient, in the channel's order.
    """
    delivery = _Delivery(channel, message, request, ledger)
    await _send_to_all(channel, delivery.deliver, channel.patience_seconds)
    return [delivery.receipts[recipient] for recipient in channel.recipients]


async def send_without_ledger(  # noqa: PLR0913 - all but two are passed by name
    channel: Channel,
    message: Message,
    *,
    message_id: str,
    revision: int,
    clock: Callable[[], datetime],
    patience_seconds: float = 0.0,
) -> list[Receipt]:
    """Send a preview, a notice or a test message to every recipient of a channel; the ledger does not record it.

    Args:
        channel: The channel.
        message: The message.
        message_id: The ID that the message carries.
        revision: The revision of the report that the message is about.
        clock: Returns the current instant.
        patience_seconds: For how long a message that is not accepted at the moment is sent again.

    Returns:
        One receipt for each recipient, in the channel's order; a failure is a receipt too.
    """
    receipts: dict[str, Receipt] = {}

    async def send(recipient: str) -> bool:
        attempt = _Attempt(_record_nothing)
        is_deferred = False
        try:
            detail = await channel.send(message, recipient, message_id, attempt.hand_over)
        except Exception as error:  # noqa: BLE001 - an error must not stop the delivery to the next recipient
            state, detail = attempt.result_of(error)
            is_deferred = isinstance(error, DeliveryDeferred)
        else:
            state = DeliveryState.SENT
        receipts[recipient] = Receipt(channel.name, recipient, state, detail, clock(), revision)
        return is_deferred

    await _send_to_all(channel, send, patience_seconds)
    return [receipts[recipient] for recipient in channel.recipients]


async def _send_to_all(channel: Channel, send: Callable[[str], Awaitable[bool]], patience_seconds: float) -> None:
    """Send to each recipient of a channel, and again to those whose message was not accepted, with growing pauses.

    Args:
        channel: The channel.
        send: Sends to one recipient, and returns whether the message may be accepted later.
        patience_seconds: When to give up.
    """
    ends_at = _now() + patience_seconds
    pause = FIRST_PAUSE_SECONDS
    recipients: Sequence[str] = channel.recipients
    while True:
        deferred = await _send_to_each(channel, recipients, send)
        remaining = ends_at - _now()
        if not deferred or remaining <= 0:
            return
        _log.warning("%s does not accept %d messages yet; sending them again", channel.name, len(deferred))
        await asyncio.sleep(min(pause, remaining))
        recipients = deferred
        pause *= 2


async def _send_to_each(
    channel: Channel, recipients: Iterable[str], send: Callable[[str], Awaitable[bool]]
) -> list[str]:
    """Send to recipients, to as many at once as the channel allows; return those who may accept the message later."""
    waiting = deque(recipients)
    running: dict[asyncio.Future[bool], str] = {}
    deferred = []
    try:
        while waiting or running:
            while waiting and len(running) < channel.parallel:
                recipient = waiting.popleft()
                running[asyncio.ensure_future(send(recipient))] = recipient
            done, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                recipient = running.pop(task)
                if task.result():
                    deferred.append(recipient)
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await channel.close()
    return deferred


class _Delivery:
    """Delivers one message, recipient by recipient.

    Attributes:
        receipts: The latest receipt of each recipient.
    """

    def __init__(self, channel: Channel, message: Message, request: DeliveryRequest, ledger: Ledger) -> None:
        self._channel = channel
        self._message = message
        self._request = request
        self._ledger = ledger
        self._ledger_error: LedgerError | None = None
        self._attempts: Counter[str] = Counter()
        self._is_deferred: set[str] = set()
        self.receipts: dict[str, Receipt] = {}

    async def deliver(self, recipient: str) -> bool:
        """Claim the delivery to a recipient, send the message, and record the result.

        Returns:
            Whether the message was not accepted, and may be accepted later.
        """
        self._is_deferred.discard(recipient)
        self.receipts[recipient] = await self._receipt(recipient)
        return recipient in self._is_deferred

    async def _receipt(self, recipient: str) -> Receipt:
        if self._ledger_error is not None:
            # Each further recipient would wait for the ledger just as long.
            return self._unrecorded_receipt(recipient, DeliveryState.FAILED, str(self._ledger_error))
        try:
            claim = await self._claim(recipient)
        except LedgerError as error:
            self._ledger_error = error
            return self._unrecorded_receipt(recipient, DeliveryState.FAILED, str(error))
        if isinstance(claim, Claim):
            return await self._send(recipient, claim)
        return receipt_of(claim, earlier=True)

    async def _claim(self, recipient: str) -> Claim | LedgerEntry:
        """Claim a delivery in a thread; if the run is canceled meanwhile, free the claim again."""
        ledger = self._ledger
        claiming = asyncio.ensure_future(asyncio.to_thread(ledger.claim, self._request, self._channel.name, recipient))
        try:
            return await asyncio.shield(claiming)
        except asyncio.CancelledError:
            with suppress(LedgerError, TimeoutError):
                async with asyncio.timeout(CANCELED_SECONDS):
                    claim = await claiming
                    if isinstance(claim, Claim):
                        canceled = "The run was canceled. The message was not sent."
                        await asyncio.to_thread(ledger.settle, claim, DeliveryState.FAILED, canceled)
            raise

    async def _send(self, recipient: str, claim: Claim) -> Receipt:
        ledger = self._ledger
        attempt = _Attempt(lambda: _in_thread(ledger.hand_over, claim))
        try:
            response = await self._channel.send(self._message, recipient, claim.message_id, attempt.hand_over)
            result = DeliveryState.SENT, response
        except Exception as error:  # noqa: BLE001 - an error must not stop the delivery to the next recipient
            result = attempt.result_of(error)
            if isinstance(error, DeliveryDeferred):
                self._is_deferred.add(recipient)
        except asyncio.CancelledError as error:
            with suppress(LedgerError, TimeoutError):
                async with asyncio.timeout(CANCELED_SECONDS):
                    await _in_thread(ledger.settle, claim, *attempt.result_of(error))
            raise
        except BaseException as error:
            # The process is stopping, and its event loop may no longer run a thread.
            with suppress(LedgerError):
                ledger.settle(claim, *attempt.result_of(error))
            raise
        self._attempts[recipient] += 1
        if recipient in self._is_deferred and (number := self._attempts[recipient]) > 1:
            result = result[0], f"{result[1].rstrip('.')}. The run tried {number} times."
        try:
            entry = await _in_thread(ledger.settle, claim, *result)
        except LedgerError as error:
            state, detail = result
            if state is DeliveryState.SENT:
                # The ledger only knows that the handover began, so a person has to settle the delivery.
                state, detail = (
                    DeliveryState.UNCONFIRMED,
                    f"The message was sent ({detail}), but this could not be recorded. {error}",
                )
            return self._unrecorded_receipt(recipient, state, detail)
        return receipt_of(entry, earlier=entry.attempt != claim.attempt)

    def _unrecorded_receipt(self, recipient: str, state: DeliveryState, detail: str) -> Receipt:
        """Return the receipt of a delivery that the ledger could not record."""
        at, revision = self._ledger.now(), self._request.revision
        return Receipt(self._channel.name, recipient, state, detail, at, revision)


async def _in_thread(call: Callable[..., _Result], *arguments: object) -> _Result:
    """Run a ledger call in a thread, so that waiting for the database does not block the event loop.

    A cancellation takes effect only after the call, because a thread cannot be stopped, unless the ledger does not
    respond.
    """
    running = asyncio.ensure_future(asyncio.to_thread(call, *arguments))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        await asyncio.wait([running], timeout=CANCELED_SECONDS)
        raise


async def _record_nothing() -> None:
    pass


class _Attempt:
    """Tracks whether a message may have left, to decide what an unexpected error means."""

    def __init__(self, record_handover: Callable[[], Awaitable[None]]) -> None:
        self._record_handover = record_handover
        self._handed_over = False

    async def hand_over(self) -> None:
        await self._record_handover()
        self._handed_over = True

    def result_of(self, error: BaseException) -> tuple[DeliveryState, str]:
        """Return the state and the detail that an error means for the delivery."""
        match error:
            case DeliveryRejected():
                return DeliveryState.REJECTED, str(error)
            case DeliveryFailed():
                return DeliveryState.FAILED, str(error)
            case DeliveryUnconfirmed():
                return DeliveryState.UNCONFIRMED, str(error)
        if isinstance(error, Exception):
            log_unexpected_error(_log, "An unexpected error occurred while a message was sent", error)
        reason = str(error) if isinstance(error, ReportingError) else f"{type(error).__name__} ended the sending."
        if isinstance(error, asyncio.CancelledError):
            reason = "The run was stopped."
        if self._handed_over:
            return DeliveryState.UNCONFIRMED, f"{reason} The message may have arrived. Ask the recipient."
        return DeliveryState.FAILED, f"{reason} The message was not sent."


def receipt_of(entry: LedgerEntry, *, earlier: bool) -> Receipt:
    """Return a ledger entry as a receipt.

    Args:
        entry: The entry.
        earlier: Whether another run made the delivery.
    """
    detail = entry.detail
    if entry.state is DeliveryState.CLAIMED:
        detail = (
            "That run will report the result. If it does not, run the month again after "
            f"{entry.lease_expires_at:%Y-%m-%d %H:%M} UTC."
        )
    at = entry.settled_at or entry.claimed_at
    return Receipt(entry.channel, entry.recipient, entry.state, detail, at, entry.revision, earlier)


def _now() -> float:
    """Return the time of the event loop's clock."""
    return asyncio.get_running_loop().time()
