"""The admins' notice advises what to do about each delivery that failed or is unconfirmed."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from profile_file import write_profile
from receivers import Webhook
from sample_report import sample_report
from upath import UPath

from tabnine_report.deliver.receipt import DeliveryState, Receipt
from tabnine_report.model.answers import Note
from tabnine_report.runs.result import RunOutput, RunResult, RunStatus
from tasks.notify_admins import notify_admins
from tasks.read_profile import open_run

AT = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)
RERUN = "Fix the problems listed below, then run the month 2026-10 again"
SETTLE = "Ask the recipients marked unconfirmed whether the report arrived, then settle each delivery"


@pytest.fixture
def admins() -> Iterator[Webhook]:
    webhook = Webhook()
    yield webhook
    webhook.stop()


@pytest.mark.parametrize(
    ("states", "advice"),
    [
        ((DeliveryState.SENT, DeliveryState.FAILED), {RERUN}),
        ((DeliveryState.SENT, DeliveryState.UNCONFIRMED), {SETTLE}),
        ((DeliveryState.REJECTED, DeliveryState.UNCONFIRMED), {RERUN, SETTLE}),
    ],
)
async def test_the_advice_depends_on_the_states_of_the_deliveries(
    admins: Webhook, tmp_path: Path, states: tuple[DeliveryState, ...], advice: set[str]
) -> None:
    path = write_profile(tmp_path, f'[admins]\nslack_webhook_url = "{admins.url}"')
    run = open_run(path, "2026-10", draft=False, at=AT)
    receipts = tuple(Receipt("email", f"p{n}@acme.example", state, "why", AT, 1) for n, state in enumerate(states))

    archived = RunResult.of_report(RunStatus.ARCHIVED, RunOutput(sample_report(), UPath(tmp_path)))
    await notify_admins.fn(run, archived.delivered(receipts))

    assert {sentence for sentence in (RERUN, SETTLE) if sentence in admins.text()} == advice


async def test_characters_that_the_pdf_cannot_show_are_named(admins: Webhook, tmp_path: Path) -> None:
    path = write_profile(tmp_path, f'[admins]\nslack_webhook_url = "{admins.url}"')
    run = open_run(path, "2026-10", draft=False, at=AT)
    note = Note(text="Uruk joined: \N{CUNEIFORM SIGN A}. \N{ROCKET}")
    report = sample_report().model_copy(update={"note": note})
    sent = (Receipt("email", "cto@acme.example", DeliveryState.SENT, "250 OK", AT, 1),)

    result = RunResult.of_report(RunStatus.ARCHIVED, RunOutput(report, UPath(tmp_path))).delivered(sent)
    await notify_admins.fn(run, result)

    assert "shows a box for a character that no font has: \N{CUNEIFORM SIGN A} (U+12000)." in admins.text()
    assert "U+1F680" not in admins.text()
