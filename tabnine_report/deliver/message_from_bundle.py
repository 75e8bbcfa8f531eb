"""The message of one edition of a report, read from the bundle's documents."""

import json
from collections.abc import Mapping

from tabnine_report.deliver.message import Attachment, Message
from tabnine_report.model.edition import Edition, document_of
from tabnine_report.render.chat import CHAT_FORMATS

MESSAGE_DOCUMENTS = ("email.json", "email.html", "email.txt", *(f"{channel}.json" for channel in CHAT_FORMATS))
"""The documents of an edition that its message needs, by their names in the executive edition."""


def message_from_bundle(documents: Mapping[str, bytes], edition: Edition = "executive") -> Message:
    """Return the message of an edition.

    `email.json` names the subject, the pictures, the attachments and the link; `email.html` and `email.txt` are the
    bodies; each chat channel has its payload in `<channel>.json`.

    Args:
        documents: The bundle's documents by path.
        edition: The edition to send.

    Raises:
        KeyError: If a document is missing.
    """
    head = json.loads(documents[document_of(edition, "email.json")])
    return Message(
        subject=head["subject"],
        text=documents[document_of(edition, "email.txt")].decode(),
        html=documents[document_of(edition, "email.html")].decode(),
        pictures={content_id: documents[path] for content_id, path in head["pictures"].items()},
        attachments=tuple(
            Attachment(file["name"], file["media_type"], documents[file["document"]]) for file in head["attachments"]
        ),
        link=head["link"],
        payloads={channel: json.loads(documents[document_of(edition, f"{channel}.json")]) for channel in CHAT_FORMATS},
    )
