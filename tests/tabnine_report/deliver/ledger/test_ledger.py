"""Claiming, handing over and settling deliveries, in an SQLite file and on a PostgreSQL server."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Literal

import pytest
from pydantic import SecretStr

from tabnine_report.deliver.channels import email as smtp
from tabnine_report.deliver.channels import http_post
from tabnine_report.deliver.channels.slack_bot import UPLOAD_SECONDS, SlackBotChannel
from tabnine_report.deliver.channels.slack_webhook import SlackWebhookChannel
from tabnine_report.deliver.ledger.entry import LedgerEntry
from tabnine_report.deliver.ledger.ledger import LEASE, Claim, Ledger
from tabnine_report.deliver.receipt import DeliveryState
from tabnine_report.deliver.send_decision import DeliveryRequest, RecipientScope
from tabnine_report.model.errors import DeliveryFailed, LedgerError
from tabnine_report.profile.usage_api_settings import NetworkSettings

AT = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)
CTO = "cto@acme.example"
KEY = ("acme", "2026-10", "email", CTO)
CLAIMED, SENT, REJECTED, FAILED, UNCONFIRMED = (
    DeliveryState.CLAIMED,
    DeliveryState.SENT,
    DeliveryState.REJECTED,
    DeliveryState.FAILED,
    DeliveryState.UNCONFIRMED,
)
UNDELIVERED, REVISED, EVERYONE = RecipientScope.UNDELIVERED, RecipientScope.REVISED, RecipientScope.EVERYONE


class Clock:
    """Advances one minute with each call."""

    def __init__(self) -> None:
        self.now = AT

    def __call__(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ledger(ledger_url: str, clock: Clock) -> Ledger:
    return Ledger(SecretStr(ledger_url), clock)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "reports" / "ledger.db"


@pytest.fixture
def file(path: Path, clock: Clock) -> Ledger:
    return Ledger(f"sqlite:///{path}", clock)


def request(
    scope: RecipientScope = UNDELIVERED, *, organization: str = "acme", month: str = "2026-10", revision: int = 1
) -> DeliveryRequest:
    return DeliveryRequest(organization, month, revision, scope, requested_at=AT)


def claim(ledger: Ledger, recipient: str = CTO, delivery: DeliveryRequest | None = None) -> Claim | LedgerEntry:
    return ledger.claim(delivery or request(), "email", recipient)


def claimed(ledger: Ledger, recipient: str = CTO, delivery: DeliveryRequest | None = None) -> Claim:
    result = claim(ledger, recipient, delivery)
    assert isinstance(result, Claim)
    return result


def sent(ledger: Ledger, delivery: DeliveryRequest | None = None) -> LedgerEntry:
    own = claimed(ledger, delivery=delivery)
    ledger.hand_over(own)
    return ledger.settle(own, SENT, "250 OK")


def sends(ledger: Ledger) -> list[tuple[int, int, DeliveryState]]:
    return [(entry.send_number, entry.revision, entry.state) for entry in ledger.deliveries("acme")]


def test_a_new_delivery_is_claimed_handed_over_and_settled(ledger: Ledger) -> None:
    own = claimed(ledger)
    (before,) = ledger.deliveries("acme")
    assert before.lease_expires_at == AT + timedelta(minutes=1) + LEASE
    ledger.hand_over(own)
    settled = ledger.settle(own, SENT, "250 OK")

    assert settled == LedgerEntry(
        id=own.row,
        organization="acme",
        month="2026-10",
        channel="email",
        recipient=CTO,
        send_number=0,
        revision=1,
        state=SENT,
        message_id=own.message_id,
        claimed_at=AT + timedelta(minutes=1),
        handed_over_at=AT + timedelta(minutes=2),
        settled_at=AT + timedelta(minutes=3),
        detail="250 OK",
        attempt=1,
        lease_expires_at=None,
    )
    assert ledger.deliveries("acme") == [settled]


@pytest.mark.parametrize("state", [SENT, UNCONFIRMED])
def test_a_sent_or_unconfirmed_delivery_is_not_claimed_again(ledger: Ledger, state: DeliveryState) -> None:
    settled = ledger.settle(claimed(ledger), state, "")

    assert claim(ledger, delivery=request(revision=2)) == settled


@pytest.mark.parametrize("scope", RecipientScope)
def test_a_claimed_delivery_is_not_claimed_by_another_run(ledger: Ledger, scope: RecipientScope) -> None:
    claimed(ledger)
    entry = claim(ledger, delivery=request(scope, revision=2))

    assert isinstance(entry, LedgerEntry)
    assert entry.state is CLAIMED


@pytest.mark.parametrize("state", [REJECTED, FAILED])
@pytest.mark.parametrize("scope", RecipientScope)
def test_a_rejected_or_failed_delivery_is_retried_with_the_same_id(
    ledger: Ledger, state: DeliveryState, scope: RecipientScope
) -> None:
    first = claimed(ledger)
    ledger.hand_over(first)
    ledger.settle(first, state, "no")

    again = claimed(ledger, delivery=request(scope, revision=2))

    assert (again.row, again.attempt, again.message_id) == (first.row, 2, first.message_id)
    (entry,) = ledger.deliveries("acme")
    assert (entry.state, entry.send_number, entry.revision, entry.detail) == (CLAIMED, 0, 2, "")
    assert (entry.handed_over_at, entry.settled_at) == (None, None)


def test_a_later_revision_is_sent_once_to_those_with_an_earlier_one(ledger: Ledger) -> None:
    first = sent(ledger)
    assert claim(ledger, delivery=request(REVISED, revision=1)) == first

    second = sent(ledger, request(REVISED, revision=2))

    assert claim(ledger, delivery=request(REVISED, revision=2)) == second
    assert claim(ledger, delivery=request(REVISED, revision=1)) == second
    assert sends(ledger) == [(0, 1, SENT), (1, 2, SENT)]
    assert second.message_id != first.message_id


def test_a_bot_is_a_new_recipient_and_another_webhook_is_not(ledger: Ledger) -> None:
    webhook, another, bot = (
        SlackWebhookChannel(SecretStr("https://hooks.example/T1/B1"), NetworkSettings()),
        SlackWebhookChannel(SecretStr("https://hooks.example/T2/B2"), NetworkSettings()),
        SlackBotChannel(SecretStr("xoxb-none"), "C0123456789", NetworkSettings()),
    )
    first = ledger.claim(request(), webhook.name, *webhook.recipients)
    assert isinstance(first, Claim)
    ledger.settle(first, SENT, "")

    assert isinstance(ledger.claim(request(), another.name, *another.recipients), LedgerEntry)
    assert isinstance(ledger.claim(request(), bot.name, *bot.recipients), Claim)


def test_each_run_for_everyone_sends_one_more_message(ledger: Ledger, clock: Clock) -> None:
    sent(ledger)
    again = DeliveryRequest("acme", "2026-10", 1, EVERYONE, requested_at=clock())
    repeated = sent(ledger, again)

    assert claim(ledger, delivery=again) == repeated
    assert isinstance(
        claim(ledger, delivery=DeliveryRequest("acme", "2026-10", 1, EVERYONE, requested_at=clock())), Claim
    )
    assert sends(ledger) == [(0, 1, SENT), (1, 1, SENT), (2, 1, CLAIMED)]


def test_two_runs_for_everyone_that_overlap_send_one_message(ledger: Ledger, clock: Clock) -> None:
    sent(ledger)
    one, other = (DeliveryRequest("acme", "2026-10", 1, EVERYONE, requested_at=clock()) for _ in range(2))

    assert sent(ledger, other).send_number == 1
    assert isinstance(claim(ledger, delivery=one), LedgerEntry)


@pytest.mark.parametrize("scope", RecipientScope)
def test_an_unconfirmed_delivery_waits_for_a_person(ledger: Ledger, scope: RecipientScope) -> None:
    settled = ledger.settle(claimed(ledger), UNCONFIRMED, "silence")

    assert claim(ledger, delivery=DeliveryRequest("acme", "2026-10", 2, scope, AT + timedelta(days=1))) == settled


def test_an_expired_claim_without_handover_can_be_claimed(ledger: Ledger, clock: Clock) -> None:
    expired = claimed(ledger)
    clock.now += LEASE

    assert claimed(ledger) == replace(expired, attempt=2)


def test_an_expired_claim_with_handover_becomes_unconfirmed(ledger: Ledger, clock: Clock) -> None:
    ledger.hand_over(claimed(ledger))
    clock.now += LEASE - timedelta(minutes=2)
    active = claim(ledger)
    assert isinstance(active, LedgerEntry)
    assert active.state is CLAIMED

    entry = claim(ledger)

    assert isinstance(entry, LedgerEntry)
    assert (entry.state, entry.lease_expires_at, entry.settled_at) == (UNCONFIRMED, None, clock.now)
    assert entry.detail.endswith("may have arrived. Ask the recipient.")


def test_a_run_slower_than_its_lease_does_not_send(ledger: Ledger, clock: Clock) -> None:
    slow = claimed(ledger)
    clock.now += LEASE
    other = claimed(ledger)

    with pytest.raises(DeliveryFailed, match="did not send the message"):
        ledger.hand_over(slow)
    ledger.hand_over(other)
    assert ledger.settle(slow, FAILED, "too slow").state is CLAIMED
    assert ledger.settle(other, SENT, "250 OK").attempt == 2


def test_the_owners_result_replaces_an_unconfirmed_one(ledger: Ledger, clock: Clock) -> None:
    own = claimed(ledger)
    ledger.hand_over(own)
    clock.now += LEASE
    claim(ledger)

    assert ledger.settle(own, SENT, "250 OK").state is SENT
    assert ledger.settle(own, FAILED, "it was not").state is SENT


@pytest.mark.parametrize("state", [SENT, FAILED])
def test_a_person_settles_an_unconfirmed_delivery(
    ledger: Ledger, state: Literal[DeliveryState.SENT, DeliveryState.FAILED]
) -> None:
    ledger.settle(claimed(ledger), UNCONFIRMED, "silence")

    settled = ledger.settle_manually(("acme", "2026-10", "email", "CTO@acme.example"), state)

    assert (settled.state, settled.detail) == (state, f"Settled manually as {state}.")
    assert isinstance(claim(ledger), Claim if state is FAILED else LedgerEntry)


def test_a_person_settles_an_expired_claim_and_its_run_does_not_send(ledger: Ledger, clock: Clock) -> None:
    slow = claimed(ledger)
    with pytest.raises(LedgerError, match=r"nothing to settle yet\. Try again after 2026-11-02 06:1\d UTC"):
        ledger.settle_manually(KEY, DeliveryState.FAILED)
    clock.now += LEASE
    ledger.settle_manually(KEY, DeliveryState.SENT)

    with pytest.raises(DeliveryFailed):
        ledger.hand_over(slow)


def test_a_delivery_with_a_known_result_is_not_settled_by_hand(ledger: Ledger) -> None:
    with pytest.raises(LedgerError, match=r"has no delivery by email to this recipient for 2026-10 of acme"):
        ledger.settle_manually(KEY, DeliveryState.SENT)
    sent(ledger)
    with pytest.raises(
        LedgerError,
        match=r"is sent, so there is nothing to settle\. If the message came back",
    ):
        ledger.settle_manually(KEY, DeliveryState.FAILED)


def test_a_lease_is_longer_than_any_channel_takes() -> None:
    smtp_steps = ["connect", "ehlo", "starttls", "ehlo", "auth", "user", "password", "mail", "rcpt", "data", "reset"]
    until_handover = smtp.STEP_TIMEOUT_SECONDS * len(smtp_steps)
    until_response = smtp.STEP_TIMEOUT_SECONDS * smtp.CONTENT_TIMEOUT_FACTOR
    # Slack hands over first, then retries after each rate limit, and uploads the PDF.
    to_post = http_post.REQUEST_SECONDS * (1 + http_post.RATE_LIMIT_RETRIES)
    to_post += http_post.LONGEST_WAIT_SECONDS * http_post.RATE_LIMIT_RETRIES + UPLOAD_SECONDS

    assert max(until_handover, until_response, to_post) < LEASE.total_seconds()


def test_upper_and_lower_case_are_the_same_recipient(ledger: Ledger) -> None:
    claimed(ledger)

    assert isinstance(claim(ledger, "CTO@Acme.example"), LedgerEntry)


def test_months_organizations_channels_and_recipients_are_separate(ledger: Ledger) -> None:
    claims = [
        ledger.claim(request(organization=organization, month=month), channel, recipient)
        for organization, month, channel, recipient in [
            ("acme", "2026-10", "email", CTO),
            ("acme", "2026-09", "email", CTO),
            ("bolt", "2026-10", "email", CTO),
            ("acme", "2026-10", "slack", CTO),
            ("acme", "2026-10", "email", "ceo@acme.example"),
        ]
    ]

    assert len({claim.message_id for claim in claims if isinstance(claim, Claim)}) == 5
    assert [(e.month, e.channel, e.recipient) for e in ledger.deliveries("acme")] == [
        ("2026-09", "email", CTO),
        ("2026-10", "email", "ceo@acme.example"),
        ("2026-10", "email", CTO),
        ("2026-10", "slack", CTO),
    ]
    assert len(ledger.deliveries("acme", "2026-10")) == 3
    assert ledger.deliveries("nobody") == []


def test_a_message_id_contains_the_month_and_no_address(ledger: Ledger, file: Ledger) -> None:
    message_id = claimed(ledger).message_id

    assert message_id.startswith("acme-2026-10-")
    assert "cto" not in message_id
    assert claimed(file).message_id == message_id


def test_entries_are_persistent_and_in_utc(ledger_url: str) -> None:
    there = timezone(timedelta(hours=2))
    claimed(Ledger(ledger_url, lambda: AT.astimezone(there)))

    (entry,) = Ledger(ledger_url, Clock()).deliveries("acme")

    assert entry.claimed_at == AT
    assert entry.claimed_at.tzinfo is UTC


def test_all_instants_come_from_the_clock(ledger_url: str) -> None:
    ledger = Ledger(ledger_url, lambda: AT)
    ledger.settle(claimed(ledger), SENT, "")

    (entry,) = ledger.deliveries("acme")
    assert entry.claimed_at == entry.settled_at == AT


def test_the_check_accepts_a_writable_ledger(file: Ledger, path: Path) -> None:
    file.check()

    assert path.exists()


def test_the_check_rejects_a_file_that_is_not_a_database(path: Path, file: Ledger) -> None:
    path.parent.mkdir()
    path.write_bytes(b"Dear diary, " * 100)

    with pytest.raises(LedgerError, match=rf"^The ledger {path} cannot be used \(file is not a database\)"):
        file.check()


def test_the_check_rejects_the_database_of_another_program(path: Path, file: Ledger) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE deliveries (parcel TEXT)")

    with pytest.raises(LedgerError, match="table deliveries already exists"):
        file.check()


def test_a_folder_that_cannot_be_created_is_reported(tmp_path: Path) -> None:
    (tmp_path / "reports").write_text("a file", encoding="utf-8")
    ledger = Ledger(f"sqlite:///{tmp_path}/reports/ledger.db", Clock())

    with pytest.raises(LedgerError, match="Nothing more is sent without it"):
        ledger.check()


def test_a_locked_ledger_is_an_error_after_the_timeout(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tabnine_report.deliver.ledger.database.LOCK_TIMEOUT_SECONDS", 0.05)
    impatient = Ledger(f"sqlite:///{path}", Clock())
    impatient.check()
    holder = sqlite3.connect(path, isolation_level=None)
    try:
        holder.execute("BEGIN IMMEDIATE")
        with pytest.raises(LedgerError, match="database is locked"):
            claim(impatient)
    finally:
        holder.close()


def test_an_error_contains_no_address(path: Path, file: Ledger) -> None:
    file.check()
    connection = sqlite3.connect(path)
    connection.execute("DROP TABLE deliveries")
    connection.execute("CREATE TABLE deliveries (id INTEGER)")
    connection.commit()
    connection.close()

    with pytest.raises(LedgerError) as caught:
        claim(file)

    assert CTO not in f"{caught.value} {caught.value.__cause__}"
