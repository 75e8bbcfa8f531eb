"""What is handed to a channel, and what comes back."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol, Self

from tabnine_report.model.edition import Edition, document_of


@dataclass(frozen=True)
class Attachment:
    """A file that goes with a message.

    Attributes:
        name: The file name that the recipient sees.
        media_type: As `application/pdf`.
        content: Its bytes.
    """

    name: str
    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class Message:
    """One message in every form that a channel may want; the same for all recipients.

    Attributes:
        subject: One line.
        text: The plain text.
        html: The email's HTML; its pictures are named by `cid:`. Empty for a message without.
        pictures: PNG bytes by content id.
        attachments: Files, sent up to the channel's size.
        link: Where the report can be read; empty when nowhere.
        slack: The payload for a Slack webhook: `text` and `blocks`.
    """

    subject: str
    text: str
    html: str = ""
    pictures: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    attachments: tuple[Attachment, ...] = ()
    link: str = ""
    slack: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, documents: Mapping[str, bytes], edition: Edition = "executive") -> Self:
        """Put an edition's message together from a bundle's documents, by their path in it.

        `email.json` names the subject, the pictures by content id, the attachments by document, and the link;
        `email.html`, `email.txt` and `slack.json` are what their names say.

        Raises:
            KeyError: If the documents lack one of these.
        """
        head = json.loads(documents[document_of(edition, "email.json")])
        return cls(
            subject=head["subject"],
            text=documents[document_of(edition, "email.txt")].decode(),
            html=documents[document_of(edition, "email.html")].decode(),
            pictures={content_id: documents[path] for content_id, path in head["pictures"].items()},
            attachments=tuple(
                Attachment(file["name"], file["media_type"], documents[file["document"]])
                for file in head["attachments"]
            ),
            link=head["link"],
            slack=json.loads(documents[document_of(edition, "slack.json")]),
        )


class Channel(Protocol):
    """A way to people. One object serves one delivery; recipients are few."""

    name: str
    recipients: tuple[str, ...]

    async def send(self, message: Message, recipient: str, message_id: str, handing_over: Callable[[], None]) -> str:
        """Hand one message to one recipient and give what the other side said.

        Args:
            message: What to send.
            recipient: One of `recipients`.
            message_id: The id of this delivery, the same whenever it is tried again.
            handing_over: Called right before the first byte after which the message may have arrived.

        Raises:
            DeliveryRejected: If the other side said no.
            DeliveryFailed: If the message surely did not go out.
            DeliveryUnconfirmed: If it may have.
        """
        ...

    async def probe(self) -> None:
        """Try as much of the way as can be tried without sending anything.

        Raises:
            DeliveryError: If a message could not be sent either.
        """
        ...


class DeliveryState(StrEnum):
    """What is known of one delivery; sent and unknown are never tried again by themselves."""

    CLAIMED = "claimed"
    SENT = "sent"
    REJECTED = "rejected"
    FAILED = "failed"
    UNCONFIRMED = "unconfirmed"


@dataclass(frozen=True)
class Receipt:
    """What came of one delivery to one recipient.

    Attributes:
        channel: The channel's name.
        recipient: The address, or a fixed word where the address is a secret.
        state: What is known.
        detail: What the other side said, or why not, in one sentence.
        at: When it was settled, UTC; when it was claimed, for one that is not settled.
        revision: Which revision of the report it was.
        earlier: Whether this tells of an earlier delivery and nothing was sent now.
    """

    channel: str
    recipient: str
    state: DeliveryState
    detail: str
    at: datetime
    revision: int
    earlier: bool = False
