"""A message as an email: what the relay takes, and what a mail program opens as a file."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import parseaddr

from tabnine_report.deliver.message import Attachment, Message

# Nothing but ASCII travels, so that no relay on the way has to recode anything.
_PLAIN = policy.SMTP.clone(cte_type="7bit")
_INTERNATIONAL = policy.SMTPUTF8.clone(cte_type="7bit")


@dataclass(frozen=True)
class Head:
    """What stands above one recipient's copy of a message.

    Attributes:
        sender: The From address.
        recipient: The To address.
        message_id: The part of the Message-ID before the `@`; what follows is the sender's domain.
        date: When the message is sent.
        reply_to: Where answers go, if not to the sender.
    """

    sender: Address
    recipient: Address
    message_id: str
    date: datetime
    reply_to: Address | None = None

    @property
    def needs_utf8(self) -> bool:
        """Whether an address holds letters that only an international relay takes."""
        return not all(a.addr_spec.isascii() for a in (self.sender, self.recipient, self.reply_to) if a is not None)


def mailbox(text: str) -> Address:
    """Read an address with or without a display name; a domain in another script is written as DNS knows it."""
    name, address = parseaddr(text)
    local, _, domain = address.rpartition("@")
    return Address(name, local, domain if domain.isascii() else domain.encode("idna").decode("ascii"))


def compose(message: Message, head: Head) -> EmailMessage:
    """Put an email together: mixed(alternative(text, related(html, pictures)), attachments).

    The same message under the same head gives the same bytes.
    """
    email = EmailMessage(policy=_INTERNATIONAL if head.needs_utf8 else _PLAIN)
    email["From"] = head.sender
    email["To"] = head.recipient
    if head.reply_to is not None:
        email["Reply-To"] = head.reply_to
    # One line whatever it holds: a header that spans lines could carry another header.
    email["Subject"] = " ".join(message.subject.split())
    email["Date"] = head.date
    email["Message-ID"] = f"<{head.message_id}@{head.sender.domain}>"
    email["Auto-Submitted"] = "auto-generated"
    email.set_content(message.text)
    if message.html:
        _add_html(email, message.html, message.pictures)
    for attachment in message.attachments:
        _attach(email, attachment)
    _fix_boundaries(email, head.message_id)
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
    """Name the boundaries after the message: the library's own would be random."""
    stem = hashlib.sha256(message_id.encode()).hexdigest()[:24]
    for number, part in enumerate(part for part in email.walk() if part.is_multipart()):
        part.set_boundary(f"=_{stem}_{number}")
