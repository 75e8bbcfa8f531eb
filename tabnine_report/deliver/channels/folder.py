"""A folder that receives each message as files: an email to open, Slack's payload, the attachments."""

import json
import shutil
import tempfile
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from tabnine_report.deliver.channels.mime import Head, compose, mailbox
from tabnine_report.deliver.message import Message
from tabnine_report.model.errors import DeliveryFailed

_SENDER = mailbox("Usage report <report@localhost>")
_RECIPIENT = mailbox("folder@localhost")


class FolderChannel:
    """Writes each message into a folder of its own, named by the delivery: repeated, it is replaced.

    Args:
        path: Where these folders stand; made when missing.
        clock: Gives the Date of the email.
    """

    name = "folder"
    recipients: tuple[str, ...] = ("folder",)

    def __init__(self, path: Path, *, clock: Callable[[], datetime]) -> None:
        self._path = path
        self._clock = clock

    async def send(self, message: Message, recipient: str, message_id: str, handing_over: Callable[[], None]) -> str:  # noqa: ARG002 - there is only one
        """Write the message and give the path of its folder; see `Channel.send`."""
        target = self._path / message_id
        unfinished = self._path / f".{message_id}.unfinished"
        files = self._files(message, message_id)
        try:
            _remove(unfinished)
            unfinished.mkdir(parents=True)
            for name, content in files.items():
                (unfinished / name).write_bytes(content)
            handing_over()
            _remove(target)
            unfinished.rename(target)
        except OSError as error:
            raise self._unwritable(error) from error
        return str(target)

    async def probe(self) -> None:
        """Write a file and remove it; see `Channel.probe`."""
        try:
            self._path.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self._path):
                pass
        except OSError as error:
            raise self._unwritable(error) from error

    def _unwritable(self, error: OSError) -> DeliveryFailed:
        return DeliveryFailed(
            f"The folder {self._path} could not be written to ({error.strerror}); check folder.path and its rights."
        )

    def _files(self, message: Message, message_id: str) -> Mapping[str, bytes]:
        email = compose(message, Head(_SENDER, _RECIPIENT, message_id, self._clock()))
        slack = json.dumps(message.slack, indent=2, ensure_ascii=False)
        attachments = {attachment.name: attachment.content for attachment in message.attachments}
        return attachments | {"message.eml": email.as_bytes(), "slack.json": slack.encode()}


def _remove(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)
