"""Claiming, noting and settling rows, in an SQLite file and on a PostgreSQL server."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Literal

import psycopg
import pytest
from postgresql import new_database
from pydantic import SecretStr

from tabnine_report.deliver.channels import email as smtp
from tabnine_report.deliver.channels import slack_client as slack
from tabnine_report.deliver.channels.slack_bot import SlackBotChannel
from tabnine_report.deliver.channels.slack_webhook import SlackWebhookChannel
from tabnine_report.deliver.ledger.entry import LedgerEntry
from tabnine_report.deliver.ledger.ledger import LEASE, Claim, Ledger
from tabnine_report.deliver.receipt import DeliveryState
from tabnine_report.deliver.recipients import DeliveryRequest, RecipientScope
from tabnine_report.model.errors import DeliveryFailed, LedgerError
from tabnine_report.profile.usage_api_settings import NetworkSettings

AT = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)
CTO = "cto@acme.example"
KEY = ("acme", "2026-10", "email", CTO)
CLAIMED, SENT, REJECTED, FAILED, UNCONFIRMED = DeliveryState
UNDELIVERED, REVISED, EVERYONE = RecipientScope


class Clock:
    """Moves on a minute whenever it is asked, and further when told to."""

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


def order(
    audience: RecipientScope = UNDELIVERED, *, organization: str = "acme", month: str = "2026-10", revision: int = 1
) -> DeliveryRequest:
    return DeliveryRequest(organization, month, revision, audience, requested_at=AT)


def claim(ledger: Ledger, recipient: str = CTO, wanted: DeliveryRequest | None = None) -> Claim | LedgerEntry:
    return ledger.claim(wanted or order(), "email", recipient)


def claimed(ledger: Ledger, recipient: str = CTO, wanted: DeliveryRequest | None = None) -> Claim:
    found = claim(ledger, recipient, wanted)
    assert isinstance(found, Claim)
    return found


def sent(ledger: Ledger, wanted: DeliveryRequest | None = None) -> LedgerEntry:
    mine = claimed(ledger, wanted=wanted)
    ledger.hand_over(mine)
    return ledger.settle(mine, SENT, "250 OK")


def sends(ledger: Ledger) -> list[tuple[int, int, DeliveryState]]:
    return [(entry.send_number, entry.revision, entry.state) for entry in ledger.deliveries("acme")]


def test_what_is_new_is_claimed_and_noted_with_its_instants(ledger: Ledger) -> None:
    mine = claimed(ledger)
    (before,) = ledger.deliveries("acme")
    assert before.lease_expires_at == AT + timedelta(minutes=1) + LEASE
    ledger.hand_over(mine)
    settled = ledger.settle(mine, SENT, "250 OK")

    assert settled == LedgerEntry(
        id=mine.row,
        organization="acme",
        month="2026-10",
        channel="email",
        recipient=CTO,
        send_number=0,
        revision=1,
        state=SENT,
        message_id=mine.message_id,
        claimed_at=AT + timedelta(minutes=1),
        handed_over_at=AT + timedelta(minutes=2),
        settled_at=AT + timedelta(minutes=3),
        detail="250 OK",
        attempt=1,
        lease_expires_at=None,
    )
    assert ledger.deliveries("acme") == [settled]


@pytest.mark.parametrize("state", [SENT, UNCONFIRMED])
def test_what_was_sent_or_may_have_been_is_not_owed(ledger: Ledger, state: DeliveryState) -> None:
    settled = ledger.settle(claimed(ledger), state, "")

    assert claim(ledger, wanted=order(revision=2)) == settled


@pytest.mark.parametrize("audience", RecipientScope)
def test_what_somebody_else_is_sending_is_theirs_whoever_is_to_get_it(ledger: Ledger, audience: RecipientScope) -> None:
    claimed(ledger)
    found = claim(ledger, wanted=order(audience, revision=2))

    assert isinstance(found, LedgerEntry)
    assert found.state is CLAIMED


@pytest.mark.parametrize("state", [REJECTED, FAILED])
@pytest.mark.parametrize("audience", RecipientScope)
def test_what_surely_did_not_arrive_is_tried_again_under_the_same_id(
    ledger: Ledger, state: DeliveryState, audience: RecipientScope
) -> None:
    first = claimed(ledger)
    ledger.hand_over(first)
    ledger.settle(first, state, "no")

    again = claimed(ledger, wanted=order(audience, revision=2))

    assert (again.row, again.attempt, again.message_id) == (first.row, 2, first.message_id)
    (entry,) = ledger.deliveries("acme")
    assert (entry.state, entry.send_number, entry.revision, entry.detail) == (CLAIMED, 0, 2, "")
    assert (entry.handed_over_at, entry.settled_at) == (None, None)


def test_a_later_revision_is_sent_once_to_those_who_had_an_earlier_one(ledger: Ledger) -> None:
    first = sent(ledger)
    assert claim(ledger, wanted=order(REVISED, revision=1)) == first

    second = sent(ledger, order(REVISED, revision=2))

    assert claim(ledger, wanted=order(REVISED, revision=2)) == second
    assert claim(ledger, wanted=order(REVISED, revision=1)) == second
    assert sends(ledger) == [(0, 1, SENT), (1, 2, SENT)]
    assert second.message_id != first.message_id


def test_a_channel_that_goes_from_webhook_to_bot_is_somebody_new_and_another_webhook_is_not(ledger: Ledger) -> None:
    webhook, another, bot = (
        SlackWebhookChannel(SecretStr("https://hooks.example/T1/B1"), NetworkSettings()),
        SlackWebhookChannel(SecretStr("https://hooks.example/T2/B2"), NetworkSettings()),
        SlackBotChannel(SecretStr("xoxb-none"), "C0123456789", NetworkSettings()),
    )
    had = ledger.claim(order(), webhook.name, *webhook.recipients)
    assert isinstance(had, Claim)
    ledger.settle(had, SENT, "")

    assert isinstance(ledger.claim(order(), another.name, *another.recipients), LedgerEntry)
    assert isinstance(ledger.claim(order(), bot.name, *bot.recipients), Claim)


def test_everyone_gets_it_once_more_from_each_run(ledger: Ledger, clock: Clock) -> None:
    sent(ledger)
    again = DeliveryRequest("acme", "2026-10", 1, EVERYONE, requested_at=clock())
    repeated = sent(ledger, again)

    assert claim(ledger, wanted=again) == repeated
    assert isinstance(
        claim(ledger, wanted=DeliveryRequest("acme", "2026-10", 1, EVERYONE, requested_at=clock())), Claim
    )
    assert sends(ledger) == [(0, 1, SENT), (1, 1, SENT), (2, 1, CLAIMED)]


def test_two_runs_for_everyone_that_overlap_send_one_message(ledger: Ledger, clock: Clock) -> None:
    sent(ledger)
    one, other = (DeliveryRequest("acme", "2026-10", 1, EVERYONE, requested_at=clock()) for _ in range(2))

    assert sent(ledger, other).send_number == 1
    assert isinstance(claim(ledger, wanted=one), LedgerEntry)


@pytest.mark.parametrize("audience", RecipientScope)
def test_what_is_unknown_waits_for_a_person_whoever_is_to_get_it(ledger: Ledger, audience: RecipientScope) -> None:
    settled = ledger.settle(claimed(ledger), UNCONFIRMED, "silence")

    assert claim(ledger, wanted=DeliveryRequest("acme", "2026-10", 2, audience, AT + timedelta(days=1))) == settled


def test_a_dead_claim_without_hand_over_is_free_again(ledger: Ledger, clock: Clock) -> None:
    dead = claimed(ledger)
    clock.now += LEASE

    assert claimed(ledger) == Claim(dead.row, 2, dead.message_id)


def test_a_dead_claim_with_hand_over_becomes_unknown_for_whoever_finds_it(ledger: Ledger, clock: Clock) -> None:
    ledger.hand_over(claimed(ledger))
    clock.now += LEASE - timedelta(minutes=2)
    alive = claim(ledger)
    assert isinstance(alive, LedgerEntry)
    assert alive.state is CLAIMED

    found = claim(ledger)

    assert isinstance(found, LedgerEntry)
    assert (found.state, found.lease_expires_at, found.settled_at) == (UNCONFIRMED, None, clock.now)
    assert found.detail.endswith("may have arrived; ask the recipient.")


def test_a_run_that_was_slower_than_its_lease_is_stopped_before_it_sends(ledger: Ledger, clock: Clock) -> None:
    slow = claimed(ledger)
    clock.now += LEASE
    other = claimed(ledger)

    with pytest.raises(DeliveryFailed, match="nothing was sent"):
        ledger.hand_over(slow)
    ledger.hand_over(other)
    assert ledger.settle(slow, FAILED, "too slow").state is CLAIMED
    assert ledger.settle(other, SENT, "250 OK").attempt == 2


def test_who_handed_it_over_knows_better_than_who_found_it_unknown(ledger: Ledger, clock: Clock) -> None:
    mine = claimed(ledger)
    ledger.hand_over(mine)
    clock.now += LEASE
    claim(ledger)

    assert ledger.settle(mine, SENT, "250 OK").state is SENT
    assert ledger.settle(mine, FAILED, "it was not").state is SENT


@pytest.mark.parametrize("state", [SENT, FAILED])
def test_a_person_settles_what_is_unknown(
    ledger: Ledger, state: Literal[DeliveryState.SENT, DeliveryState.FAILED]
) -> None:
    ledger.settle(claimed(ledger), UNCONFIRMED, "silence")

    settled = ledger.settle_by_hand(("acme", "2026-10", "email", "CTO@acme.example"), state)

    assert (settled.state, settled.detail) == (state, f"Settled as {state} by hand.")
    assert isinstance(claim(ledger), Claim if state is FAILED else LedgerEntry)


def test_a_person_settles_a_dead_claim_and_its_run_is_stopped(ledger: Ledger, clock: Clock) -> None:
    slow = claimed(ledger)
    with pytest.raises(LedgerError, match=r"is being delivered just now, .* until 2026-11-02 06:1\d UTC at most"):
        ledger.settle_by_hand(KEY, FAILED)
    clock.now += LEASE
    ledger.settle_by_hand(KEY, SENT)

    with pytest.raises(DeliveryFailed):
        ledger.hand_over(slow)


def test_what_is_known_is_not_settled_by_hand(ledger: Ledger) -> None:
    with pytest.raises(LedgerError, match=r"has no email to cto@acme\.example for 2026-10 of acme"):
        ledger.settle_by_hand(KEY, SENT)
    sent(ledger)
    with pytest.raises(LedgerError, match="is sent, so there is nothing to settle"):
        ledger.settle_by_hand(KEY, FAILED)


def test_a_lease_is_longer_than_any_channel_takes_to_begin_or_to_be_answered() -> None:
    smtp_steps = ["connect", "ehlo", "starttls", "ehlo", "auth", "user", "password", "mail", "rcpt", "data", "reset"]
    to_begin = smtp.STEP_TIMEOUT_SECONDS * len(smtp_steps)
    to_be_answered = smtp.STEP_TIMEOUT_SECONDS * smtp.CONTENT_TIMEOUT_FACTOR
    # Slack hands over at once, then waits as often as it is told to; a post connects, sends, and is answered.
    to_post = 3 * slack.TIMEOUT_SECONDS * (1 + slack.RATE_LIMIT_RETRIES)
    to_post += slack.LONGEST_WAIT_SECONDS * slack.RATE_LIMIT_RETRIES

    assert max(to_begin, to_be_answered, to_post) < LEASE.total_seconds()


def test_upper_and_lower_case_make_no_second_recipient(ledger: Ledger) -> None:
    claimed(ledger)

    assert isinstance(claim(ledger, "CTO@Acme.example"), LedgerEntry)


def test_months_organizations_channels_and_recipients_are_apart(ledger: Ledger) -> None:
    claims = [
        ledger.claim(order(organization=organization, month=month), channel, recipient)
        for organization, month, channel, recipient in [
            ("acme", "2026-10", "email", CTO),
            ("acme", "2026-09", "email", CTO),
            ("bolt", "2026-10", "email", CTO),
            ("acme", "2026-10", "slack", CTO),
            ("acme", "2026-10", "email", "ceo@acme.example"),
        ]
    ]

    assert all(isinstance(found, Claim) for found in claims)
    assert len({found.message_id for found in claims}) == 5
    assert [(e.month, e.channel, e.recipient) for e in ledger.deliveries("acme")] == [
        ("2026-09", "email", CTO),
        ("2026-10", "email", "ceo@acme.example"),
        ("2026-10", "email", CTO),
        ("2026-10", "slack", CTO),
    ]
    assert len(ledger.deliveries("acme", "2026-10")) == 3
    assert ledger.deliveries("nobody") == []


def test_an_id_tells_the_month_and_no_address(ledger: Ledger, file: Ledger) -> None:
    message_id = claimed(ledger).message_id

    assert message_id.startswith("acme-2026-10-")
    assert "cto" not in message_id
    assert claimed(file).message_id == message_id


def test_it_outlasts_its_maker_and_keeps_instants_in_utc(ledger_url: str) -> None:
    there = timezone(timedelta(hours=2))
    claimed(Ledger(ledger_url, lambda: AT.astimezone(there)))

    (entry,) = Ledger(ledger_url, Clock()).deliveries("acme")

    assert entry.claimed_at == AT
    assert entry.claimed_at.tzinfo is UTC


def test_a_clock_is_asked_and_nothing_else(ledger_url: str) -> None:
    ledger = Ledger(ledger_url, lambda: AT)
    ledger.settle(claimed(ledger), SENT, "")

    (entry,) = ledger.deliveries("acme")
    assert entry.claimed_at == entry.settled_at == AT


def test_a_ledger_that_can_be_written_passes_its_check(file: Ledger, path: Path) -> None:
    file.check()

    assert path.exists()


def test_a_file_that_is_no_ledger_is_said_to_be_none(path: Path, file: Ledger) -> None:
    path.parent.mkdir()
    path.write_bytes(b"Dear diary, " * 100)

    with pytest.raises(LedgerError, match=rf"^The ledger {path} cannot be used \(file is not a database\)"):
        file.check()


def test_a_ledger_of_another_program_is_found_by_the_check(path: Path, file: Ledger) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE deliveries (parcel TEXT)")

    with pytest.raises(LedgerError, match="table deliveries already exists"):
        file.check()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "reports").write_text("a file", encoding="utf-8")
    ledger = Ledger(f"sqlite:///{tmp_path}/reports/ledger.db", Clock())

    with pytest.raises(LedgerError, match="nothing more is sent without it"):
        ledger.check()


def test_a_ledger_that_somebody_holds_is_waited_for_and_then_said_to_be_locked(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
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


def test_an_error_tells_no_address(path: Path, file: Ledger) -> None:
    file.check()
    connection = sqlite3.connect(path)
    connection.execute("DROP TABLE deliveries")
    connection.execute("CREATE TABLE deliveries (id INTEGER)")
    connection.commit()
    connection.close()

    with pytest.raises(LedgerError) as caught:
        claim(file)

    assert CTO not in f"{caught.value} {caught.value.__cause__}"


def test_a_server_that_is_being_restarted_is_waited_for(postgresql: int, monkeypatch: pytest.MonkeyPatch) -> None:
    tries: list[object] = []

    def connect(**options: Any) -> Any:
        tries.append(options["port"])
        if len(tries) == 1:
            raise psycopg.OperationalError("the database system is shutting down")
        return really_connect(**options)

    really_connect = psycopg.connect
    ledger = Ledger(new_database(postgresql), Clock())
    monkeypatch.setattr(psycopg, "connect", connect)
    ledger.check()
    assert tries == [postgresql] * 2


def test_a_server_that_is_not_there_is_named_without_its_password(
    clock: Callable[[], datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tabnine_report.deliver.ledger.database.RECONNECT_TIMEOUT_SECONDS", 0.05)
    ledger = Ledger("postgresql+psycopg://reports:hush@127.0.0.1:9/ledger", clock)

    with pytest.raises(LedgerError, match=r"^The ledger ledger on 127\.0\.0\.1 cannot be used") as caught:
        ledger.check()
    assert "hush" not in f"{caught.value} {caught.value.__cause__} {ledger.__dict__}"


@pytest.mark.parametrize("url", ["postgresql+psycopg://reports:hush@127.0.0.1:port/ledger", "hush"])
def test_an_address_that_is_none_is_said_without_its_password(url: str, clock: Callable[[], datetime]) -> None:
    with pytest.raises(LedgerError, match="is not the address of a database") as caught:
        Ledger(url, clock)
    assert "hush" not in f"{caught.value} {caught.value.__cause__}"


def test_a_driver_that_is_missing_is_named(clock: Callable[[], datetime]) -> None:
    with pytest.raises(LedgerError, match="needs a driver that is not installed"):
        Ledger("postgresql+pg8000://127.0.0.1/ledger", clock)
