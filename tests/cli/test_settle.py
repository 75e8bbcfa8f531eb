"""A person settles an unconfirmed delivery, and history shows the result."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from profile_file import write_profile

from cli.main import status
from tabnine_report.deliver.ledger.ledger import Claim, Ledger
from tabnine_report.deliver.receipt import DeliveryState
from tabnine_report.deliver.send_decision import DeliveryRequest, RecipientScope

NOW = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(f"sqlite:///{tmp_path}/reports/ledger.db", lambda: NOW)


@pytest.fixture
def profile(tmp_path: Path) -> str:
    return write_profile(tmp_path, time_zone="UTC")


def deliver(ledger: Ledger, state: DeliveryState, *, revision: int = 1) -> None:
    claim = ledger.claim(
        DeliveryRequest("acme", "2026-10", revision, RecipientScope.REVISED, NOW), "email", "cto@acme.example"
    )
    assert isinstance(claim, Claim)
    ledger.settle(claim, state, "")


def settle(profile: str, outcome: str) -> int:
    delivery = ["--month", "2026-10", "--channel", "email", "--recipient", "CTO@acme.example"]
    return status(["settle", "--profile", profile, *delivery, "--as", outcome])


@pytest.mark.parametrize(
    ("outcome", "result"),
    [("sent", "is settled as sent."), ("failed", "is settled as failed. Rerun the month to send it.")],
)
def test_an_unconfirmed_delivery_is_settled(
    ledger: Ledger, profile: str, outcome: str, result: str, capsys: pytest.CaptureFixture[str]
) -> None:
    deliver(ledger, DeliveryState.UNCONFIRMED)

    assert settle(profile, outcome) == 0
    assert capsys.readouterr().out == f"The delivery by email to cto@acme.example for 2026-10 {result}\n"
    assert [entry.state for entry in ledger.deliveries("acme")] == [DeliveryState(outcome)]


@pytest.mark.parametrize("state", [DeliveryState.SENT, DeliveryState.UNCONFIRMED])
def test_a_delivery_that_bounced_is_sent_again_by_the_next_run(
    ledger: Ledger, profile: str, state: DeliveryState, capsys: pytest.CaptureFixture[str]
) -> None:
    deliver(ledger, state)

    assert settle(profile, "bounced") == 0
    next_step = "Correct the address in the profile, then rerun the month to send it."
    assert capsys.readouterr().out.endswith(f"is settled as bounced. {next_step}\n")
    (entry,) = ledger.deliveries("acme")
    assert (entry.state, entry.detail) == (DeliveryState.REJECTED, "Settled manually as bounced.")
    deliver(ledger, DeliveryState.SENT)
    assert [entry.state for entry in ledger.deliveries("acme")] == [DeliveryState.SENT]


@pytest.mark.parametrize("state", [DeliveryState.REJECTED, DeliveryState.FAILED])
def test_a_delivery_that_was_not_sent_cannot_have_bounced(
    ledger: Ledger, profile: str, state: DeliveryState, capsys: pytest.CaptureFixture[str]
) -> None:
    deliver(ledger, state)

    assert settle(profile, "bounced") == 1
    assert f"is {state}, so there is nothing to settle" in capsys.readouterr().err


def test_a_confirmed_delivery_cannot_be_settled(
    ledger: Ledger, profile: str, capsys: pytest.CaptureFixture[str]
) -> None:
    deliver(ledger, DeliveryState.SENT)

    assert settle(profile, "failed") == 1
    assert "is sent, so there is nothing to settle" in capsys.readouterr().err


def test_history_numbers_resent_deliveries(ledger: Ledger, profile: str, capsys: pytest.CaptureFixture[str]) -> None:
    deliver(ledger, DeliveryState.SENT)
    deliver(ledger, DeliveryState.UNCONFIRMED, revision=2)

    assert status(["history", "--profile", profile]) == 0
    output = capsys.readouterr().out
    assert re.search(r"email +cto@acme\.example +0 +sent +r1 ", output)
    assert re.search(r"email +cto@acme\.example +1 +unconfirmed +r2 ", output)
