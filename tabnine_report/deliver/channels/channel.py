"""The interface of all channels, which delivery uses for any of them."""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Protocol

from tabnine_report.deliver.message import Message
from tabnine_report.model.edition import Edition
from tabnine_report.profile.profile import AdminContacts, Profile

Clock = Callable[[], datetime]


class Channel(Protocol):
    """A configured way to send messages. One object serves one run.

    Attributes:
        name: The name in receipts and in the ledger.
        recipients: The recipients.
        patience_seconds: For how long a message that is not accepted at the moment is sent again.
    """

    name: str
    recipients: tuple[str, ...]
    patience_seconds: float = 0.0

    @property
    def parallel(self) -> int:
        """How many messages may be sent at once; it may change after each one."""
        return 1

    async def send(
        self, message: Message, recipient: str, message_id: str, on_handover: Callable[[], Awaitable[None]]
    ) -> str:
        """Send a message to one recipient and return the other side's response.

        Args:
            message: The message.
            recipient: One of `recipients`.
            message_id: The delivery's ID, the same on every attempt.
            on_handover: Awaited right before the first byte after which the message may have arrived.

        Raises:
            DeliveryRejected: If the other side rejected the message.
            DeliveryDeferred: If it may accept the message later.
            DeliveryFailed: If the message was not sent.
            DeliveryUnconfirmed: If the message may have been sent.
        """
        ...

    async def probe(self) -> None:
        """Check the connection as far as possible without sending a message.

        Raises:
            DeliveryError: If a message could not be sent.
        """
        ...

    async def close(self) -> None:
        """Close what is kept open between messages; the channel can send again."""
        return


@dataclass(frozen=True)
class Route:
    """A channel, and the edition of the report that it sends."""

    channel: Channel
    edition: Edition


class ChannelKind(ABC):
    """One kind of channel, as the registry lists it.

    Attributes:
        name: The name in receipts, in the ledger and on the command line.
    """

    name: ClassVar[str]

    @abstractmethod
    def report_routes(self, profile: Profile, clock: Clock) -> list[Route]:
        """Return the routes by which a profile sends the report; empty if its table is missing."""

    def admin_channels(self, profile: Profile | AdminContacts, clock: Clock) -> list[Channel]:  # noqa: ARG002 - the default
        """Return the channels that reach the admins; empty unless `[admins]` names some."""
        return []
