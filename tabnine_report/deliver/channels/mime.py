"""A message as a MIME email: what the email channel sends, and what the folder channel writes to a file."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage

from tabnine_report.deliver.message import Attachment, Message

# The bytes are ASCII only, so that no relay has to recode them.
_ASCII = policy.SMTP.clone(cte_type="7bit")
_INTERNATIONAL = policy.SMTPUTF8.clone(cte_type="7bit")


@dataclass(frozen=True)
class EmailHeaders:
    """The headers of one recipient's copy of a message.

    Attributes:
        sender: The From address.
        recipient: The To address.
        message_id: The part of the Message-ID before the `@`; the sender's domain follows it.
        date: When the message is sent.
        reply_to: Where replies go, if not to the sender.
    """

    sender: Address
    recipient: Address
    message_id: str
    date: datetime
    reply_to: Address | None = None

    @property
    def needs_utf8(self) -> bool:
        """Whether an address has characters that require a relay with SMTPUTF8."""
        return not all(a.addr_spec.isascii() for a in (self.sender, self.recipient, self.reply_to) if a is not None)


def compose_email(message: Message, headers: EmailHeaders) -> EmailMessage:
    """Return an email: mixed(alternative(text, related(html, pictures)), attachments).

    The same message with the same headers has the same bytes.
    """
    email = EmailMessage(policy=_INTERNATIONAL if headers.needs_utf8 else _ASCII)
    email["From"] = headers.sender
    email["To"] = headers.recipient
    if headers.reply_to is not None:
        email["Reply-To"] = headers.reply_to
    # Always one line: a header with a line break could inject another header.
    email["Subject"] = " ".join(message.subject.split())
    email["Date"] = headers.date
    email["Message-ID"] = f"<{headers.message_id}@{headers.sender.domain}>"
    email["Auto-Submitted"] = "auto-generated"
    email.set_content(message.text)
    if message.html:
        _add_html(email, message.html, message.pictures)
    for attachment in message.attachments:
        _attach(email, attachment)
    _fix_boundaries(email, headers.message_id)
    return email


def _add_html(email: EmailMessage, html: str, pictures: Mapping[str, bytes]) -> None:
    email.add_alternative(html, subtype="html")
    *_, html_part = email.iter_parts()
    for content_id, png in pictures.items():
        html_part.add_related(
            png, "image", "png", cid=f"<{content_id}>", disposition="inline", filename=f"{content_id}.png"
        )


def _attach(email: EmailMessage, attachment: Attachment) -> None:
    maintype, _, subtype = attachment.media_type.partition("/")
    email.add_attachment(attachment.content, maintype, subtype, filename=attachment.name)


def _fix_boundaries(email: EmailMessage, message_id: str) -> None:
    """Derive the boundaries from the message ID; the library's own are random."""
    stem = hashlib.sha256(message_id.encode()).hexdigest()[:24]
    for number, part in enumerate(part for part in email.walk() if part.is_multipart()):
        part.set_boundary(f"=_{stem}_{number}")
