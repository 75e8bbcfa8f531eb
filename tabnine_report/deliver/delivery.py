"""Delivering one message to a channel's recipients: through the ledger, or uncounted for previews and notices."""

import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from tabnine_report.deliver.ledger.ledger import Claim, Ledger
from tabnine_report.deliver.message import Channel, DeliveryState, Message, Receipt
from tabnine_report.deliver.recipients import Entry, Order
from tabnine_report.model.errors import (
    DeliveryFailed,
    DeliveryRejected,
    DeliveryUnconfirmed,
    LedgerError,
    ReportingError,
)

_log = logging.getLogger(__name__)


async def deliver(channel: Channel, message: Message, order: Order, ledger: Ledger) -> list[Receipt]:
    """Bring a report's message to everybody on a channel who is owed it.

    One recipient's failure does not keep the message from the next.

    Args:
        channel: The way to people.
        message: What to send.
        order: Which revision of which month is to go to whom.
        ledger: Who had what. Once it cannot be used nothing more is sent, and the receipts say so.

    Returns:
        A receipt a recipient, in the channel's order; `earlier` where the ledger had an answer already.
    """
    receipts: list[Receipt] = []
    for recipient in channel.recipients:
        try:
            claim = ledger.claim(order, channel.name, recipient)
        except LedgerError as error:
            # The others would wait for the ledger as long, one after another.
            left = channel.recipients[len(receipts) :]
            return receipts + [_unnoted(order, channel, one, DeliveryState.FAILED, str(error)) for one in left]
        if isinstance(claim, Claim):
            receipts.append(await _deliver_claimed(channel, message, recipient, claim, order, ledger))
        else:
            receipts.append(_receipt(claim, earlier=True))
    return receipts


async def send_uncounted(
    channel: Channel, message: Message, *, message_id: str, revision: int, clock: Callable[[], datetime]
) -> list[Receipt]:
    """Send a message to everybody on a channel without the ledger: a preview or a notice.

    Args:
        channel: The way to people.
        message: What to send.
        message_id: The id that the message carries.
        revision: Which revision of the report it is about.
        clock: Gives the receipts' instants.

    Returns:
        A receipt a recipient, in the channel's order; failures are receipts too.
    """
    receipts = []
    for recipient in channel.recipients:
        attempt = _Attempt()
        try:
            detail = await channel.send(message, recipient, message_id, attempt.hand_over)
        except Exception as error:  # noqa: BLE001 - the next recipient is served whatever went wrong
            state, detail = attempt.outcome(error)
        else:
            state = DeliveryState.SENT
        receipts.append(Receipt(channel.name, recipient, state, detail, clock(), revision))
    return receipts


async def _deliver_claimed(  # noqa: PLR0913, PLR0917 - what `deliver` has, and the claim
    channel: Channel, message: Message, recipient: str, claim: Claim, order: Order, ledger: Ledger
) -> Receipt:
    attempt = _Attempt(lambda: ledger.hand_over(claim))
    try:
        came_of_it = DeliveryState.SENT, await channel.send(message, recipient, claim.message_id, attempt.hand_over)
    except Exception as error:  # noqa: BLE001 - the next recipient is served whatever went wrong
        came_of_it = attempt.outcome(error)
    except BaseException as error:  # canceled, or the process is told to stop
        with suppress(LedgerError):
            ledger.settle(claim, *attempt.outcome(error))
        raise
    try:
        entry = ledger.settle(claim, *came_of_it)
    except LedgerError as error:
        state, detail = came_of_it
        if state is DeliveryState.SENT:
            # All that the ledger knows is that handing over began: a person will have to tell it the rest.
            state, detail = DeliveryState.UNCONFIRMED, f"It went out ({detail}), but that could not be noted. {error}"
        return _unnoted(order, channel, recipient, state, detail)
    return _receipt(entry, earlier=entry.attempt != claim.attempt)


class _Attempt:
    """Remembers whether one message may have left, for when something unforeseen ends its sending."""

    def __init__(self, note: Callable[[], object] = lambda: None) -> None:
        self._note = note
        self._handed_over = False

    def hand_over(self) -> None:
        self._note()
        self._handed_over = True

    def outcome(self, error: BaseException) -> tuple[DeliveryState, str]:
        """Give what an error means for the delivery."""
        match error:
            case DeliveryRejected():
                return DeliveryState.REJECTED, str(error)
            case DeliveryFailed():
                return DeliveryState.FAILED, str(error)
            case DeliveryUnconfirmed():
                return DeliveryState.UNCONFIRMED, str(error)
        if isinstance(error, Exception):
            _log.error("A message could not be sent for a reason that nobody foresaw.", exc_info=error)
        what = (
            str(error).rstrip(".")
            if isinstance(error, ReportingError)
            else f"The sending was ended by {type(error).__name__}"
        )
        if self._handed_over:
            return DeliveryState.UNCONFIRMED, f"{what}; the message may have arrived: ask the recipient."
        return DeliveryState.FAILED, f"{what}; nothing was sent."


def _unnoted(order: Order, channel: Channel, recipient: str, state: DeliveryState, detail: str) -> Receipt:
    """Give the receipt of what the ledger could not be told."""
    return Receipt(channel.name, recipient, state, detail, order.given_at, order.revision)


def _receipt(entry: Entry, *, earlier: bool = False) -> Receipt:
    detail = entry.detail
    if entry.state is DeliveryState.CLAIMED:
        detail = (
            "That run will say what came of it; if it does not, run the month again after "
            f"{entry.lease_until:%Y-%m-%d %H:%M} UTC."
        )
    at = entry.settled_at or entry.claimed_at
    return Receipt(entry.channel, entry.recipient, entry.state, detail, at, entry.revision, earlier)
