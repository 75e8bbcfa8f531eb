"""Of two runs that share the recipients of a report, the one that ends last knows what both have sent."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from profile_file import write_profile

from tabnine_report.deliver.ledger.ledger import Claim, Ledger
from tabnine_report.deliver.receipt import DeliveryState, Receipt
from tabnine_report.deliver.send_decision import DeliveryRequest, RecipientScope
from tabnine_report.runs.concurrent_deliveries import with_current_results
from tabnine_report.runs.context import RunContext, load_context
from tabnine_report.runs.storage import ledger_of

AT = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)
ANN, HOOK = ("email", "Ann@acme.example"), ("slack", "webhook")
CLAIMED, SENT, REJECTED, FAILED, UNCONFIRMED = (
    DeliveryState.CLAIMED,
    DeliveryState.SENT,
    DeliveryState.REJECTED,
    DeliveryState.FAILED,
    DeliveryState.UNCONFIRMED,
)


@pytest.fixture
def run(tmp_path: Path) -> RunContext:
    return load_context(write_profile(tmp_path), "2026-10", draft=False, at=AT, resolve=lambda *_: None)


@pytest.fixture
def ledger(run: RunContext) -> Ledger:
    return ledger_of(run.profile)


def claim(ledger: Ledger, delivery: tuple[str, str]) -> Claim:
    claimed = ledger.claim(DeliveryRequest("acme", "2026-10", 1, RecipientScope.UNDELIVERED, AT), *delivery)
    assert isinstance(claimed, Claim)
    return claimed


def receipt(delivery: tuple[str, str], state: DeliveryState) -> Receipt:
    return Receipt(*delivery, state, "as this run knows it", AT, 1, earlier=state is CLAIMED)


def test_both_runs_know_in_the_end_that_all_recipients_have_the_report(run: RunContext, ledger: Ledger) -> None:
    first, second = claim(ledger, HOOK), claim(ledger, ANN)
    of_first, of_second = (
        [receipt(HOOK, SENT), receipt(ANN, CLAIMED)],
        [receipt(HOOK, CLAIMED), receipt(ANN, SENT)],
    )
    ledger.settle(first, SENT, "ok")
    assert [each.state for each in with_current_results(run, of_first)] == [SENT, CLAIMED]

    ledger.settle(second, SENT, "250 OK")
    for receipts in (of_first, of_second):
        assert [each.state for each in with_current_results(run, receipts)] == [SENT, SENT]
    hook, ann = with_current_results(run, of_first)
    assert hook == of_first[0]
    assert (ann.detail, ann.earlier) == ("250 OK", True)


@pytest.mark.parametrize(
    ("known", "recorded", "current"),
    [
        (CLAIMED, REJECTED, REJECTED),
        (CLAIMED, UNCONFIRMED, UNCONFIRMED),
        (FAILED, SENT, SENT),
        (REJECTED, SENT, SENT),
        (REJECTED, REJECTED, REJECTED),
        # Only this run knows that it sent the message, which it could not record.
        (UNCONFIRMED, CLAIMED, UNCONFIRMED),
    ],
)
def test_a_newer_result_of_another_run_replaces_that_of_this_run(
    run: RunContext, ledger: Ledger, known: DeliveryState, recorded: DeliveryState, current: DeliveryState
) -> None:
    claimed = claim(ledger, ANN)
    if recorded is not CLAIMED:
        ledger.settle(claimed, recorded, "as the ledger knows it")

    (result,) = with_current_results(run, [receipt(ANN, known)])

    assert result.state is current
    assert result.earlier is (current is not known)


@pytest.mark.parametrize(("revision", "after"), [(1, timedelta(seconds=1)), (2, timedelta(days=-1))])
def test_a_failed_attempt_is_not_hidden_by_what_was_sent_before(
    run: RunContext, ledger: Ledger, revision: int, after: timedelta
) -> None:
    """An attempt that could not even be recorded leaves the earlier delivery, or the earlier revision, in the ledger.

    A receipt that the ledger lacks has the scheduled time of its run, which may be long before.
    """
    ledger.settle(claim(ledger, ANN), SENT, "250 OK")
    receipts = (Receipt(*ANN, FAILED, "The ledger is full.", datetime.now(UTC) + after, revision),)

    assert with_current_results(run, receipts) == receipts


def test_receipts_that_the_ledger_does_not_know_stay(run: RunContext) -> None:
    receipts = (receipt(ANN, FAILED),)

    assert with_current_results(run, receipts) == receipts


def test_without_the_ledger_the_receipts_stay(run: RunContext, tmp_path: Path) -> None:
    receipts = (receipt(ANN, CLAIMED),)
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "ledger.db").mkdir()

    assert with_current_results(run, receipts) == receipts
