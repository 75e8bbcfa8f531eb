"""A folder that receives each message as files: the email, the chat payloads and the attachments."""

import asyncio
import json
import shutil
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from pathlib import Path

from tabnine_report.deliver.channels.channel import Channel, ChannelKind, Clock, Route
from tabnine_report.deliver.channels.mime import EmailHeaders, compose_email
from tabnine_report.deliver.message import Message
from tabnine_report.model.errors import DeliveryFailed
from tabnine_report.profile.addresses import parse_mailbox
from tabnine_report.profile.profile import Profile

_SENDER = parse_mailbox("Usage report <report@localhost>")
_RECIPIENT = parse_mailbox("folder@localhost")


class FolderChannel(Channel):
    """Writes each message to its own subfolder, named by the delivery's ID; a repeated message replaces it.

    Args:
        path: The parent folder; created if missing.
        clock: Returns the current instant, which is the email's date.
    """

    name = "folder"
    recipients: tuple[str, ...] = ("folder",)

    def __init__(self, path: Path, *, clock: Callable[[], datetime]) -> None:
        self._path = path
        self._clock = clock

    async def send(
        self,
        message: Message,
        recipient: str,  # noqa: ARG002 - there is only one
        message_id: str,
        on_handover: Callable[[], Awaitable[None]],
    ) -> str:
        """Write the message and return the path of its subfolder; see `Channel.send`."""
        target = self._path / message_id
        unfinished = self._path / f".{message_id}.unfinished"
        try:
            await asyncio.to_thread(self._write, message, message_id, unfinished)
            await on_handover()
            await asyncio.to_thread(_replace, target, unfinished)
        except OSError as error:
            # On a full disk, the ledger may need its space.
            await asyncio.to_thread(shutil.rmtree, unfinished, ignore_errors=True)
            raise self._not_writable(error) from error
        return str(target)

    async def probe(self) -> None:
        """Write a temporary file; see `Channel.probe`."""
        try:
            await asyncio.to_thread(_write_temporary_file, self._path)
        except OSError as error:
            raise self._not_writable(error) from error

    def _not_writable(self, error: OSError) -> DeliveryFailed:
        return DeliveryFailed(
            f"Cannot write to the folder {self._path} ({error.strerror}). Check folder.path and its permissions."
        )

    def _write(self, message: Message, message_id: str, folder: Path) -> None:
        _remove(folder)
        folder.mkdir(parents=True)
        for name, content in self._files(message, message_id).items():
            (folder / name).write_bytes(content)

    def _files(self, message: Message, message_id: str) -> Mapping[str, bytes]:
        email = compose_email(message, EmailHeaders(_SENDER, _RECIPIENT, message_id, self._clock()))
        payloads = {
            f"{channel}.json": json.dumps(payload, indent=2, ensure_ascii=False).encode()
            for channel, payload in message.payloads.items()
        }
        attachments = {attachment.name: attachment.content for attachment in message.attachments}
        return attachments | payloads | {"message.eml": email.as_bytes()}


class FolderKind(ChannelKind):
    """The folder of `[folder]`."""

    name = FolderChannel.name

    def report_routes(self, profile: Profile, clock: Clock) -> list[Route]:
        """Return the route to the folder, if the profile has one."""
        if profile.folder is None:
            return []
        return [Route(FolderChannel(profile.folder.path, clock=clock), profile.folder.edition)]


def _replace(target: Path, source: Path) -> None:
    _remove(target)
    source.rename(target)


def _remove(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)


def _write_temporary_file(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder):
        pass
