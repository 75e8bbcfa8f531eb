"""`tabnine-report settle`: a person says what came of a delivery of which the program cannot know."""

from typing import Annotated, Literal

from cyclopts import Parameter

from cli.terminal import tell
from tabnine_report.deliver.message import DeliveryState
from tabnine_report.model.month import Month
from tabnine_report.runs.storage import ledger_of
from tasks.read_profile import open_profile


def settle(
    *,
    profile: str,
    month: str,
    channel: Literal["email", "slack", "folder"],
    recipient: str,
    outcome: Annotated[Literal["sent", "failed"], Parameter(name="--as")],
) -> None:
    """Settle an unknown delivery, after asking the recipient.

    Args:
        profile: The organization's profile: a name in the folder of profiles, or a file.
        month: The month as YYYY-MM.
        channel: The channel of the delivery.
        recipient: Whose it is, as history shows it.
        outcome: sent when the recipient has it; failed when not, and the next run sends it.
    """
    settings = open_profile(profile)
    key = (settings.name, str(Month.parse(month)), channel, recipient)
    state: Literal[DeliveryState.SENT, DeliveryState.FAILED] = (
        DeliveryState.SENT if outcome == "sent" else DeliveryState.FAILED
    )
    entry = ledger_of(settings).settle_by_hand(key, state)
    afterwards = "" if state is DeliveryState.SENT else "; run the month again to send it"
    tell(f"{entry.channel} to {entry.recipient} for {entry.month} is settled as {entry.state}{afterwards}.")
