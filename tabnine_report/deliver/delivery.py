"""Send one message to a channel's recipients: through the ledger, or without it for previews and notices."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
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
    DeliveryFailed,
    DeliveryRejected,
    DeliveryUnconfirmed,
    LedgerError,
    ReportingError,
)
from tabnine_report.text.tracebacks import log_unexpected_error

_Result = TypeVar("_Result")
_log = logging.getLogger(__name__)


async def deliver(channel: Channel, message: Message, request: DeliveryRequest, ledger: Ledger) -> list[Receipt]:
    """Send a report's message to every recipient of a channel who is still to receive it.

    A failure for one recipient does not affect the others.

    Args:
        channel: The channel.
        message: The message.
        request: Which revision of which month is to be delivered, and to whom.
        ledger: The record of all deliveries. If it cannot be used, nothing more is sent.

    Returns:
        One receipt for each recipient, in the channel's order.
    """
    receipts: list[Receipt] = []
    for recipient in channel.recipients:
        try:
            claim = await _claim(ledger, request, channel.name, recipient)
        except LedgerError as error:
            # Stop here: each of the others would wait for the ledger just as long.
            remaining = channel.recipients[len(receipts) :]
            return receipts + [
                _unrecorded_receipt(request, channel, other, DeliveryState.FAILED, str(error)) for other in remaining
            ]
        if isinstance(claim, Claim):
            receipts.append(await _deliver_claimed(channel, message, recipient, claim, request, ledger))
        else:
            receipts.append(_receipt(claim, earlier=True))
    return receipts


async def send_without_ledger(
    channel: Channel, message: Message, *, message_id: str, revision: int, clock: Callable[[], datetime]
) -> list[Receipt]:
    """Send a preview, a notice or a test message to every recipient of a channel; the ledger does not record it.

    Args:
        channel: The channel.
        message: The message.
        message_id: The ID that the message carries.
        revision: The revision of the report that the message is about.
        clock: Returns the current instant.

    Returns:
        One receipt for each recipient, in the channel's order; a failure is a receipt too.
    """
    receipts = []
    for recipient in channel.recipients:
        attempt = _Attempt(_record_nothing)
        try:
            detail = await channel.send(message, recipient, message_id, attempt.hand_over)
        except Exception as error:  # noqa: BLE001 - the next recipient gets the message whatever went wrong
            state, detail = attempt.result_of(error)
        else:
            state = DeliveryState.SENT
        receipts.append(Receipt(channel.name, recipient, state, detail, clock(), revision))
    return receipts


async def _claim(ledger: Ledger, request: DeliveryRequest, channel: str, recipient: str) -> Claim | LedgerEntry:
    """Claim a delivery in a thread; if the run is canceled meanwhile, free the claim again."""
    claiming = asyncio.ensure_future(asyncio.to_thread(ledger.claim, request, channel, recipient))
    try:
        return await asyncio.shield(claiming)
    except asyncio.CancelledError:
        with suppress(LedgerError):
            claim = await claiming
            if isinstance(claim, Claim):
                canceled = "The run was canceled. The message was not sent."
                await asyncio.to_thread(ledger.settle, claim, DeliveryState.FAILED, canceled)
        raise


async def _deliver_claimed(  # noqa: PLR0913, PLR0917 - the parameters of `deliver`, and the claim
    channel: Channel, message: Message, recipient: str, claim: Claim, request: DeliveryRequest, ledger: Ledger
) -> Receipt:
    attempt = _Attempt(lambda: _in_thread(ledger.hand_over, claim))
    try:
        result = DeliveryState.SENT, await channel.send(message, recipient, claim.message_id, attempt.hand_over)
    except Exception as error:  # noqa: BLE001 - the next recipient gets the message whatever went wrong
        result = attempt.result_of(error)
    except asyncio.CancelledError as error:
        with suppress(LedgerError):
            await _in_thread(ledger.settle, claim, *attempt.result_of(error))
        raise
    except BaseException as error:
        # The process is stopping, and its event loop may not run a thread any more.
        with suppress(LedgerError):
            ledger.settle(claim, *attempt.result_of(error))
        raise
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
        return _unrecorded_receipt(request, channel, recipient, state, detail)
    return _receipt(entry, earlier=entry.attempt != claim.attempt)


async def _in_thread(call: Callable[..., _Result], *arguments: object) -> _Result:
    """Run a ledger call in a thread, so that waiting for the database does not block the event loop.

    A cancellation takes effect only after the call: a thread cannot be stopped, and two calls must not overtake each
    other.
    """
    running = asyncio.ensure_future(asyncio.to_thread(call, *arguments))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        await asyncio.wait([running])
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
        if self._handed_over:
            return DeliveryState.UNCONFIRMED, f"{reason} The message may have arrived. Ask the recipient."
        return DeliveryState.FAILED, f"{reason} The message was not sent."


def _unrecorded_receipt(
    request: DeliveryRequest, channel: Channel, recipient: str, state: DeliveryState, detail: str
) -> Receipt:
    """Return the receipt of a delivery that the ledger could not record."""
    return Receipt(channel.name, recipient, state, detail, request.requested_at, request.revision)


def _receipt(entry: LedgerEntry, *, earlier: bool = False) -> Receipt:
    detail = entry.detail
    if entry.state is DeliveryState.CLAIMED:
        detail = (
            "That run will report the result. If it does not, run the month again after "
            f"{entry.lease_expires_at:%Y-%m-%d %H:%M} UTC."
        )
    at = entry.settled_at or entry.claimed_at
    return Receipt(entry.channel, entry.recipient, entry.state, detail, at, entry.revision, earlier)
