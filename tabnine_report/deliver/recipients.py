"""What is owed to a recipient: whether a run has something to send to somebody, and under which send number.

The rule looks at the newest of the recipient's rows and changes nothing; `ledger.py` asks it inside the transaction in
which it claims.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tabnine_report.deliver.message import DeliveryState

ORDINARY = 0
"""The send number of a month's ordinary delivery; each deliberate repeat takes the next."""


class Audience(StrEnum):
    """Who is to get a month."""

    UNDELIVERED = "undelivered"
    """Those who have not had it, whose last message was refused or failed among them."""
    REVISED = "revised"
    """Those, too, who had an earlier revision."""
    EVERYONE = "everyone"
    """Those, too, who had this very revision: deliberately again."""


@dataclass(frozen=True)
class Order:
    """What one run is to bring to people.

    Attributes:
        organization: The profile's name.
        month: The reported month, `YYYY-MM`.
        revision: Which revision of the report is to go out.
        audience: Who is to get it.
        given_at: When the run set out to deliver, UTC: what was claimed later, by another run for everyone at the
            same time, is not repeated by this one.
    """

    organization: str
    month: str
    revision: int
    audience: Audience
    given_at: datetime


@dataclass(frozen=True)
class Entry:
    """One row of the ledger.

    Attributes:
        id: Its number in the ledger.
        organization: The profile's name.
        month: The reported month, `YYYY-MM`.
        channel: The channel's name.
        recipient: Who, as the channel calls them; letters in lower case.
        send: Which of the recipient's messages of the month it is; 0 is the ordinary one.
        revision: Which revision of the report it was.
        state: What is known.
        message_id: The delivery's id, the same whenever it is tried again; tells no address.
        claimed_at: When it was last claimed, UTC.
        handed_over_at: When handing over began; None when it did not.
        settled_at: When it was settled; None when it is not.
        detail: What the other side said, or why not; empty until settled.
        attempt: How often it was claimed: tells whose claim it is.
        lease_until: Until when the claim counts; None when it is settled.
    """

    id: int
    organization: str
    month: str
    channel: str
    recipient: str
    send: int
    revision: int
    state: DeliveryState
    message_id: str
    claimed_at: datetime
    handed_over_at: datetime | None
    settled_at: datetime | None
    detail: str
    attempt: int
    lease_until: datetime | None

    def is_dead(self, now: datetime) -> bool:
        """Tell whether it is a claim whose run let its time go by: it died, or it will be stopped."""
        return self.state is DeliveryState.CLAIMED and (self.lease_until is None or self.lease_until <= now)


def send_owed(order: Order, newest: Entry | None, now: datetime) -> int | None:
    """Give the send number under which a recipient is owed a message; None when nothing is to be sent.

    Args:
        order: What the run is to bring.
        newest: The recipient's row with the highest send number; None when there is none. One that was being handed
            over when its run died is to be settled as unknown before.
        now: The present instant, UTC.
    """
    if newest is None:
        return ORDINARY
    match newest.state:
        case DeliveryState.REJECTED | DeliveryState.FAILED:
            return newest.send
        case DeliveryState.CLAIMED if newest.is_dead(now) and newest.handed_over_at is None:
            return newest.send
        case DeliveryState.SENT if _is_to_be_repeated(order, newest):
            return newest.send + 1
        case _:
            return None


def _is_to_be_repeated(order: Order, sent: Entry) -> bool:
    match order.audience:
        case Audience.UNDELIVERED:
            return False
        case Audience.REVISED:
            return sent.revision < order.revision
        case Audience.EVERYONE:
            return sent.claimed_at < order.given_at
