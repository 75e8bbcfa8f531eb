"""Email through an SMTP relay: one message for each recipient, and a known result for each.

The steps of the SMTP dialog are taken one by one, because a lost connection means something different at each: before
the content is sent, the message did not leave; while it is being sent, it may have.
"""

import math
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from html import escape

from aiosmtplib import SMTP, SMTPException, SMTPResponseException, SMTPServerDisconnected

from tabnine_report.deliver.channels.channel import Channel, ChannelKind, Clock, Route
from tabnine_report.deliver.channels.mime import EmailHeaders, compose_email
from tabnine_report.deliver.channels.smtp_connections import MAX_CONNECTIONS, SmtpConnections
from tabnine_report.deliver.channels.smtp_errors import ERROR, SUCCESS, SmtpErrors
from tabnine_report.deliver.message import Message
from tabnine_report.model.edition import EDITIONS
from tabnine_report.model.errors import DeliveryFailed, DeliveryUnconfirmed, SettingsError
from tabnine_report.profile.addresses import is_allowed, parse_mailbox
from tabnine_report.profile.channel_settings import EmailSettings
from tabnine_report.profile.profile import AdminContacts, Profile
from tabnine_report.profile.usage_api_settings import NetworkSettings
from tabnine_report.text.i18n import Language

STEP_TIMEOUT_SECONDS = 30.0
# A relay may scan the whole message before it responds; giving up early only makes the result unconfirmed.
CONTENT_TIMEOUT_FACTOR = 10

_MEGABYTE = 1_000_000
_LEADING_DOT = re.compile(rb"^\.", re.MULTILINE)
_START_MAIL_INPUT = 354


class EmailChannel(Channel):
    """Sends through the relay of `[email]`.

    Args:
        settings: The relay, the sender and the size limit.
        network: The certificate authorities to trust.
        recipients: Addresses, with or without display names.
        language: Writes the sentence that replaces attachments that are too large.
        clock: Returns the current instant, which is the date of each message.
        step_seconds: The time limit of each step; the response to the content may take ten times as long.
        connections: How many connections the channel may have at once.

    Raises:
        SettingsError: If the file of certificate authorities cannot be used.
    """

    name = "email"

    def __init__(  # noqa: PLR0913 - all but three are passed by name
        self,
        settings: EmailSettings,
        network: NetworkSettings,
        recipients: tuple[str, ...],
        *,
        language: Language,
        clock: Callable[[], datetime],
        step_seconds: float = STEP_TIMEOUT_SECONDS,
        connections: int = MAX_CONNECTIONS,
    ) -> None:
        self._settings = settings
        self.patience_seconds = settings.patience_minutes * 60
        self._mailboxes = {mailbox.addr_spec: mailbox for mailbox in map(parse_mailbox, recipients)}
        # Without display names: a changed name is not a new recipient.
        self.recipients = tuple(self._mailboxes)
        self._language = language
        self._clock = clock
        self._step_seconds = step_seconds
        self._errors = SmtpErrors(settings)
        self._connections = SmtpConnections(settings, network, step_seconds, connections)

    @property
    def parallel(self) -> int:
        """How many messages may be sent at once; see `Channel.parallel`."""
        return self._connections.parallel

    async def send(
        self, message: Message, recipient: str, message_id: str, on_handover: Callable[[], Awaitable[None]]
    ) -> str:
        """Send one recipient's copy; see `Channel.send`."""
        sender = parse_mailbox(self._settings.sender)
        reply_to = parse_mailbox(self._settings.reply_to) if self._settings.reply_to else None
        headers = EmailHeaders(sender, self._mailboxes[recipient], message_id, self._clock(), reply_to)
        content = b""

        async def begin(relay: SMTP) -> None:
            nonlocal content
            content = self._content(message, headers, _size_limit(relay))
            await self._send_sender(relay, headers, len(content))

        async with self._connections.conversation(begin) as relay:
            await self._send_recipient(relay, headers)
            return await self._send_content(relay, content, on_handover)

    async def probe(self) -> None:
        """Connect, encrypt and log in; see `Channel.probe`."""
        await self._connections.probe()

    async def close(self) -> None:
        """Close the connections; see `Channel.close`."""
        await self._connections.close()

    def _content(self, message: Message, headers: EmailHeaders, server_limit: int | None) -> bytes:
        """Return the email, without its attachments if it would be too large for the settings or for the server.

        Raises:
            DeliveryFailed: If the server does not accept it even so.
        """
        if not self._settings.attach:
            message = replace(message, attachments=())
        limit = min(self._settings.attachment_limit_mb * _MEGABYTE, server_limit or math.inf)
        content = compose_email(message, headers).as_bytes()
        if message.attachments and len(content) > limit:
            content = compose_email(self._without_attachments(message, limit), headers).as_bytes()
        if server_limit and len(content) > server_limit:
            # Not rounded: both may be tiny, or nearly equal.
            raise DeliveryFailed(
                f"{self._errors.server} accepts only messages up to SIZE {server_limit}, and this one has "
                f"{len(content)} bytes. Nothing was sent. Ask its operator to accept larger messages."
            )
        return content

    def _without_attachments(self, message: Message, limit: float) -> Message:
        contact = parse_mailbox(self._settings.reply_to or self._settings.sender).addr_spec
        shown = self._language.size(limit)
        key = "delivery.too_large_with_link" if message.link else "delivery.too_large_to_attach"
        sentence = self._language.translate(key, limit=shown, link=message.link, contact=contact)
        before, end, after = message.html.rpartition("</body>")
        html = f"{before}<p>{escape(sentence)}</p>{end}{after}" if message.html else ""
        return replace(message, text=f"{message.text.rstrip()}\n\n{sentence}\n", html=html, attachments=())

    async def _send_sender(self, relay: SMTP, headers: EmailHeaders, size: int) -> None:
        """Begin the message with the envelope's sender."""
        sender = parse_mailbox(self._settings.envelope_from) if self._settings.envelope_from else headers.sender
        utf8 = headers.needs_utf8 or not sender.addr_spec.isascii()
        if utf8 and not relay.supports_extension("smtputf8"):
            raise DeliveryFailed(
                f"{self._errors.server} does not support international addresses (SMTPUTF8), as "
                f"{headers.recipient.addr_spec} requires. Nothing was sent. Use another address or another relay."
            )
        options = ["SMTPUTF8"] if utf8 else []
        if relay.supports_extension("size"):
            options.append(f"SIZE={size}")
        if relay.supports_extension("dsn"):
            # A report of a bounce then names the message, and contains its headers only.
            options += ["RET=HDRS", f"ENVID={headers.message_id}"]
        with self._errors.rejection(f"the sender {sender.addr_spec}"):
            await relay.mail(sender.addr_spec, options=options, encoding="utf-8" if utf8 else "ascii")

    async def _send_recipient(self, relay: SMTP, headers: EmailHeaders) -> None:
        address = headers.recipient.addr_spec
        options = ["NOTIFY=FAILURE,DELAY"] if relay.supports_extension("dsn") else []
        with self._errors.rejection(f"the recipient {address}"):
            await relay.rcpt(address, options=options, encoding="ascii" if address.isascii() else "utf-8")

    async def _send_content(self, relay: SMTP, content: bytes, on_handover: Callable[[], Awaitable[None]]) -> str:
        """Send the content and return the relay's response."""
        with self._errors.rejection("the message"):
            ready = await relay.execute_command(b"DATA")
            if ready.code != _START_MAIL_INPUT:
                raise SMTPResponseException(ready.code, ready.message)
        await on_handover()
        with self._errors.rejection("the message"):
            # Checked after the handover is recorded, because the relay may have disconnected meanwhile.
            if relay.protocol is None:
                raise SMTPServerDisconnected("Connection lost")
        try:
            relay.protocol.write(_LEADING_DOT.sub(b"..", content) + b".\r\n")
            response = await relay.protocol.read_response(timeout=self._step_seconds * CONTENT_TIMEOUT_FACTOR)
            if response.code not in ERROR and response.code not in SUCCESS:
                raise SMTPResponseException(response.code, response.message)
        except (SMTPException, OSError) as error:
            relay.close()
            raise DeliveryUnconfirmed(
                f"{self._errors.server} did not confirm the message, which may have arrived. Ask the recipient."
            ) from error
        if response.code in ERROR:
            raise self._errors.rejected("the message", response.code, response.message)
        return self._errors.shown(f"{response.code} {response.message}")


class EmailKind(ChannelKind):
    """Email to the recipients of `[email]` and `[[audiences]]`, and to the admins."""

    name = EmailChannel.name

    def report_routes(self, profile: Profile, clock: Clock) -> list[Route]:
        """Return one route for each edition that has recipients by email; they share the connections."""
        recipients = {edition: profile.email_recipients(edition) for edition in EDITIONS}
        routes = {edition: addresses for edition, addresses in recipients.items() if addresses}
        return [
            Route(_channel(profile, addresses, clock, MAX_CONNECTIONS // len(routes)), edition)
            for edition, addresses in routes.items()
        ]

    def admin_channels(self, profile: Profile | AdminContacts, clock: Clock) -> list[Channel]:
        """Return the channel to the admins' addresses, if there are any."""
        return [_channel(profile, profile.admins.email, clock)] if profile.admins.email else []


def email_channel_to(profile: Profile, address: str, clock: Clock) -> Channel:
    """Return a channel that sends through the profile's relay to one address only.

    Raises:
        SettingsError: If the profile has no relay, or the address is not valid.
    """
    if profile.email is None:
        raise SettingsError(f"Profile {profile.name}", ["a test message requires the relay of [email]"])
    try:
        parse_mailbox(address)
    except ValueError as error:
        raise SettingsError(address, [str(error)]) from error
    if not is_allowed(address, profile.email.allowed_domains):
        raise SettingsError(address, ["is outside of email.allowed_domains"])
    return _channel(profile, (address,), clock)


def email_test_message(organization: str, language: Language) -> Message:
    """Return a message that tests the relay and cannot be mistaken for the report.

    Args:
        organization: The profile's name.
        language: Writes the message.
    """
    return Message(
        subject=language.translate("test_message.subject", organization=organization),
        text=f"{language.translate('test_message.text', organization=organization)}\n",
    )


def _channel(
    profile: Profile | AdminContacts, recipients: tuple[str, ...], clock: Clock, connections: int = MAX_CONNECTIONS
) -> EmailChannel:
    if profile.email is None:
        raise ValueError("a profile with email recipients has a relay")
    return EmailChannel(
        profile.email, profile.network, recipients, language=profile.language, clock=clock, connections=connections
    )


def _size_limit(relay: SMTP) -> int | None:
    """Return the size in bytes of the largest message that a server accepts; None if it names none."""
    limit = relay.esmtp_extensions.get("size", "")
    return int(limit) or None if re.fullmatch("[0-9]{1,18}", limit) else None
