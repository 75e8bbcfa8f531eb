"""The result of one delivery to one recipient."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class DeliveryState(StrEnum):
    """The state of one delivery. A sent or unconfirmed delivery is never repeated automatically."""

    CLAIMED = "claimed"
    """A run is sending it, or ended without recording a result."""
    SENT = "sent"
    """The other side accepted it."""
    REJECTED = "rejected"
    """The other side rejected it."""
    FAILED = "failed"
    """It was not sent."""
    UNCONFIRMED = "unconfirmed"
    """It may have arrived; only the recipient can confirm that."""


@dataclass(frozen=True)
class Receipt:
    """The result of one delivery to one recipient.

    Attributes:
        channel: The channel's name.
        recipient: The address, or a fixed word where the address is a secret.
        state: The state of the delivery.
        detail: The other side's response, or the reason for a failure.
        at: When the delivery was settled, UTC; when it was claimed, if it is not settled.
        revision: The revision of the report.
        earlier: Whether an earlier run, or another run, made this delivery; this run then sent nothing.
    """

    channel: str
    recipient: str
    state: DeliveryState
    detail: str
    at: datetime
    revision: int
    earlier: bool = False
