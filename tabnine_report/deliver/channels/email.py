"""Email through a relay: one message a recipient, and always known how far it got.

The steps of the conversation are taken one by one, because a lost line means something else at each of them: before
the content began the message surely did not go out, while the content was under way it may have.
"""

import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from html import escape

from aiosmtplib import SMTP, SMTPException, SMTPResponseException, SMTPServerDisconnected

from tabnine_report.deliver.channels.mime import Head, compose, mailbox
from tabnine_report.deliver.message import Message
from tabnine_report.model.errors import DeliveryFailed, DeliveryRejected, DeliveryUnconfirmed
from tabnine_report.profile.channel_settings import EmailSettings
from tabnine_report.profile.network import tls_context
from tabnine_report.profile.usage_api_settings import NetworkSettings
from tabnine_report.text.i18n import Language
from tabnine_report.text.redaction import redact
from tabnine_report.text.sanitizing import sanitize

STEP_SECONDS = 30.0
# A relay may scan the whole message before it answers; giving up early only makes the outcome unknown.
PATIENCE = 10

_MEGABYTE = 1_000_000
_LINE_THAT_BEGINS_WITH_A_DOT = re.compile(rb"^\.", re.MULTILINE)
_GO_AHEAD = 354
_SAID_LENGTH = 300
_YES = range(200, 300)
_NO = range(400, 600)


class EmailChannel:
    """Sends through the relay of `[email]`.

    Args:
        settings: The relay, the sender and the size limit.
        network: Which certificate authorities to trust.
        recipients: Addresses, with or without display names.
        language: Writes the sentence that stands in for an attachment that is too large.
        clock: Gives the Date of each message.
        step_seconds: How long each step may take; the answer to the content ten times as long.

    Raises:
        SettingsError: If the file of certificate authorities cannot be used.
    """

    name = "email"

    def __init__(  # noqa: PLR0913 - what a relay takes; all but three by name
        self,
        settings: EmailSettings,
        network: NetworkSettings,
        recipients: tuple[str, ...],
        *,
        language: Language,
        clock: Callable[[], datetime],
        step_seconds: float = STEP_SECONDS,
    ) -> None:
        self._settings = settings
        self._tls = None if settings.security == "none" else tls_context(network)
        self._mailboxes = {box.addr_spec: box for box in map(mailbox, recipients)}
        # The bare addresses: a changed display name makes no new recipient.
        self.recipients = tuple(self._mailboxes)
        self._language = language
        self._clock = clock
        self._step_seconds = step_seconds
        self._relay = f"The mail server {settings.host}:{settings.port}"

    async def send(self, message: Message, recipient: str, message_id: str, handing_over: Callable[[], None]) -> str:
        """Send one recipient's copy; see `Channel.send`."""
        sender = mailbox(self._settings.sender)
        reply_to = mailbox(self._settings.reply_to) if self._settings.reply_to else None
        head = Head(sender, self._mailboxes[recipient], message_id, self._clock(), reply_to)
        content = self._content(message, head)
        async with self._conversation() as relay:
            await self._address(relay, head)
            return await self._hand_over(relay, content, handing_over)

    async def probe(self) -> None:
        """Connect, secure the line and log in as for a message, and send none; see `Channel.probe`."""
        async with self._conversation():
            pass

    def _content(self, message: Message, head: Head) -> bytes:
        if not self._settings.attach:
            message = replace(message, attachments=())
        content = compose(message, head).as_bytes()
        if not message.attachments or len(content) <= self._settings.attachment_limit_mb * _MEGABYTE:
            return content
        return compose(self._without_attachments(message), head).as_bytes()

    def _without_attachments(self, message: Message) -> Message:
        whom = mailbox(self._settings.reply_to or self._settings.sender).addr_spec
        limit = self._language.decimal(self._settings.attachment_limit_mb)
        key = "delivery.too_large_with_link" if message.link else "delivery.too_large_to_attach"
        sentence = self._language.translate(key, limit=limit, link=message.link, whom=whom)
        before, end, after = message.html.rpartition("</body>")
        html = f"{before}<p>{escape(sentence)}</p>{end}{after}" if message.html else ""
        return replace(message, text=f"{message.text.rstrip()}\n\n{sentence}\n", html=html, attachments=())

    @asynccontextmanager
    async def _conversation(self) -> AsyncIterator[SMTP]:
        """Give a relay that is ready for a message: connected, the line secured as said, logged in."""
        relay = SMTP(
            hostname=self._settings.host,
            port=self._settings.port,
            use_tls=self._settings.security == "tls",
            start_tls=False,
            tls_context=self._tls,
            timeout=self._step_seconds,
        )
        try:
            with self._nothing_sent("could not be reached"):
                await relay.connect()
                await relay.ehlo()
            if self._settings.security == "starttls":
                await self._secure(relay)
            await self._log_in(relay)
            yield relay
            with suppress(SMTPException, OSError):
                await relay.quit()
        finally:
            relay.close()

    async def _secure(self, relay: SMTP) -> None:
        if not relay.supports_extension("starttls"):
            raise DeliveryFailed(
                f"{self._relay} does not offer STARTTLS, so nothing was sent; "
                'ask its operator, or correct email.port and email.security ("tls" encrypts from the first byte).'
            )
        with self._nothing_sent("could not secure the line with STARTTLS"):
            await relay.starttls()
            await relay.ehlo()

    async def _log_in(self, relay: SMTP) -> None:
        if self._settings.username is None or self._settings.password is None:
            return
        problem = ""
        try:
            await relay.login(self._settings.username, self._settings.password.get_secret_value())
        except SMTPResponseException as error:
            problem = f"refused the login with {error.code}"
        except (SMTPException, OSError, ValueError) as error:
            problem = f"could not be logged in to ({type(error).__name__})"
        # Raised here and not above: what the relay says to a login may quote the login.
        if problem:
            raise DeliveryFailed(f"{self._relay} {problem}; check email.username and email.password.")

    async def _address(self, relay: SMTP, head: Head) -> None:
        """Name sender and recipient to the relay."""
        sender = mailbox(self._settings.envelope_from) if self._settings.envelope_from else head.sender
        utf8 = head.needs_utf8 or not sender.addr_spec.isascii()
        if utf8 and not relay.supports_extension("smtputf8"):
            raise DeliveryFailed(
                f"{self._relay} does not take addresses in other letters than ASCII (SMTPUTF8); "
                f"{head.recipient.addr_spec} needs another address, or another relay."
            )
        encoding = "utf-8" if utf8 else "ascii"
        with self._refusal(f"the sender {sender.addr_spec}"):
            await relay.mail(sender.addr_spec, options=["SMTPUTF8"] if utf8 else [], encoding=encoding)
        with self._refusal(f"the recipient {head.recipient.addr_spec}"):
            await relay.rcpt(head.recipient.addr_spec, encoding=encoding)

    async def _hand_over(self, relay: SMTP, content: bytes, handing_over: Callable[[], None]) -> str:
        """Send the content and give the relay's answer to it."""
        with self._refusal("the message"):
            ready = await relay.execute_command(b"DATA")
            if ready.code != _GO_AHEAD:
                raise SMTPResponseException(ready.code, ready.message)
            if relay.protocol is None:
                raise SMTPServerDisconnected("Connection lost")
        handing_over()
        try:
            relay.protocol.write(_LINE_THAT_BEGINS_WITH_A_DOT.sub(b"..", content) + b".\r\n")
            answer = await relay.protocol.read_response(timeout=self._step_seconds * PATIENCE)
            if answer.code not in _NO and answer.code not in _YES:
                raise SMTPResponseException(answer.code, answer.message)
        except (SMTPException, OSError) as error:
            raise DeliveryUnconfirmed(
                f"{self._relay} fell silent while it took the message, which may have arrived; ask the recipient."
            ) from error
        said = self._said(f"{answer.code} {answer.message}")
        if answer.code in _NO:
            raise DeliveryRejected(f"{self._relay} refused the message: {said}")
        return said

    @contextmanager
    def _refusal(self, what: str) -> Iterator[None]:
        """Tell a relay that says no from one that is gone, while nothing has been sent."""
        with self._nothing_sent("hung up before it had the message"):
            try:
                yield
            except SMTPResponseException as error:
                if error.code not in _NO:
                    raise
                said = self._said(f"{error.code} {error.message}")
                # Not chained, and so below: a relay may quote the login long after that.
                raise DeliveryRejected(f"{self._relay} refused {what}: {said}") from None

    @contextmanager
    def _nothing_sent(self, problem: str) -> Iterator[None]:
        try:
            yield
        except (SMTPException, OSError, ValueError) as error:
            said = self._said(str(error))
            raise DeliveryFailed(
                f"{self._relay} {problem} ({said}); nothing was sent: check email.host, email.port and email.security."
            ) from None

    def _said(self, text: str) -> str:
        """Repeat what a relay says, in one line and without the password."""
        password = self._settings.password
        return sanitize(redact(text, (password.get_secret_value(),) if password else ()), _SAID_LENGTH)
