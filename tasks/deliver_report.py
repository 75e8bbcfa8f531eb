"""Deliver the report over one channel, or preview it to the admins."""

import asyncio
import logging

from tabnine_report.deliver.admin_preview import preview, preview_routes
from tabnine_report.deliver.channels.channel import Route
from tabnine_report.deliver.delivery import deliver, send_without_ledger
from tabnine_report.deliver.message import Message
from tabnine_report.deliver.receipt import Receipt
from tabnine_report.deliver.send_decision import DeliveryRequest
from tabnine_report.runs import clock
from tabnine_report.runs.context import RunContext
from tabnine_report.runs.result import delivery_problem
from tabnine_report.runs.storage import ledger_of
from tasks import shows_details, step

_log = logging.getLogger(__name__)


def _problem(receipts: list[Receipt], _route: Route, _message: Message, run: RunContext, *_: object) -> str:
    return delivery_problem(receipts, run.language, details=shows_details(run.profile))


@step("deliver-report", "deliver by {route.channel.name}", problem_of=_problem)
async def deliver_report(route: Route, message: Message, run: RunContext, request: DeliveryRequest) -> list[Receipt]:
    """Deliver the report to each recipient of a channel that the request selects.

    Prefect never retries this task: only the ledger knows whether a message may be sent again. The task is red if a
    recipient did not, or may not have, received the message.

    Args:
        route: The channel and its edition.
        message: The edition's message.
        run: The run.
        request: The revision, and the recipients who are to receive it.

    Returns:
        A receipt for each recipient, including deliveries by earlier runs.

    Raises:
        LedgerError: If the ledger's address cannot be used.
    """
    ledger = await asyncio.to_thread(ledger_of, run.profile)
    return _logged(await deliver(route.channel, message, request, ledger), run)


@step("preview-report", "preview by {route.channel.name}", problem_of=_problem)
async def preview_report(route: Route, message: Message, run: RunContext, revision: int) -> list[Receipt]:
    """Send an edition's exact message, marked as a preview, to the admins of a channel; the ledger ignores it."""
    marked = await asyncio.to_thread(_marked, route, message, run)
    message_id = f"{run.profile.name}-{run.month}-preview-{route.edition}-{clock.now():%Y%m%d%H%M%S}"
    receipts = await send_without_ledger(
        route.channel,
        marked,
        message_id=message_id,
        revision=revision,
        clock=clock.now,
        patience_seconds=route.channel.patience_seconds,
    )
    return _logged(receipts, run)


def _marked(route: Route, message: Message, run: RunContext) -> Message:
    return preview(message, route, preview_routes(run.profile, clock.now), run.language)


def _logged(receipts: list[Receipt], run: RunContext) -> list[Receipt]:
    details = shows_details(run.profile)
    for receipt in receipts:
        suffix = ", by an earlier run" if receipt.earlier else ""
        recipient = receipt.recipient if details else "a recipient"
        _log.info("%s to %s: %s%s", receipt.channel, recipient, receipt.state, suffix)
    return receipts
