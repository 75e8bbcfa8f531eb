"""Runs as real processes: killed at each point of a delivery, or several at once for the same month."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from delivering_process import POINTS, Delivery
from processes import run_at_once
from receivers import Webhook

from tabnine_report.deliver.ledger.database import LedgerDatabase
from tabnine_report.deliver.ledger.ledger import LEASE, Ledger
from tabnine_report.deliver.receipt import DeliveryState
from tabnine_report.deliver.send_decision import RecipientScope

KILLED = -9
ANN, BOB, CYD = "ann@acme.example", "bob@acme.example", "cyd@acme.example"
THREE = (ANN, BOB, CYD)
SIX = tuple(f"p{n}@acme.example" for n in range(6))
LATER = LEASE + timedelta(minutes=1)


@pytest.fixture
def receiver() -> Iterator[Webhook]:
    webhook = Webhook()
    yield webhook
    webhook.stop()


def run(*deliveries: Delivery) -> list[int | None]:
    return run_at_once(*(delivery.run for delivery in deliveries))


def states(ledger_url: str) -> list[DeliveryState]:
    return [entry.state for entry in Ledger(ledger_url, lambda: datetime.now(UTC)).deliveries("acme")]


def messages(receiver: Webhook) -> Counter[str]:
    return Counter(payload["recipient"] for payload in receiver.payloads)


@pytest.mark.parametrize("point", POINTS)
def test_after_a_kill_each_recipient_has_one_message_or_is_unconfirmed(
    ledger_url: str, receiver: Webhook, point: str
) -> None:
    assert run(Delivery(ledger_url, receiver.url, THREE, dies=point)) == [KILLED]
    assert run(Delivery(ledger_url, receiver.url, THREE, late=LATER)) == [0]

    received = messages(receiver)
    # The process dies at the first recipient; between handover and settling, no one knows whether the message arrived.
    uncertain = point in ("handover recorded", "handed over", "before settling")
    first = DeliveryState.UNCONFIRMED if uncertain else DeliveryState.SENT
    assert states(ledger_url) == [first, DeliveryState.SENT, DeliveryState.SENT]
    assert [received[recipient] for recipient in THREE] == [0 if point == "handover recorded" else 1, 1, 1]


def test_a_killed_runs_claim_is_respected_until_its_lease_expires(ledger_url: str, receiver: Webhook) -> None:
    run(Delivery(ledger_url, receiver.url, THREE, dies="after claim"))
    run(Delivery(ledger_url, receiver.url, THREE))

    assert states(ledger_url) == [DeliveryState.CLAIMED, DeliveryState.SENT, DeliveryState.SENT]
    assert messages(receiver) == {BOB: 1, CYD: 1}


def test_an_unconfirmed_delivery_is_sent_again_after_a_person_settles_it_as_failed(
    ledger_url: str, receiver: Webhook
) -> None:
    run(Delivery(ledger_url, receiver.url, THREE, dies="handover recorded"))
    later = Ledger(ledger_url, lambda: datetime.now(UTC) + LATER)
    later.settle_manually(("acme", "2026-10", "email", ANN), DeliveryState.FAILED)
    run(Delivery(ledger_url, receiver.url, THREE))

    assert states(ledger_url) == [DeliveryState.SENT] * 3
    assert messages(receiver) == dict.fromkeys(THREE, 1)


@pytest.mark.parametrize("count", [2, 8])
def test_parallel_processes_send_one_message_to_each_recipient(ledger_url: str, receiver: Webhook, count: int) -> None:
    exit_codes = run(*(Delivery(ledger_url, receiver.url, SIX, revision=1 + n % 2) for n in range(count)))

    assert exit_codes == [0] * count
    assert messages(receiver) == dict.fromkeys(SIX, 1)


def test_parallel_processes_send_a_later_revision_once(ledger_url: str, receiver: Webhook) -> None:
    run(Delivery(ledger_url, receiver.url, SIX))
    exit_codes = run(*[Delivery(ledger_url, receiver.url, SIX, RecipientScope.REVISED, revision=2)] * 4)

    assert exit_codes == [0] * 4
    assert messages(receiver) == dict.fromkeys(SIX, 2)


def test_parallel_processes_for_everyone_use_each_send_number_once(ledger_url: str, receiver: Webhook) -> None:
    run(Delivery(ledger_url, receiver.url, SIX))
    exit_codes = run(*[Delivery(ledger_url, receiver.url, SIX, RecipientScope.EVERYONE)] * 4)

    assert exit_codes == [0] * 4
    assert set(Counter(payload["id"] for payload in receiver.payloads).values()) == {1}
    received = messages(receiver)
    # A process that starts after another has finished with a recipient sends one more message.
    assert all(2 <= received[recipient] <= 5 for recipient in SIX)


def test_a_process_delivers_while_another_organizations_month_is_locked(postgresql_url: str, receiver: Webhook) -> None:
    with LedgerDatabase(postgresql_url).transaction("bolt", "2026-10"):
        assert run(Delivery(postgresql_url, receiver.url, THREE)) == [0]

    assert messages(receiver) == dict.fromkeys(THREE, 1)
