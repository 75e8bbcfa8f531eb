"""The email channel against local relays: aiosmtpd for the normal cases, a scripted relay for the failures."""

import asyncio
import base64
import logging
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from pydantic import SecretStr

from tabnine_report.deliver.channels import email as smtp
from tabnine_report.deliver.channels.email import EmailChannel
from tabnine_report.deliver.message import Message
from tabnine_report.model.errors import (
    DeliveryError,
    DeliveryFailed,
    DeliveryRejected,
    DeliveryUnconfirmed,
    SettingsError,
)
from tabnine_report.profile.channel_settings import EmailSettings
from tabnine_report.profile.usage_api_settings import NetworkSettings
from tabnine_report.text.i18n import Language

PASSWORD = "s3cret-of-the-relay"
CTO = "cto@acme.example"

MakeChannel = Callable[..., EmailChannel]


@dataclass
class Mailbox:
    """Keeps what a relay accepted."""

    rejected: str = ""
    envelopes: list[Envelope] = field(default_factory=list)
    logins: list[bytes] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address == self.rejected:
            return "550 5.1.1 No such\tperson here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.envelopes.append(envelope)
        return "250 2.0.0 queued as 42"

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, login: object
    ) -> AuthResult:
        assert isinstance(login, LoginPassword)
        self.logins.append(login.login)
        return AuthResult(success=login.password == PASSWORD.encode(), handled=False)


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def server_tls(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


@asynccontextmanager
async def relay(
    mailbox: Mailbox,
    *,
    implicit_tls: ssl.SSLContext | None = None,
    **options: Any,
) -> AsyncIterator[int]:
    """Serve a relay and yield its port."""
    options.setdefault("enable_SMTPUTF8", True)
    loop = asyncio.get_running_loop()
    sessions: list[SMTP] = []

    def protocol() -> SMTP:
        sessions.append(SMTP(mailbox, hostname="relay.test", loop=loop, **options))
        return sessions[-1]

    server = await loop.create_server(protocol, "127.0.0.1", 0, ssl=implicit_tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        handlers = [each._handler_coroutine for each in sessions if each._handler_coroutine is not None]
        await asyncio.gather(*handlers, return_exceptions=True)


DROP = ""
STAY_SILENT = "…"


@asynccontextmanager
async def scripted(answers: Mapping[str, str]) -> AsyncIterator[tuple[int, list[str]]]:
    """Serve a relay with scripted responses, "." being the end of the content; yield its port and its log."""
    log: list[str] = []
    sessions: list[asyncio.Task[None] | None] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        sessions.append(asyncio.current_task())
        responses = {
            "hello": "220 relay",
            "EHLO": "250 relay",
            "MAIL": "250 OK",
            "RCPT": "250 OK",
            "DATA": "354 go",
            **answers,
        }
        word, content = "hello", False
        while word:
            answer = responses.get(word, "250 OK")
            if answer == DROP:
                break
            if answer != STAY_SILENT:
                writer.write(answer.encode() + b"\r\n")
                await writer.drain()
                content = word == "DATA" and answer.startswith("354")
            line = await reader.readline()
            while content and line not in {b".\r\n", b""}:
                line = await reader.readline()
            word = line.decode().strip().partition(" ")[0]
            log.append(word)
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1], log
    finally:
        server.close()
        await asyncio.gather(*(session for session in sessions if session is not None))


@pytest.fixture
def channel(clock: Callable[[], datetime], language: Language, ca_bundle: Path) -> MakeChannel:
    def make(
        port: int, *, recipients: tuple[str, ...] = (CTO,), step_seconds: float = 5, **settings: object
    ) -> EmailChannel:
        base = {"host": "127.0.0.1", "port": port, "security": "none", "sender": "Reports <reports@acme.example>"}
        return EmailChannel(
            EmailSettings.model_validate(base | settings),
            NetworkSettings(ca_bundle=ca_bundle),
            recipients,
            language=language,
            clock=clock,
            step_seconds=step_seconds,
        )

    return make


@dataclass
class Handover:
    """Records whether the handover began."""

    began: bool = False

    async def __call__(self) -> None:
        self.began = True


def read(envelope: Envelope) -> EmailMessage:
    assert isinstance(envelope.content, bytes)
    email = message_from_bytes(envelope.content, policy=policy.default)
    assert isinstance(email, EmailMessage)
    return email


async def no_handover() -> None:
    pass


async def send(
    channel: EmailChannel, message: Message, on_handover: Callable[[], Awaitable[None]] = no_handover
) -> str:
    try:
        return await channel.send(message, channel.recipients[0], "acme-2026-10-1f", on_handover)
    finally:
        await channel.close()


async def test_a_message_arrives_and_the_relays_response_is_returned(
    mailbox: Mailbox, channel: MakeChannel, message: Message
) -> None:
    handover = Handover()
    async with relay(mailbox) as port:
        response = await send(channel(port), message, handover)

    (envelope,) = mailbox.envelopes
    email = read(envelope)
    assert response == "250 2.0.0 queued as 42"
    assert handover.began
    assert (envelope.mail_from, envelope.rcpt_tos) == ("reports@acme.example", [CTO])
    assert email["Message-ID"] == "<acme-2026-10-1f@acme.example>"
    text = email.get_body(("plain",))
    assert text is not None
    assert ".hidden dot" in text.get_content().splitlines()


async def test_each_recipient_gets_a_separate_message(mailbox: Mailbox, channel: MakeChannel, message: Message) -> None:
    async with relay(mailbox) as port:
        two = channel(port, recipients=("Ann Ä. <ann@acme.example>", "bob@acme.example"))
        for recipient in two.recipients:
            await two.send(message, recipient, "id", no_handover)
        await two.close()

    assert two.recipients == ("ann@acme.example", "bob@acme.example")
    assert [e.rcpt_tos for e in mailbox.envelopes] == [["ann@acme.example"], ["bob@acme.example"]]
    assert [str(read(envelope)["To"]) for envelope in mailbox.envelopes] == [
        '"Ann Ä." <ann@acme.example>',
        "bob@acme.example",
    ]


async def test_bounces_go_to_the_configured_address(mailbox: Mailbox, channel: MakeChannel, message: Message) -> None:
    async with relay(mailbox) as port:
        await send(channel(port, envelope_from="bounces@acme.example"), message)

    assert mailbox.envelopes[0].mail_from == "bounces@acme.example"


@pytest.mark.parametrize("security", ["starttls", "tls"])
async def test_the_connection_is_encrypted_before_the_login(
    security: str, mailbox: Mailbox, channel: MakeChannel, message: Message, server_tls: ssl.SSLContext
) -> None:
    tls: dict[str, Any] = (
        {"tls_context": server_tls, "require_starttls": True, "auth_required": True}
        if security == "starttls"
        else {"implicit_tls": server_tls, "auth_require_tls": False}
    )
    async with relay(mailbox, authenticator=mailbox.authenticate, **tls) as port:
        await send(channel(port, security=security, username="reports", password=SecretStr(PASSWORD)), message)

    assert mailbox.logins == [b"reports"]
    assert len(mailbox.envelopes) == 1


async def test_a_relay_with_an_untrusted_certificate_gets_nothing(
    mailbox: Mailbox, channel: MakeChannel, message: Message
) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    # aiosmtpd leaves a failed handshake to the event loop, which would log it.
    asyncio.get_running_loop().set_exception_handler(lambda *_: None)
    async with relay(mailbox, implicit_tls=context) as port:
        with pytest.raises(DeliveryFailed, match="CERTIFICATE_VERIFY_FAILED"):
            await send(channel(port, security="tls"), message)

    assert mailbox.envelopes == []


async def test_nothing_is_sent_unencrypted_if_starttls_is_not_offered(
    mailbox: Mailbox, channel: MakeChannel, message: Message
) -> None:
    handover = Handover()
    async with relay(mailbox) as port:
        with pytest.raises(DeliveryFailed, match=f"^The mail server 127.0.0.1:{port} does not offer STARTTLS"):
            await send(channel(port, security="starttls"), message, handover)

    assert mailbox.envelopes == []
    assert not handover.began


async def test_a_rejected_login_names_the_settings_but_not_the_password(
    mailbox: Mailbox, channel: MakeChannel, message: Message, server_tls: ssl.SSLContext
) -> None:
    options: dict[str, Any] = {"tls_context": server_tls, "authenticator": mailbox.authenticate}
    async with relay(mailbox, **options) as port:
        with pytest.raises(DeliveryFailed, match=r"rejected the login with 535\. .* Check email\.username") as caught:
            await send(
                channel(port, security="starttls", username="reports", password=SecretStr("wrong-s3cret")), message
            )

    assert "wrong-s3cret" not in shown_by(caught.value)


@pytest.mark.parametrize("step", ["AUTH", "MAIL", "RCPT", "DATA", "."])
async def test_a_password_that_the_relay_quotes_is_not_in_the_error(
    channel: MakeChannel, message: Message, caplog: pytest.LogCaptureFixture, step: str
) -> None:
    caplog.set_level(logging.DEBUG)
    quoted = base64.b64encode(f"\0reports\0{PASSWORD}".encode()).decode()
    answers = {"EHLO": "250-relay\r\n250 AUTH PLAIN", "AUTH": "235 OK", step: f"535 not {quoted} {PASSWORD}"}
    async with scripted(answers) as (port, _):
        with pytest.raises(DeliveryError, match="535") as caught:
            await send(channel(port, username="reports", password=SecretStr(PASSWORD)), message)

    for secret in (PASSWORD, quoted):
        assert secret not in shown_by(caught.value)
        assert secret not in caplog.text


async def test_a_rejected_recipient_is_reported_with_the_relays_response(
    mailbox: Mailbox, channel: MakeChannel, message: Message
) -> None:
    mailbox.rejected = CTO
    handover = Handover()
    async with relay(mailbox) as port:
        with pytest.raises(DeliveryRejected) as caught:
            await send(channel(port), message, handover)

    assert str(caught.value) == (
        f"The mail server 127.0.0.1:{port} rejected the recipient {CTO}: 550 5.1.1 No such person here"
    )
    assert not handover.began


@pytest.mark.parametrize(
    ("step", "answer"),
    [("MAIL", "451 later"), ("MAIL", "550 no"), ("RCPT", "450 busy"), ("DATA", "554 no"), (".", "552 too large")],
)
async def test_an_error_response_at_any_step_is_a_rejection(
    channel: MakeChannel, message: Message, step: str, answer: str
) -> None:
    async with scripted({step: answer}) as (port, _):
        with pytest.raises(DeliveryRejected, match=answer):
            await send(channel(port), message)


@pytest.mark.parametrize("step", ["hello", "EHLO", "MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("trouble", [DROP, STAY_SILENT, "gibberish"])
async def test_a_connection_lost_before_the_content_is_a_failure(
    channel: MakeChannel, message: Message, step: str, trouble: str
) -> None:
    handover = Handover()
    async with scripted({step: trouble}) as (port, _):
        with pytest.raises((DeliveryFailed, DeliveryRejected)) as caught:
            await send(channel(port, step_seconds=0.1), message, handover)

    assert type(caught.value) is DeliveryFailed
    assert not handover.began


@pytest.mark.parametrize("trouble", [DROP, STAY_SILENT, "gibberish"])
async def test_a_connection_lost_after_the_content_is_unconfirmed(
    channel: MakeChannel, message: Message, trouble: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp, "CONTENT_TIMEOUT_FACTOR", 0.02)
    handover = Handover()
    async with scripted({".": trouble}) as (port, log):
        with pytest.raises(DeliveryUnconfirmed):
            await send(channel(port), message, handover)

    assert handover.began
    assert log.count("DATA") == 1


async def test_a_relay_that_disconnects_after_its_confirmation_has_the_message(
    channel: MakeChannel, message: Message
) -> None:
    async with scripted({".": "250 queued", "QUIT": DROP}) as (port, _):
        assert await send(channel(port), message) == "250 queued"


async def test_an_unreachable_relay_is_named(channel: MakeChannel, message: Message, unused_tcp_port: int) -> None:
    with pytest.raises(DeliveryFailed, match=rf"^The mail server 127\.0\.0\.1:{unused_tcp_port} cannot be reached"):
        await send(channel(unused_tcp_port), message)


async def test_a_message_over_the_limit_has_a_link_instead_of_attachments(
    mailbox: Mailbox, channel: MakeChannel, message: Message
) -> None:
    linked = replace(message, link="https://reports.acme.example/r1?a=1&b=2")
    async with relay(mailbox) as port:
        await send(channel(port, attachment_limit_mb=0.001), linked)

    email = read(mailbox.envelopes[0])
    text, html = email.get_body(("plain",)), email.get_body(("html",))
    assert text is not None
    assert html is not None
    assert list(email.iter_attachments()) == []
    sentence = (
        "The PDF and the workbook are not attached because the message would be larger than 1 kB. "
        "Read the report here: "
    )
    assert f"{sentence}https://reports.acme.example/r1?a=1&b=2" in text.get_content()
    assert f"<p>{sentence}https://reports.acme.example/r1?a=1&amp;b=2</p></body>" in html.get_content()


async def test_without_a_link_the_message_names_a_contact(
    mailbox: Mailbox, channel: MakeChannel, message: Message
) -> None:
    async with relay(mailbox) as port:
        await send(channel(port, attachment_limit_mb=0.001, reply_to="Ann <ann@acme.example>"), message)

    text = read(mailbox.envelopes[0]).get_body(("plain",))
    assert text is not None
    assert "Ask ann@acme.example for them." in text.get_content()


async def test_attachments_can_be_turned_off(mailbox: Mailbox, channel: MakeChannel, message: Message) -> None:
    async with relay(mailbox) as port:
        await send(channel(port, attach=False), message)

    email = read(mailbox.envelopes[0])
    assert list(email.iter_attachments()) == []
    assert "not attached" not in str(email)


async def test_an_international_address_requires_smtputf8(
    mailbox: Mailbox, channel: MakeChannel, message: Message
) -> None:
    async with relay(mailbox) as port:
        await send(channel(port, recipients=("jürgen@acme.example",)), message)
    assert mailbox.envelopes[0].rcpt_tos == ["jürgen@acme.example"]

    async with relay(mailbox, enable_SMTPUTF8=False) as port:
        with pytest.raises(DeliveryFailed, match="SMTPUTF8"):
            await send(channel(port, recipients=("jürgen@acme.example",)), message)
    assert len(mailbox.envelopes) == 1


@pytest.mark.parametrize(
    ("address", "envelope"),
    [
        ("conor.o'brien@acme.example", "conor.o'brien@acme.example"),
        ("Conor O'Brien <c.o'brien+it@acme.example>", "c.o'brien+it@acme.example"),
        ("ann@straße.example", "ann@xn--strae-oqa.example"),
        ("ann@βόλος.example", "ann@xn--nxasmm1c.example"),
    ],
)
async def test_the_relay_gets_exactly_the_address_of_the_profile(
    mailbox: Mailbox, channel: MakeChannel, message: Message, address: str, envelope: str
) -> None:
    async with relay(mailbox, enable_SMTPUTF8=False) as port:
        await send(channel(port, recipients=(address,)), message)

    assert mailbox.envelopes[0].rcpt_tos == [envelope]


async def test_a_probe_logs_in_and_sends_nothing(
    mailbox: Mailbox, channel: MakeChannel, server_tls: ssl.SSLContext
) -> None:
    async with relay(mailbox, tls_context=server_tls, authenticator=mailbox.authenticate) as port:
        await channel(port, security="starttls", username="reports", password=SecretStr(PASSWORD)).probe()
        with pytest.raises(DeliveryFailed, match="rejected the login"):
            await channel(port, security="starttls", username="reports", password=SecretStr("x")).probe()

    assert set(mailbox.logins) == {b"reports"}
    assert mailbox.envelopes == []


async def test_canceling_closes_the_connection(channel: MakeChannel, message: Message) -> None:
    async with scripted({".": STAY_SILENT}) as (port, _):
        started = asyncio.Event()

        async def record() -> None:
            started.set()

        task: Awaitable[str] = asyncio.create_task(send(channel(port), message, record))
        await started.wait()
        assert isinstance(task, asyncio.Task)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


def test_a_file_without_certificates_is_a_settings_error(
    tmp_path: Path, clock: Callable[[], datetime], language: Language
) -> None:
    path = tmp_path / "ca.pem"
    path.write_text("no certificate", encoding="utf-8")
    settings = EmailSettings(host="relay.test", port=465, security="tls", sender="r@acme.example")

    with pytest.raises(SettingsError, match=r"network\.ca_bundle"):
        EmailChannel(settings, NetworkSettings(ca_bundle=path), (CTO,), language=language, clock=clock)


def shown_by(error: BaseException | None) -> str:
    """Return everything that an error and its causes show."""
    texts = []
    while error is not None:
        texts.append(f"{error!r} {error} {vars(error)}")
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    assert texts
    return " ".join(texts)


def test_the_password_is_in_no_repr(channel: MakeChannel) -> None:
    made = channel(25, username="reports", password=SecretStr(PASSWORD))

    assert PASSWORD not in f"{made!r} {vars(made)}"
    assert issubclass(DeliveryFailed, DeliveryError)
