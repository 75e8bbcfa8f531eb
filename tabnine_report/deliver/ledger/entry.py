"""One row of the ledger: the delivery of one month to one recipient."""

from dataclasses import dataclass
from datetime import datetime

from tabnine_report.deliver.receipt import DeliveryState


@dataclass(frozen=True)
class LedgerEntry:
    """One row of the ledger.

    Attributes:
        id: The row's number.
        organization: The profile's name.
        month: The reported month, `YYYY-MM`.
        channel: The channel's name.
        recipient: The recipient as the channel calls them, in lower case.
        send_number: 0 for the month's regular delivery; each resend has the next number.
        revision: The revision of the report.
        state: The state of the delivery.
        message_id: The delivery's ID, the same on every attempt; it contains no address.
        claimed_at: When the delivery was last claimed, UTC.
        handed_over_at: When the message was about to leave, UTC; None if it never was.
        settled_at: When the result was recorded, UTC; None if it was not.
        detail: The other side's response, or the reason for a failure; empty until settled.
        attempt: How many times the delivery was claimed; identifies the claim.
        lease_expires_at: Until when the claim is valid, UTC; None if settled.
    """

    id: int
    organization: str
    month: str
    channel: str
    recipient: str
    send_number: int
    revision: int
    state: DeliveryState
    message_id: str
    claimed_at: datetime
    handed_over_at: datetime | None
    settled_at: datetime | None
    detail: str
    attempt: int
    lease_expires_at: datetime | None

    def is_expired(self, now: datetime) -> bool:
        """Return whether this is a claim whose lease has expired: its run died, or will be stopped before it sends."""
        return self.state is DeliveryState.CLAIMED and (self.lease_expires_at is None or self.lease_expires_at <= now)
