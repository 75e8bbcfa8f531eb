"""The flow that settles an unconfirmed delivery."""

import asyncio
from typing import Annotated, Any

from prefect import flow, runtime
from prefect.states import Completed
from pydantic import Field

from flows.running.final_states import failed_flow
from flows.running.scheduled_time import scheduled_at
from tabnine_report.deliver.channels.registry import CHANNEL_KINDS
from tabnine_report.runs.context import MONTH_PATTERN, requested_report
from tabnine_report.runs.settlement import Outcome
from tabnine_report.runs.settlement import settle as settle_delivery
from tabnine_report.text.escaping import escape_markdown
from tasks import shows_details
from tasks.publish_artifacts import publish_markdown
from tasks.read_profile import open_form_profile


def _name_run() -> str:
    parameters = runtime.flow_run.parameters
    organization, month = requested_report(parameters["profile"], parameters["month"], scheduled_at())
    return f"{organization} · settle {month}"


@flow(name="settle", flow_run_name=_name_run)
async def settle(
    month: Annotated[str, Field(json_schema_extra={"pattern": MONTH_PATTERN})],
    channel: Annotated[str, Field(json_schema_extra={"enum": [kind.name for kind in CHANNEL_KINDS]})],
    recipient: str,
    outcome: Outcome,
    profile: str = "demo",
) -> Any:  # noqa: ANN401 - a state; the caller receives its data, a sentence
    """Record the outcome of an unconfirmed delivery, after asking the recipient, or that a sent message bounced.

    Args:
        month: The month of the report as YYYY-MM.
        channel: The channel of the delivery, as in the notice.
        recipient: The recipient, as in the notice.
        outcome: "sent": the recipient has the report. "failed": the recipient does not have it; the next run of the
            month sends it again. "bounced": the message came back to the sender; the next run sends it again.
        profile: The profile: a name in the profiles folder, or the path of a file.

    Returns:
        What is recorded.

    Raises:
        ReportingError: If there is nothing to settle, or the ledger cannot be written.
    """
    try:
        settings = await asyncio.to_thread(open_form_profile, profile)
        details = shows_details(settings)
        settled = await asyncio.to_thread(
            settle_delivery, settings, month, channel, recipient, outcome, details=details
        )
    except Exception as error:  # noqa: BLE001 - any error ends the run
        return await failed_flow("settle", error, profile)
    await publish_markdown(
        "settle", settings.name, f"{settings.name}, {month}", lambda: f"{escape_markdown(settled)}\n"
    )
    return Completed(message=settled, data=settled)
