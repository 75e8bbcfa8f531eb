"""`tabnine-report settle`: records the outcome of a delivery that the program could not confirm."""

from typing import Annotated, Literal

from cyclopts import Parameter

from cli.terminal import print_line
from tabnine_report.deliver.receipt import DeliveryState
from tabnine_report.model.month import Month
from tabnine_report.runs.month_record import settle_delivery
from tasks.read_profile import open_ledger_profile


def settle(
    *,
    profile: str,
    month: str,
    channel: str,
    recipient: str,
    outcome: Annotated[Literal["sent", "failed"], Parameter(name="--as")],
) -> None:
    """Record the outcome of an unconfirmed delivery, after asking the recipient.

    Args:
        profile: The profile: a name in the profiles folder, or the path of a file.
        month: The month as YYYY-MM.
        channel: The channel of the delivery, as listed by `history`.
        recipient: The recipient, as listed by `history`.
        outcome: "sent": the recipient has the report. "failed": the recipient does not have it; the next run sends it
            again.
    """
    settings = open_ledger_profile(profile)
    key = (settings.name, str(Month.parse(month)), channel, recipient)
    state: Literal[DeliveryState.SENT, DeliveryState.FAILED] = (
        DeliveryState.SENT if outcome == "sent" else DeliveryState.FAILED
    )
    entry = settle_delivery(settings, key, state)
    next_step = "" if state is DeliveryState.SENT else " Rerun the month to send it."
    print_line(
        f"The delivery by {entry.channel} to {entry.recipient} for {entry.month} is settled as {entry.state}."
        f"{next_step}"
    )
