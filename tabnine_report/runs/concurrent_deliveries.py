"""Complete the receipts of a run with what another run, which delivers the same report, has recorded meanwhile."""

from collections.abc import Iterable

from tabnine_report.deliver.delivery import receipt_of
from tabnine_report.deliver.ledger.entry import LedgerEntry
from tabnine_report.deliver.receipt import DeliveryState, Receipt
from tabnine_report.model.errors import LedgerError
from tabnine_report.runs.context import RunContext
from tabnine_report.runs.storage import ledger_of


def with_current_results(run: RunContext, receipts: Iterable[Receipt]) -> tuple[Receipt, ...]:
    """Return the receipts of a run after all of its channels are done, with the results of other runs.

    Two simultaneous runs share the recipients, and each finds those of the other one in progress. With the current
    results, the run that ends last knows that all recipients have the report, and records it.

    Args:
        run: The run.
        receipts: Its receipts.
    """
    receipts = tuple(receipts)
    if all(receipt.state is DeliveryState.SENT for receipt in receipts):
        return receipts
    try:
        entries = ledger_of(run.profile).deliveries(run.profile.name, str(run.month))
    except LedgerError:  # the receipts state the problem
        return receipts
    # The newest delivery of a recipient comes last.
    newest = {(entry.channel, entry.recipient): entry for entry in entries}
    return tuple(_current(receipt, newest.get((receipt.channel, receipt.recipient.lower()))) for receipt in receipts)


def _current(receipt: Receipt, entry: LedgerEntry | None) -> Receipt:
    if entry is None or receipt.state is DeliveryState.SENT:
        return receipt
    # What was sent before, or an earlier revision, says nothing about an attempt that failed since.
    is_same_report = entry.revision >= receipt.revision and (entry.settled_at or entry.claimed_at) >= receipt.at
    is_sent_since = entry.state is DeliveryState.SENT and is_same_report
    is_newer = receipt.state is DeliveryState.CLAIMED or is_sent_since
    return receipt_of(entry, earlier=True) if is_newer else receipt
