"""Settle an unconfirmed delivery: record what a person found out about it, and how far its month is now."""

from typing import Literal

from tabnine_report.deliver.receipt import DeliveryState
from tabnine_report.model.month import Month
from tabnine_report.profile.profile_parts import LedgerProfile
from tabnine_report.runs.month_record import settle_delivery


def settle(profile: LedgerProfile, month: str, channel: str, recipient: str, outcome: Literal["sent", "failed"]) -> str:
    """Settle the newest delivery of a month to a recipient; return what is recorded and what to do next.

    Args:
        profile: The profile, or its part.
        month: The month as YYYY-MM.
        channel: The channel.
        recipient: The recipient.
        outcome: Whether the recipient has the report.

    Raises:
        MonthError: If it is not a month.
        LedgerError: If there is nothing to settle, or the ledger cannot be written.
    """
    state: Literal[DeliveryState.SENT, DeliveryState.FAILED] = (
        DeliveryState.SENT if outcome == "sent" else DeliveryState.FAILED
    )
    entry = settle_delivery(profile, (profile.name, str(Month.parse(month)), channel, recipient), state)
    next_step = "" if state is DeliveryState.SENT else " Rerun the month to send it."
    return (
        f"The delivery by {entry.channel} to {entry.recipient} for {entry.month} is settled as {entry.state}."
        f"{next_step}"
    )
