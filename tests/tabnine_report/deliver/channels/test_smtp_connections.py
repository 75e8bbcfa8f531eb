"""Many recipients through one mail server: few connections, repeated attempts, and an end whatever the server does."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr
from scripted_relay import DROP, SILENCE, ScriptedRelay, serving

from tabnine_report.deliver import delivery
from tabnine_report.deliver.channels import email, smtp_connections
from tabnine_report.deliver.channels.email import EmailChannel
from tabnine_report.deliver.delivery import deliver
from tabnine_report.deliver.ledger.ledger import Ledger
from tabnine_report.deliver.message import Attachment, Message
from tabnine_report.deliver.receipt import DeliveryState, Receipt
from tabnine_report.deliver.send_decision import DeliveryRequest, RecipientScope
from tabnine_report.model.errors import DeliveryDeferred, DeliveryFailed
from tabnine_report.profile.channel_settings import EmailSettings
from tabnine_report.profile.usage_api_settings import NetworkSettings
from tabnine_report.text.i18n import Language

TWELVE = tuple(f"p{number}@acme.example" for number in range(12))
SENT, REJECTED, FAILED, UNCONFIRMED = (
    DeliveryState.SENT,
    DeliveryState.REJECTED,
    DeliveryState.FAILED,
    DeliveryState.UNCONFIRMED,
)
MakeChannel = Callable[..., EmailChannel]


@pytest.fixture
def channel(clock: Callable[[], datetime], language: Language) -> MakeChannel:
    def make(
        relay: ScriptedRelay, recipients: tuple[str, ...] = TWELVE, step_seconds: float = 5, **settings: object
    ) -> EmailChannel:
        base = {"host": "127.0.0.1", "port": relay.port, "security": "none", "sender": "reports@acme.example"}
        return EmailChannel(
            EmailSettings.model_validate(base | settings),
            NetworkSettings(),
            recipients,
            language=language,
            clock=clock,
            step_seconds=step_seconds,
        )

    return make


@pytest.fixture
def ledger(tmp_path: Path, clock: Callable[[], datetime]) -> Ledger:
    return Ledger(f"sqlite:///{tmp_path}/ledger.db", clock)


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "FIRST_PAUSE_SECONDS", 0.001)


async def no_handover() -> None:
    pass


async def run(channel: EmailChannel, message: Message, ledger: Ledger) -> list[Receipt]:
    at = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)
    request = DeliveryRequest("acme", "2026-10", 1, RecipientScope.UNDELIVERED, requested_at=at)
    return await deliver(channel, message, request, ledger)


def states(receipts: list[Receipt]) -> dict[str, DeliveryState]:
    return {receipt.recipient: receipt.state for receipt in receipts}


async def test_one_connection_carries_several_messages_and_there_are_at_most_four(
    channel: MakeChannel, message: Message, ledger: Ledger
) -> None:
    async with serving(ScriptedRelay()) as relay:
        receipts = await run(channel(relay), message, ledger)

    assert [receipt.recipient for receipt in receipts] == list(TWELVE)
    assert set(states(receipts).values()) == {SENT}
    assert sorted(relay.accepted) == sorted(f"TO:<{address}>" for address in TWELVE)
    assert relay.sessions == relay.most_at_once == relay.words().count("QUIT") <= 4


async def test_several_messages_are_sent_at_once_after_the_server_has_responded(
    channel: MakeChannel, message: Message
) -> None:
    async with serving(ScriptedRelay()) as relay:
        sending = channel(relay)
        parallel = [sending.parallel]
        await sending.send(message, TWELVE[0], "id", no_handover)
        parallel.append(sending.parallel)
        await sending.close()

    assert [*parallel, sending.parallel] == [1, 4, 1]


async def test_a_rejected_recipient_does_not_cost_the_connection(
    channel: MakeChannel, message: Message, ledger: Ledger
) -> None:
    def answer(word: str, argument: str, _: int) -> str | None:
        return "550 no" if word == "RCPT" and "p3@" in argument else None

    async with serving(ScriptedRelay(answer)) as relay:
        receipts = await run(channel(relay), message, ledger)

    assert Counter(states(receipts).values()) == {SENT: 11, REJECTED: 1}
    assert relay.words().count("RSET") == 1
    assert relay.sessions <= 4


@pytest.mark.parametrize("ending", ["421 too many messages on this connection", DROP])
async def test_a_server_that_limits_the_messages_of_a_connection_gets_all_of_them(
    channel: MakeChannel, message: Message, ledger: Ledger, ending: str
) -> None:
    def answer(word: str, _: str, number: int) -> str | None:
        return ending if word == "MAIL" and number == 2 else None

    async with serving(ScriptedRelay(answer)) as relay:
        receipts = await run(channel(relay), message, ledger)

    assert set(states(receipts).values()) == {SENT}
    assert len(relay.accepted) == 12


@pytest.mark.parametrize("word", ["hello", "EHLO", "MAIL", "RCPT", "DATA"])
async def test_a_server_that_stays_silent_is_given_up(
    channel: MakeChannel, message: Message, ledger: Ledger, word: str
) -> None:
    async with serving(ScriptedRelay(lambda step, *_: SILENCE if step == word else None)) as relay:
        receipts = await run(channel(relay, step_seconds=0.1), message, ledger)

    assert set(states(receipts).values()) == {FAILED}
    assert relay.sessions == 2
    assert receipts[2].detail.startswith("The message was not tried, because 2 messages in a row failed. The last fail")


async def test_a_server_that_does_not_confirm_is_given_up_and_nothing_is_sent_twice(
    channel: MakeChannel, message: Message, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(email, "CONTENT_TIMEOUT_FACTOR", 0.02)
    async with serving(ScriptedRelay(lambda word, *_: SILENCE if word == "." else None)) as relay:
        receipts = await run(channel(relay), message, ledger)
        again = await run(channel(relay, TWELVE[:2]), message, ledger)

    assert Counter(states(receipts).values()) == {UNCONFIRMED: 2, FAILED: 10}
    assert [(receipt.state, receipt.earlier) for receipt in again] == [(UNCONFIRMED, True)] * 2
    assert relay.words().count("DATA") == 2


async def test_a_server_that_recovers_is_not_given_up(channel: MakeChannel, message: Message, ledger: Ledger) -> None:
    def answer(word: str, argument: str, _: int) -> str | None:
        return DROP if word == "RCPT" and any(f"p{number}@" in argument for number in (0, 2)) else None

    async with serving(ScriptedRelay(answer)) as relay:
        receipts = await run(channel(relay), message, ledger)

    assert Counter(states(receipts).values()) == {SENT: 10, FAILED: 2}


async def test_a_channel_that_takes_too_long_leaves_the_rest_untried(
    channel: MakeChannel, message: Message, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp_connections, "TOTAL_SECONDS", -1)
    async with serving(ScriptedRelay()) as relay:
        receipts = await run(channel(relay), message, ledger)

    assert set(states(receipts).values()) == {FAILED}
    assert "not tried, because sending by email took longer than" in receipts[0].detail
    assert relay.sessions == 0


@pytest.mark.parametrize("code", [421, 450, 451, 452])
@pytest.mark.parametrize("word", ["hello", "EHLO", "MAIL", "RCPT", "DATA", "."])
async def test_a_message_that_is_not_accepted_at_the_moment_is_sent_again(
    channel: MakeChannel, message: Message, ledger: Ledger, word: str, code: int
) -> None:
    refusals = iter([f"{code} later"] * 3)

    def answer(step: str, *_: object) -> str | None:
        return next(refusals, None) if step == word else None

    async with serving(ScriptedRelay(answer)) as relay:
        receipts = await run(channel(relay, TWELVE[:2]), message, ledger)

    assert set(states(receipts).values()) == {SENT}
    assert sorted(relay.accepted) == [f"TO:<{address}>" for address in TWELVE[:2]]


async def test_a_server_that_never_accepts_is_reported_and_another_run_may_send_again(
    channel: MakeChannel, message: Message, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    times = iter([0.0, 1.0, 61.0])
    with monkeypatch.context() as patch:
        patch.setattr(delivery, "_now", lambda: next(times))
        async with serving(ScriptedRelay(lambda word, *_: "450 greylisted" if word == "RCPT" else None)) as relay:
            receipts = await run(channel(relay, TWELVE[:1], patience_minutes=1), message, ledger)

    (receipt,) = receipts
    refusal = f"The mail server 127.0.0.1:{relay.port} does not accept the recipient {TWELVE[0]} at the moment"
    assert (receipt.state, receipt.detail) == (REJECTED, f"{refusal}: 450 greylisted. The run tried 2 times.")
    async with serving(ScriptedRelay()) as relay:
        assert set(states(await run(channel(relay, TWELVE[:1]), message, ledger)).values()) == {SENT}


async def test_without_patience_a_message_is_sent_once(channel: MakeChannel, message: Message, ledger: Ledger) -> None:
    async with serving(ScriptedRelay(lambda word, *_: "450 greylisted" if word == "RCPT" else None)) as relay:
        receipts = await run(channel(relay, TWELVE[:1], patience_minutes=0), message, ledger)

    assert set(states(receipts).values()) == {REJECTED}
    assert relay.words().count("RCPT") == 1


async def test_messages_that_a_busy_server_was_not_asked_to_accept_are_sent_later(
    channel: MakeChannel, message: Message, ledger: Ledger
) -> None:
    refusals = iter(["421 busy"] * 2)
    async with serving(ScriptedRelay(lambda word, *_: next(refusals, None) if word == "hello" else None)) as relay:
        receipts = await run(channel(relay), message, ledger)

    assert set(states(receipts).values()) == {SENT}
    assert relay.sessions <= 2 + 4


async def send(channel: EmailChannel, message: Message) -> str:
    try:
        return await channel.send(message, channel.recipients[0], "id", no_handover)
    finally:
        await channel.close()


@pytest.mark.parametrize(
    ("settings", "name"),
    [({}, "acme.example"), ({"ehlo_name": "reports01.acme.example"}, "reports01.acme.example")],
)
async def test_the_server_is_greeted_with_a_full_name(
    channel: MakeChannel, message: Message, settings: dict[str, str], name: str
) -> None:
    async with serving(ScriptedRelay()) as relay:
        await send(channel(relay, **settings), message)

    assert relay.commands[0] == f"EHLO {name}"


async def test_a_rejected_greeting_names_the_setting(channel: MakeChannel, message: Message) -> None:
    async with serving(ScriptedRelay(lambda word, *_: "501 5.5.4 Invalid" if word == "EHLO" else None)) as relay:
        with pytest.raises(
            DeliveryFailed, match=r"EHLO acme\.example \(501 5\.5\.4 Invalid\)\..* Set email\.ehlo_name"
        ):
            await send(channel(relay), message)


@pytest.mark.parametrize(
    ("extensions", "sentence"),
    [
        (("AUTH XOAUTH2",), "accepts only logins with OAuth 2 (XOAUTH2), which tabnine-report does not support"),
        (("AUTH OAUTHBEARER XOAUTH2",), "accepts only logins with OAuth 2 (OAUTHBEARER, XOAUTH2)"),
        (("AUTH GSSAPI",), "offers only these methods: GSSAPI. Nothing was sent."),
        ((), "offers no login on this connection. Nothing was sent."),
    ],
)
async def test_a_server_without_a_login_by_password_is_named(
    channel: MakeChannel, message: Message, extensions: tuple[str, ...], sentence: str
) -> None:
    async with serving(ScriptedRelay(extensions=extensions)) as relay:
        with pytest.raises(DeliveryFailed) as caught:
            await send(channel(relay, username="reports", password=SecretStr("hush")), message)

    assert sentence in str(caught.value)
    assert "AUTH" not in relay.words()


async def test_a_server_that_cannot_check_a_login_at_the_moment_is_asked_again(
    channel: MakeChannel, message: Message
) -> None:
    relay = ScriptedRelay(lambda word, *_: "454 later" if word == "AUTH" else None, extensions=("AUTH PLAIN",))
    async with serving(relay):
        with pytest.raises(DeliveryDeferred, match="rejected the login with 454"):
            await send(channel(relay, username="reports", password=SecretStr("hush")), message)


async def test_a_message_over_the_servers_limit_has_no_attachments(channel: MakeChannel, message: Message) -> None:
    async with serving(ScriptedRelay(extensions=("SIZE 9000",))) as relay:
        large = Attachment("acme.pdf", "application/pdf", b"%PDF" * 20_000)
        await send(channel(relay), replace(message, attachments=(large,)))

    (mail,) = (command for command in relay.commands if command.startswith("MAIL"))
    assert 0 < int(mail.partition("SIZE=")[2]) <= 9000


@pytest.mark.parametrize("size", ["1", "200"])
async def test_a_message_that_the_server_never_accepts_is_not_sent(
    channel: MakeChannel, message: Message, size: str
) -> None:
    async with serving(ScriptedRelay(extensions=(f"SIZE {size}",))) as relay:
        with pytest.raises(
            DeliveryFailed, match=rf"only messages up to SIZE {size}, and this one has [1-9]\d\d+ bytes"
        ):
            await send(channel(relay), message)

    assert "MAIL" not in relay.words()


@pytest.mark.parametrize("size", ["SIZE", "SIZE 0", "SIZE -5", "SIZE 1e3", "SIZE 1,000", "SIZE 9 9", f"SIZE {10**40}"])
async def test_a_server_that_announces_no_valid_limit_receives_the_message(
    channel: MakeChannel, message: Message, size: str
) -> None:
    async with serving(ScriptedRelay(extensions=(size,))) as relay:
        await send(channel(relay), message)

    assert len(relay.accepted) == 1


@pytest.mark.parametrize(
    ("extensions", "mail", "recipient"),
    [
        (("DSN",), " RET=HDRS ENVID=id", " NOTIFY=FAILURE,DELAY"),
        ((), "", ""),
    ],
)
async def test_a_server_that_reports_bounces_is_asked_to_name_the_message(
    channel: MakeChannel, message: Message, extensions: tuple[str, ...], mail: str, recipient: str
) -> None:
    async with serving(ScriptedRelay(extensions=extensions)) as relay:
        await send(channel(relay), message)

    assert relay.commands[1:3] == [
        f"MAIL FROM:<reports@acme.example>{mail}",
        f"RCPT TO:<{TWELVE[0]}>{recipient}",
    ]
