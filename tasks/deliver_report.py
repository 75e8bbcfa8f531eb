"""Delivering the report over one channel."""

import logging

from prefect import task
from prefect.cache_policies import NO_CACHE

from tabnine_report.deliver.delivery import deliver, send_uncounted
from tabnine_report.deliver.message import Message, Receipt
from tabnine_report.deliver.preview import preview, preview_routes
from tabnine_report.deliver.recipients import Order
from tabnine_report.deliver.routes import Route
from tabnine_report.runs import clock
from tabnine_report.runs.storage import ledger_of
from tasks.run import Run

_log = logging.getLogger(__name__)


@task(name="deliver", task_run_name="deliver by {route.channel.name}", cache_policy=NO_CACHE)
async def deliver_to_channel(route: Route, message: Message, run: Run, order: Order) -> list[Receipt]:
    """Deliver to everybody of a channel who is owed the month; never retried by Prefect.

    Args:
        route: The channel, and the edition that goes out by it.
        message: That edition's message, the same for all.
        run: The run.
        order: Which revision is to go to whom.

    Returns:
        A receipt for each recipient, those who had it from an earlier run included.

    Raises:
        LedgerError: If the ledger's address cannot be used.
    """
    return _logged(await deliver(route.channel, message, order, ledger_of(run.profile)))


@task(name="preview", task_run_name="preview by {route.channel.name}", cache_policy=NO_CACHE)
async def preview_to_admins(route: Route, message: Message, run: Run, revision: int) -> list[Receipt]:
    """Show the admins of a channel an edition's exact message, marked as a preview; outside of the ledger."""
    message_id = f"{run.profile.name}-{run.month}-preview-{route.edition}-{clock.now():%Y%m%d%H%M%S}"
    shown = preview(message, route, preview_routes(run.profile, clock.now), run.language)
    return _logged(
        await send_uncounted(route.channel, shown, message_id=message_id, revision=revision, clock=clock.now)
    )


def _logged(receipts: list[Receipt]) -> list[Receipt]:
    for receipt in receipts:
        by = ", by an earlier run" if receipt.earlier else ""
        _log.info("%s to %s: %s%s", receipt.channel, receipt.recipient, receipt.state, by)
    return receipts
