"""One message, in every form that a channel may send."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tabnine_report.render.chat.chat_format import Payload


@dataclass(frozen=True)
class Attachment:
    """A file sent with a message.

    Attributes:
        name: The file name that the recipient sees.
        media_type: The media type, such as `application/pdf`.
        content: The file's bytes.
    """

    name: str
    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class Message:
    """One message in every form that a channel may send; the same for all recipients.

    Attributes:
        subject: The subject, on one line.
        text: The plain text.
        html: The HTML body, which refers to pictures as `cid:ID`; empty for a plain-text message.
        pictures: PNG bytes by content ID.
        attachments: The files to attach, as far as the channel's size limit allows.
        link: The report's URL, a secret if it is presigned; empty when it has none.
        payloads: The payload of each chat channel, by channel name.
    """

    subject: str
    text: str = field(repr=False)
    html: str = field(default="", repr=False)
    pictures: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    attachments: tuple[Attachment, ...] = ()
    link: str = field(default="", repr=False)
    payloads: Mapping[str, Payload] = field(default_factory=dict, repr=False)
