"""What the admins are advised to do, by what came of each delivery."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from receivers import Webhook
from sample_report import sample_report
from upath import UPath

from tabnine_report.deliver.receipt import DeliveryState, Receipt
from tasks.notify import tell_admins
from tasks.outcome import Outcome, Status
from tasks.run import begin

AT = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)
RUN_AGAIN = "Fix the problems listed below, then run the month 2026-10 again"
SETTLE = "Ask the recipients marked unconfirmed whether the report arrived, then settle each delivery"


@pytest.fixture
def admins() -> Iterator[Webhook]:
    webhook = Webhook()
    yield webhook
    webhook.stop()


@pytest.mark.parametrize(
    ("states", "advice"),
    [
        ((DeliveryState.SENT, DeliveryState.FAILED), {RUN_AGAIN}),
        ((DeliveryState.SENT, DeliveryState.UNCONFIRMED), {SETTLE}),
        ((DeliveryState.REJECTED, DeliveryState.UNCONFIRMED), {RUN_AGAIN, SETTLE}),
    ],
)
async def test_for_who_was_missed_and_who_may_have_been_the_admins_hear_what_to_do(
    admins: Webhook, tmp_path: Path, states: tuple[DeliveryState, ...], advice: set[str]
) -> None:
    path = tmp_path / "acme.toml"
    path.write_text(
        'name = "acme"\ntime_zone = "Europe/Berlin"\n[usage_api]\nbase_url = "http://127.0.0.1:9"\n'
        f'token = "sandbox-token"\n[archive]\ndurable = true\n[admins]\nslack_webhook_url = "{admins.url}"\n',
        encoding="utf-8",
    )
    run = begin(str(path), "2026-10", draft=False, at=AT)
    receipts = tuple(Receipt("email", f"p{n}@acme.example", state, "why", AT, 1) for n, state in enumerate(states))

    await tell_admins(run, Outcome(Status.UNDELIVERED, sample_report(), UPath(tmp_path), receipts=receipts))

    assert {one for one in (RUN_AGAIN, SETTLE) if one in admins.text()} == advice
