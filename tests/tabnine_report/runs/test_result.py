"""What came of a run, in a sentence that tells a person what can be done and promises no more."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sample_report import sample_report

from tabnine_report.deliver.message import DeliveryState, Receipt
from tabnine_report.runs.result import Outcome, Status

AT = datetime(2026, 11, 2, 6, tzinfo=UTC)
AGAIN = "Run the month 2026-10 again to deliver the rest."
NOT_BY_ITSELF = "What may have arrived is not sent again by itself: settle it."


@pytest.mark.parametrize(
    ("states", "advice"),
    [
        ([DeliveryState.REJECTED], AGAIN),
        ([DeliveryState.FAILED, DeliveryState.SENT], AGAIN),
        ([DeliveryState.UNCONFIRMED], NOT_BY_ITSELF),
        ([DeliveryState.FAILED, DeliveryState.UNCONFIRMED], f"{AGAIN} {NOT_BY_ITSELF}"),
    ],
)
def test_only_what_a_rerun_delivers_is_promised_of_one(states: list[DeliveryState], advice: str) -> None:
    receipts = tuple(Receipt("email", "cto", state, "The line broke.", AT, 1) for state in states)
    summary = Outcome(Status.UNDELIVERED, sample_report(), Path(), receipts=receipts).summary()
    assert summary.endswith(f" (The line broke). {advice}")


@pytest.mark.parametrize(
    ("states", "status"),
    [
        ([DeliveryState.SENT], Status.DELIVERED),
        ([], Status.DELIVERED),
        ([DeliveryState.SENT, DeliveryState.CLAIMED], Status.UNDER_WAY),
        ([DeliveryState.CLAIMED, DeliveryState.FAILED], Status.UNDELIVERED),
        ([DeliveryState.UNCONFIRMED], Status.UNDELIVERED),
    ],
)
def test_a_delivery_by_another_run_is_no_failure_of_this_one(states: list[DeliveryState], status: Status) -> None:
    receipts = tuple(Receipt("email", "cto", state, "", AT, 1) for state in states)
    assert Outcome(Status.KEPT, sample_report(), Path()).with_receipts(receipts).status is status


def test_who_has_an_earlier_revision_is_not_said_to_have_this_one() -> None:
    receipts = tuple(Receipt("email", "cto", DeliveryState.SENT, "250 OK", AT, revision) for revision in (2, 3))
    outcome = Outcome(Status.KEPT, sample_report(revision=3), Path()).with_receipts(receipts)

    assert outcome.status is Status.DELIVERED
    assert [receipt.revision for receipt in outcome.behind] == [2]
    assert outcome.summary().endswith(
        "is delivered to 2 of 2 recipients. One recipient has an earlier revision: run the month 2026-10 with delivery "
        "revised to send revision 3."
    )


@pytest.mark.parametrize(
    ("earlier", "said"),
    [
        ((), "is made; no channel is set to deliver it."),
        ((False,), "is delivered to 1 of 1 recipient."),
        ((True, False), "is delivered to 2 of 2 recipients."),
        ((True, True), "had been delivered to 2 of 2 recipients by earlier runs; nothing was sent now."),
    ],
)
def test_a_run_that_sent_nothing_says_so(earlier: tuple[bool, ...], said: str) -> None:
    receipts = tuple(Receipt("email", "cto", DeliveryState.SENT, "", AT, 1, one) for one in earlier)

    assert Outcome(Status.KEPT, sample_report(), Path()).with_receipts(receipts).summary().endswith(f" {said}")
