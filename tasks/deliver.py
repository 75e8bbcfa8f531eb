"""Delivering the report over one channel."""

import logging

from prefect import task
from prefect.cache_policies import NO_CACHE

from reporting.deliver.delivery import deliver, send_uncounted
from reporting.deliver.delivery import preview as preview_of
from reporting.deliver.message import Channel, Message, Receipt
from tasks import clock
from tasks.run import Run
from tasks.storage import ledger_of

_log = logging.getLogger(__name__)


@task(name="deliver", task_run_name="deliver by {channel.name}", cache_policy=NO_CACHE)
async def deliver_to_channel(
    channel: Channel, message: Message, run: Run, revision: int, *, preview: bool
) -> list[Receipt]:
    """Deliver to everybody of a channel who has not had this month yet; never retried by Prefect.

    Args:
        channel: The channel.
        message: The message, the same for all.
        run: The run.
        revision: The revision that the message is of.
        preview: Whether it is only shown to the admins, outside of the ledger.

    Returns:
        A receipt for each recipient, those who had it from an earlier run included.

    Raises:
        LedgerError: If the ledger cannot be used: then nothing is sent.
    """
    organization, month = run.profile.name, str(run.month)
    if preview:
        message_id = f"{organization}-{month}-preview-{clock.now():%Y%m%d%H%M%S}"
        receipts = await send_uncounted(
            channel, preview_of(message), message_id=message_id, revision=revision, clock=clock.now
        )
    else:
        receipts = await deliver(
            channel,
            message,
            organization=organization,
            month=month,
            revision=revision,
            ledger=ledger_of(run.profile),
        )
    for receipt in receipts:
        _log.info("%s to %s: %s", channel.name, receipt.recipient, receipt.state)
    return receipts
