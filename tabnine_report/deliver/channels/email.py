"""Email through an SMTP relay: one message for each recipient, and a known result for each.

The steps of the SMTP dialog are taken one by one, because a lost connection means something different at each: before
the content is sent, the message did not leave; while it is being sent, it may have.
"""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from html import escape

from aiosmtplib import SMTP, SMTPException, SMTPResponseException, SMTPServerDisconnected

from tabnine_report.deliver.channels.channel import Channel, ChannelKind, Clock, Route
from tabnine_report.deliver.channels.mime import EmailHeaders, compose_email
from tabnine_report.deliver.message import Message
from tabnine_report.model.edition import EDITIONS
from tabnine_report.model.errors import DeliveryFailed, DeliveryRejected, DeliveryUnconfirmed, SettingsError
from tabnine_report.profile.addresses import is_allowed, parse_mailbox
from tabnine_report.profile.channel_settings import EmailSettings
from tabnine_report.profile.network import tls_context
from tabnine_report.profile.profile import AdminContacts, Profile
from tabnine_report.profile.usage_api_settings import NetworkSettings
from tabnine_report.text.i18n import Language
from tabnine_report.text.redaction import redact
from tabnine_report.text.sanitizing import sanitize

STEP_TIMEOUT_SECONDS = 30.0
# A relay may scan the whole message before it responds; giving up early only makes the result unconfirmed.
CONTENT_TIMEOUT_FACTOR = 10

_MEGABYTE = 1_000_000
_LEADING_DOT = re.compile(rb"^\.", re.MULTILINE)
_START_MAIL_INPUT = 354
_RESPONSE_LENGTH = 300
_SUCCESS = range(200, 300)
_ERROR = range(400, 600)


class EmailChannel:
    """Sends through the relay of `[email]`.

    Args:
        settings: The relay, the sender and the size limit.
        network: The certificate authorities to trust.
        recipients: Addresses, with or without display names.
        language: Writes the sentence that replaces attachments that are too large.
        clock: Returns the current instant, which is the date of each message.
        step_seconds: The time limit of each step; the response to the content may take ten times as long.

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
    ) -> None:
        self._settings = settings
        self._tls = None if settings.security == "none" else tls_context(network)
        self._mailboxes = {mailbox.addr_spec: mailbox for mailbox in map(parse_mailbox, recipients)}
        # Without display names: a changed name is not a new recipient.
        self.recipients = tuple(self._mailboxes)
        self._language = language
        self._clock = clock
        self._step_seconds = step_seconds
        self._relay = f"The mail server {settings.host}:{settings.port}"

    async def send(
        self, message: Message, recipient: str, message_id: str, on_handover: Callable[[], Awaitable[None]]
    ) -> str:
        """Send one recipient's copy; see `Channel.send`."""
        sender = parse_mailbox(self._settings.sender)
        reply_to = parse_mailbox(self._settings.reply_to) if self._settings.reply_to else None
        headers = EmailHeaders(sender, self._mailboxes[recipient], message_id, self._clock(), reply_to)
        content = self._content(message, headers)
        async with self._connection() as relay:
            await self._send_envelope(relay, headers)
            return await self._send_content(relay, content, on_handover)

    async def probe(self) -> None:
        """Connect, encrypt and log in; see `Channel.probe`."""
        async with self._connection():
            pass

    def _content(self, message: Message, headers: EmailHeaders) -> bytes:
        if not self._settings.attach:
            message = replace(message, attachments=())
        content = compose_email(message, headers).as_bytes()
        if not message.attachments or len(content) <= self._settings.attachment_limit_mb * _MEGABYTE:
            return content
        return compose_email(self._without_attachments(message), headers).as_bytes()

    def _without_attachments(self, message: Message) -> Message:
        contact = parse_mailbox(self._settings.reply_to or self._settings.sender).addr_spec
        limit = self._language.decimal(self._settings.attachment_limit_mb)
        key = "delivery.too_large_with_link" if message.link else "delivery.too_large_to_attach"
        sentence = self._language.translate(key, limit=limit, link=message.link, contact=contact)
        before, end, after = message.html.rpartition("</body>")
        html = f"{before}<p>{escape(sentence)}</p>{end}{after}" if message.html else ""
        return replace(message, text=f"{message.text.rstrip()}\n\n{sentence}\n", html=html, attachments=())

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[SMTP]:
        """Yield a relay that is ready for a message: connected, encrypted as configured, and logged in."""
        relay = SMTP(
            hostname=self._settings.host,
            port=self._settings.port,
            use_tls=self._settings.security == "tls",
            start_tls=False,
            tls_context=self._tls,
            timeout=self._step_seconds,
        )
        try:
            with self._nothing_sent("cannot be reached"):
                await relay.connect()
                await relay.ehlo()
            if self._settings.security == "starttls":
                await self._start_tls(relay)
            await self._log_in(relay)
            yield relay
            with suppress(SMTPException, OSError):
                await relay.quit()
        finally:
            relay.close()

    async def _start_tls(self, relay: SMTP) -> None:
        if not relay.supports_extension("starttls"):
            raise DeliveryFailed(
                f"{self._relay} does not offer STARTTLS. Nothing was sent. Ask its operator, or correct email.port "
                'and email.security ("tls" encrypts from the first byte).'
            )
        with self._nothing_sent("could not start TLS"):
            await relay.starttls()
            await relay.ehlo()

    async def _log_in(self, relay: SMTP) -> None:
        if self._settings.username is None or self._settings.password is None:
            return
        problem = ""
        try:
            await relay.login(self._settings.username, self._settings.password.get_secret_value())
        except SMTPResponseException as error:
            problem = f"rejected the login with {error.code}"
        except (SMTPException, OSError, ValueError) as error:
            problem = f"could not process the login ({type(error).__name__})"
        # Raised here, outside the handlers: the relay's response to a login may quote the password.
        if problem:
            raise DeliveryFailed(f"{self._relay} {problem}. Nothing was sent. Check email.username and email.password.")

    async def _send_envelope(self, relay: SMTP, headers: EmailHeaders) -> None:
        """Send the envelope's sender and recipient."""
        sender = parse_mailbox(self._settings.envelope_from) if self._settings.envelope_from else headers.sender
        utf8 = headers.needs_utf8 or not sender.addr_spec.isascii()
        if utf8 and not relay.supports_extension("smtputf8"):
            raise DeliveryFailed(
                f"{self._relay} does not support international addresses (SMTPUTF8), as "
                f"{headers.recipient.addr_spec} requires. Nothing was sent. Use another address or another relay."
            )
        encoding = "utf-8" if utf8 else "ascii"
        with self._rejection(f"the sender {sender.addr_spec}"):
            await relay.mail(sender.addr_spec, options=["SMTPUTF8"] if utf8 else [], encoding=encoding)
        with self._rejection(f"the recipient {headers.recipient.addr_spec}"):
            await relay.rcpt(headers.recipient.addr_spec, encoding=encoding)

    async def _send_content(self, relay: SMTP, content: bytes, on_handover: Callable[[], Awaitable[None]]) -> str:
        """Send the content and return the relay's response."""
        with self._rejection("the message"):
            ready = await relay.execute_command(b"DATA")
            if ready.code != _START_MAIL_INPUT:
                raise SMTPResponseException(ready.code, ready.message)
        await on_handover()
        with self._rejection("the message"):
            # Checked after the handover is recorded, because the relay may have disconnected meanwhile.
            if relay.protocol is None:
                raise SMTPServerDisconnected("Connection lost")
        try:
            relay.protocol.write(_LEADING_DOT.sub(b"..", content) + b".\r\n")
            response = await relay.protocol.read_response(timeout=self._step_seconds * CONTENT_TIMEOUT_FACTOR)
            if response.code not in _ERROR and response.code not in _SUCCESS:
                raise SMTPResponseException(response.code, response.message)
        except (SMTPException, OSError) as error:
            raise DeliveryUnconfirmed(
                f"{self._relay} did not confirm the message, which may have arrived. Ask the recipient."
            ) from error
        shown = self._shown(f"{response.code} {response.message}")
        if response.code in _ERROR:
            raise DeliveryRejected(f"{self._relay} rejected the message: {shown}")
        return shown

    @contextmanager
    def _rejection(self, subject: str) -> Iterator[None]:
        """Raise DeliveryRejected if the relay rejects a step, DeliveryFailed if the connection is lost."""
        with self._nothing_sent("closed the connection before it had the message"):
            try:
                yield
            except SMTPResponseException as error:
                if error.code not in _ERROR:
                    raise
                shown = self._shown(f"{error.code} {error.message}")
                # Not chained, here and below: a relay may quote the password at any step.
                raise DeliveryRejected(f"{self._relay} rejected {subject}: {shown}") from None

    @contextmanager
    def _nothing_sent(self, problem: str) -> Iterator[None]:
        try:
            yield
        except (SMTPException, OSError, ValueError) as error:
            shown = self._shown(str(error))
            raise DeliveryFailed(
                f"{self._relay} {problem} ({shown}). Nothing was sent. Check email.host, email.port and email.security."
            ) from None

    def _shown(self, response: str) -> str:
        """Return a relay's response on one line and without the password."""
        password = self._settings.password
        return sanitize(redact(response, (password.get_secret_value(),) if password else ()), _RESPONSE_LENGTH)


class EmailKind(ChannelKind):
    """Email to the recipients of `[email]` and `[[audiences]]`, and to the admins."""

    name = EmailChannel.name

    def report_routes(self, profile: Profile, clock: Clock) -> list[Route]:
        """Return one route for each edition that has recipients by email."""
        return [
            Route(_channel(profile, recipients, clock), edition)
            for edition in EDITIONS
            if (recipients := profile.email_recipients(edition))
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


def _channel(profile: Profile | AdminContacts, recipients: tuple[str, ...], clock: Clock) -> EmailChannel:
    if profile.email is None:
        raise ValueError("a profile with email recipients has a relay")
    return EmailChannel(profile.email, profile.network, recipients, language=profile.language, clock=clock)
