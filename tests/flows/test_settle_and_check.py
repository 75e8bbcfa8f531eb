"""The forms of an admin beside the answer: settle an unconfirmed delivery, and check what a run needs."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from prefect.client.schemas.objects import StateType
from receivers import Mail, Webhook

from flows.check import check
from flows.settle import settle
from tabnine_report.deliver.channels.registry import CHANNEL_KINDS
from tabnine_report.deliver.ledger.ledger import Claim, Ledger
from tabnine_report.deliver.receipt import DeliveryState
from tabnine_report.deliver.send_decision import DeliveryRequest, RecipientScope
from tabnine_report.runs import preflight_checks

pytestmark = pytest.mark.usefixtures("_on_the_2nd")

NOW = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)
READER = "cto@acme.example"


def test_the_form_of_a_settlement_has_every_channel() -> None:
    assert settle.parameters.properties["channel"]["enum"] == [kind.name for kind in CHANNEL_KINDS]


async def test_an_unconfirmed_delivery_is_settled_without_the_secrets_of_the_api(
    write_profile: Callable[..., str], artifacts: list[str], tmp_path: Path
) -> None:
    profile = write_profile(token="${TOKEN_THAT_IS_NOT_SET}")
    ledger = Ledger(f"sqlite:///{tmp_path}/reports/ledger.db", lambda: NOW)
    claim = ledger.claim(DeliveryRequest("acme", "2026-10", 1, RecipientScope.REVISED, NOW), "email", READER)
    assert isinstance(claim, Claim)
    ledger.settle(claim, DeliveryState.UNCONFIRMED, "")

    settled = await settle("2026-10", "email", READER, "failed", profile)

    sentence = f"The delivery by email to {READER} for 2026-10 is settled as failed. Rerun the month to send it."
    assert settled == sentence
    assert artifacts[0].replace("\\", "") == f"{sentence}\n"
    assert [entry.state for entry in ledger.deliveries("acme")] == [DeliveryState.FAILED]
    again = await settle("2026-10", "email", READER, "failed", profile, return_state=True)
    assert again.type is StateType.FAILED
    assert again.message == (
        "The delivery by email to this recipient for 2026-10 is failed, so there is nothing to settle. "
        "The next run of the month sends it."
    )
    *lines, advice = artifacts[1].replace("\\", "").split("\n\n")
    assert lines == [
        "## acme · settle 2026-10 · Failed",
        "**What happened**",
        "The outcome was rejected, or could not be recorded completely.",
        "**Why**",
        str(again.message),
        "**What to do**",
    ]
    assert advice.startswith("Correct the entries, or fix the problem. Then start it again: ")


async def test_a_check_sends_nothing_and_lists_what_failed_first(
    write_profile: Callable[..., str],
    artifacts: list[str],
    channel: Webhook,
    mail: Mail,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(preflight_checks, "preflight", lambda: ["No fonts for cto@acme.example."])

    state = await check(write_profile(), return_state=True)

    assert state.type is StateType.FAILED
    assert str(state.message).startswith("1 check failed. A run would fail, or its report would be incomplete,")
    lines = artifacts[0].splitlines()
    assert lines[2:5] == [
        "| Check | Result | Detail |",
        "| --- | --- | --- |",
        "| fonts and libraries | FAILED | No fonts for cto@acme.example. |",
    ]
    assert any(line.startswith("| ledger | ok |") for line in lines)
    assert channel.payloads == []
    assert mail.recipients() == []


async def test_a_check_shows_no_details_where_prefect_stores_only_the_status(
    write_profile: Callable[..., str], artifacts: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preflight_checks, "preflight", list)

    state = await check(write_profile(more='[prefect]\nartifacts = "status"'), return_state=True)

    assert (state.type, state.message) == (StateType.COMPLETED, "All checks passed. A run can start.")
    assert "| ledger | ok |" in artifacts[0].splitlines()
    assert "recipient" not in artifacts[0]


async def test_a_check_of_an_invalid_profile_fails_with_its_problems(
    write_profile: Callable[..., str], artifacts: list[str]
) -> None:
    state = await check(write_profile(token="${TOKEN_THAT_IS_NOT_SET}"), return_state=True)

    assert state.type is StateType.FAILED
    assert "TOKEN_THAT_IS_NOT_SET" in str(state.message)
    assert artifacts[0].startswith("## acme · check · Failed\n\n**What happened**\n\nThe check stopped before its end.")
    assert "TOKEN" in artifacts[0]
