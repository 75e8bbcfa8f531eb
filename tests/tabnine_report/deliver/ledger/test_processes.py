"""Runs as real processes: killed at each point of a delivery, and several at once on the same month."""

import multiprocessing
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from delivering_process import POINTS, Delivery
from receivers import Webhook

from tabnine_report.deliver.ledger.ledger import LEASE, Ledger
from tabnine_report.deliver.receipt import DeliveryState
from tabnine_report.deliver.recipients import RecipientScope

KILLED = -9
ANN, BOB, CYD = "ann@acme.example", "bob@acme.example", "cyd@acme.example"
THREE = (ANN, BOB, CYD)
EVERYBODY = tuple(f"p{n}@acme.example" for n in range(6))
LATER = LEASE + timedelta(minutes=1)

# Each process starts from one that has imported everything already.
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["delivering_process", "alembic.command", "sqlalchemy.dialects.postgresql.psycopg"])


@pytest.fixture
def receiver() -> Iterator[Webhook]:
    webhook = Webhook()
    yield webhook
    webhook.stop()


def run(*deliveries: Delivery) -> list[int | None]:
    """Let processes deliver at once, and give their exit codes."""
    begin = PROCESSES.Event()
    processes = [PROCESSES.Process(target=delivery.run, args=(begin,)) for delivery in deliveries]
    for process in processes:
        process.start()
    begin.set()
    for process in processes:
        process.join(90)
    return [process.exitcode for process in processes]


def states(ledger_url: str) -> list[DeliveryState]:
    return [entry.state for entry in Ledger(ledger_url, lambda: datetime.now(UTC)).deliveries("acme")]


def messages(receiver: Webhook) -> Counter[str]:
    return Counter(payload["recipient"] for payload in receiver.payloads)


@pytest.mark.parametrize("point", POINTS)
def test_after_a_kill_everybody_has_one_message_or_is_known_as_unknown(
    ledger_url: str, receiver: Webhook, point: str
) -> None:
    assert run(Delivery(ledger_url, receiver.url, THREE, dies=point)) == [KILLED]
    assert run(Delivery(ledger_url, receiver.url, THREE, late=LATER)) == [0]

    had = messages(receiver)
    # It dies at the first recipient; between the note of handing over and the settling nobody knows what became of it.
    uncertain = point in ("hand-over noted", "handed over", "before settling")
    first = DeliveryState.UNCONFIRMED if uncertain else DeliveryState.SENT
    assert states(ledger_url) == [first, DeliveryState.SENT, DeliveryState.SENT]
    assert [had[recipient] for recipient in THREE] == [0 if point == "hand-over noted" else 1, 1, 1]


def test_before_a_killed_runs_lease_is_over_its_claim_is_left_alone(ledger_url: str, receiver: Webhook) -> None:
    run(Delivery(ledger_url, receiver.url, THREE, dies="after claim"))
    run(Delivery(ledger_url, receiver.url, THREE))

    assert states(ledger_url) == [DeliveryState.CLAIMED, DeliveryState.SENT, DeliveryState.SENT]
    assert messages(receiver) == {BOB: 1, CYD: 1}


def test_what_a_kill_left_unknown_is_sent_again_once_a_person_says_that_it_failed(
    ledger_url: str, receiver: Webhook
) -> None:
    run(Delivery(ledger_url, receiver.url, THREE, dies="hand-over noted"))
    later = Ledger(ledger_url, lambda: datetime.now(UTC) + LATER)
    later.settle_by_hand(("acme", "2026-10", "email", ANN), DeliveryState.FAILED)
    run(Delivery(ledger_url, receiver.url, THREE))

    assert states(ledger_url) == [DeliveryState.SENT] * 3
    assert messages(receiver) == dict.fromkeys(THREE, 1)


@pytest.mark.parametrize("count", [2, 8])
def test_processes_at_once_send_one_message_to_each(ledger_url: str, receiver: Webhook, count: int) -> None:
    ended = run(*(Delivery(ledger_url, receiver.url, EVERYBODY, revision=1 + n % 2) for n in range(count)))

    assert ended == [0] * count
    assert messages(receiver) == dict.fromkeys(EVERYBODY, 1)


def test_processes_at_once_bring_a_later_revision_once(ledger_url: str, receiver: Webhook) -> None:
    run(Delivery(ledger_url, receiver.url, EVERYBODY))
    ended = run(*[Delivery(ledger_url, receiver.url, EVERYBODY, RecipientScope.REVISED, revision=2)] * 4)

    assert ended == [0] * 4
    assert messages(receiver) == dict.fromkeys(EVERYBODY, 2)


def test_processes_at_once_for_everyone_use_no_send_number_twice(ledger_url: str, receiver: Webhook) -> None:
    run(Delivery(ledger_url, receiver.url, EVERYBODY))
    ended = run(*[Delivery(ledger_url, receiver.url, EVERYBODY, RecipientScope.EVERYONE)] * 4)

    assert ended == [0] * 4
    assert set(Counter(payload["id"] for payload in receiver.payloads).values()) == {1}
    had = messages(receiver)
    # A process that sets out when another is through with somebody is another repeat, not the same.
    assert all(2 <= had[recipient] <= 5 for recipient in EVERYBODY)
