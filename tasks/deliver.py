"""Delivering the report over one channel."""

import logging

from prefect import task
from prefect.cache_policies import NO_CACHE

from reporting.deliver.delivery import deliver, send_uncounted
from reporting.deliver.delivery import preview as preview_of
from reporting.deliver.message import Channel, Message, Receipt
from reporting.deliver.owing import Order
from tasks import clock
from tasks.run import Run
from tasks.storage import ledger_of

_log = logging.getLogger(__name__)


@task(name="deliver", task_run_name="deliver by {channel.name}", cache_policy=NO_CACHE)
async def deliver_to_channel(channel: Channel, message: Message, run: Run, order: Order) -> list[Receipt]:
    """Deliver to everybody of a channel who is owed the month; never retried by Prefect.

    Args:
        channel: The channel.
        message: The message, the same for all.
        run: The run.
        order: Which revision is to go to whom.

    Returns:
        A receipt for each recipient, those who had it from an earlier run included.

    Raises:
        LedgerError: If the ledger cannot be used: then nothing is sent.
    """
    return _logged(await deliver(channel, message, order, ledger_of(run.profile)))


@task(name="preview", task_run_name="preview by {channel.name}", cache_policy=NO_CACHE)
async def preview_to_admins(channel: Channel, message: Message, run: Run, revision: int) -> list[Receipt]:
    """Show the admins of a channel the exact message, marked as a preview; outside of the ledger."""
    message_id = f"{run.profile.name}-{run.month}-preview-{clock.now():%Y%m%d%H%M%S}"
    shown = preview_of(message)
    return _logged(await send_uncounted(channel, shown, message_id=message_id, revision=revision, clock=clock.now))


def _logged(receipts: list[Receipt]) -> list[Receipt]:
    for receipt in receipts:
        _log.info("%s to %s: %s", receipt.channel, receipt.recipient, receipt.state)
    return receipts
