"""The interface of all channels, which delivery uses for any of them."""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Protocol

from tabnine_report.deliver.message import Message, Payload
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


@dataclass(frozen=True)
class Picture:
    """A picture of a chat message: what it shows, in words, and its URL, which may be a secret."""

    words: str
    url: str = field(repr=False)


@dataclass(frozen=True)
class NoticeParagraph:
    """One paragraph of a notice to the admins, sanitized but not escaped.

    Attributes:
        heading: The heading above it; empty for a paragraph that continues the part of the one before.
        text: The sentence, on one line.
        location: A URL or a path that follows the text; empty for none.
        command: A command to type, on a line of its own below the text; empty for none.
        bullets: A list below the text; each item is on one line.
        picture: A picture below the text, which only chat shows; None for none.
        important: Whether the paragraph is emphasized.
    """

    heading: str = ""
    text: str = ""
    location: str = ""
    command: str = ""
    bullets: tuple[str, ...] = ()
    important: bool = False
    picture: Picture | None = None

    @property
    def is_link(self) -> bool:
        """Whether the location is a URL that a reader can open."""
        return self.location.startswith(("https://", "http://"))


@dataclass(frozen=True)
class Button:
    """A button of a chat message: its words, and the URL that it opens, which may be a secret."""

    words: str
    url: str = field(repr=False)


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


class ChatKind(ChannelKind):
    """A kind of channel whose message is a JSON payload, which the bundle keeps as `<name>.json`."""

    @abstractmethod
    def notice_payload(self, subject: str, paragraphs: tuple[NoticeParagraph, ...]) -> Payload:
        """Return the payload of a notice to the admins, escaped and within the channel's limits."""

    @abstractmethod
    def add_buttons(self, payload: Payload, buttons: Sequence[Button]) -> Payload:
        """Return a payload with further buttons after those that it has."""

    @abstractmethod
    def mark_payload(self, payload: Payload, mark: str) -> Payload:
        """Return a payload with a mark, such as PREVIEW, where the reader sees it first."""
