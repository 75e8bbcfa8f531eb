from datetime import UTC, datetime, timedelta

import pytest

from tabnine_report.deliver.ledger.entry import LedgerEntry
from tabnine_report.deliver.receipt import DeliveryState
from tabnine_report.deliver.send_decision import DeliveryRequest, RecipientScope, next_send_number

AT = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("claimed_after", "expected"),
    [(timedelta(microseconds=-1), 3), (timedelta(0), None), (timedelta(microseconds=1), None)],
)
def test_a_run_for_everyone_repeats_only_what_was_claimed_before_it_started_to_deliver(
    claimed_after: timedelta, expected: int | None
) -> None:
    sent = LedgerEntry(
        id=1,
        organization="acme",
        month="2026-10",
        channel="email",
        recipient="cto@acme.example",
        send_number=2,
        revision=1,
        state=DeliveryState.SENT,
        message_id="acme-1f",
        claimed_at=AT + claimed_after,
        handed_over_at=AT,
        settled_at=AT,
        detail="250 OK",
        attempt=1,
        lease_expires_at=None,
    )
    request = DeliveryRequest("acme", "2026-10", 1, RecipientScope.EVERYONE, requested_at=AT)

    assert next_send_number(request, sent, AT + timedelta(hours=1)) == expected
