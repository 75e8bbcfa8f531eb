"""The rule that decides whether a recipient is still to receive a revision.

The rule reads the recipient's newest ledger entry and changes nothing. The ledger applies it inside the transaction
that claims the delivery.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tabnine_report.deliver.ledger.entry import LedgerEntry
from tabnine_report.deliver.receipt import DeliveryState

FIRST_SEND = 0
"""The send number of a month's regular delivery; each resend has the next number."""


class RecipientScope(StrEnum):
    """Which recipients receive the report."""

    UNDELIVERED = "undelivered"
    """Those who have not received the month, including those whose last message was rejected or failed."""
    REVISED = "revised"
    """Also those who received an earlier revision."""
    EVERYONE = "everyone"
    """All recipients, including those who already received this revision (intentional resend)."""


@dataclass(frozen=True)
class DeliveryRequest:
    """What one run is to deliver.

    Attributes:
        organization: The profile's name.
        month: The reported month, `YYYY-MM`.
        revision: The revision of the report.
        scope: Which recipients receive it.
        requested_at: The scheduled time of the run, UTC. A delivery that another run claimed after this instant is not
            repeated, so that two simultaneous runs for everyone send one message.
    """

    organization: str
    month: str
    revision: int
    scope: RecipientScope
    requested_at: datetime


def next_send_number(request: DeliveryRequest, newest: LedgerEntry | None, now: datetime) -> int | None:
    """Return the send number of the message that a recipient is to receive, or None if nothing is to be sent.

    Args:
        request: What the run is to deliver.
        newest: The recipient's entry with the highest send number; None if there is none. An expired claim with a
            handover must have been settled as unconfirmed before.
        now: The current instant, UTC.
    """
    if newest is None:
        return FIRST_SEND
    match newest.state:
        case DeliveryState.REJECTED | DeliveryState.FAILED:
            return newest.send_number
        case DeliveryState.CLAIMED if newest.is_expired(now) and newest.handed_over_at is None:
            return newest.send_number
        case DeliveryState.SENT if _is_resent(request, newest):
            return newest.send_number + 1
        case _:
            return None


def _is_resent(request: DeliveryRequest, sent: LedgerEntry) -> bool:
    match request.scope:
        case RecipientScope.UNDELIVERED:
            return False
        case RecipientScope.REVISED:
            return sent.revision < request.revision
        case RecipientScope.EVERYONE:
            return sent.claimed_at < request.requested_at
