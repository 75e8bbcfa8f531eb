"""Settle a delivery: record the outcome that a person reports, and the new status of its month."""

from typing import Literal

from tabnine_report.deliver.receipt import DeliveryState
from tabnine_report.model.month import Month
from tabnine_report.profile.profile_parts import LedgerProfile
from tabnine_report.runs.month_record import settle_delivery
from tabnine_report.text.sanitizing import sanitize

Outcome = Literal["sent", "failed", "bounced"]
"""What a person can find out about a delivery."""
_MAX_LENGTH = 320
"""The maximum length of an email address in characters."""

_STATES: dict[Outcome, Literal[DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.REJECTED]] = {
    "sent": DeliveryState.SENT,
    "failed": DeliveryState.FAILED,
    "bounced": DeliveryState.REJECTED,
}


def settle(  # noqa: PLR0913 - the fields of the form
    profile: LedgerProfile, month: str, channel: str, recipient: str, outcome: Outcome, *, details: bool = True
) -> str:
    """Settle the newest delivery of a month to a recipient; return what is recorded and what to do next.

    Args:
        profile: The profile, or its part.
        month: The month as YYYY-MM.
        channel: The channel.
        recipient: The recipient.
        outcome: Whether the recipient has the report, or whether the message came back to the sender.
        details: Whether to name the recipient in what is returned.

    Raises:
        MonthError: If it is not a month.
        LedgerError: If there is nothing to settle, or the ledger cannot be written.
    """
    # A person may have pasted them with invisible characters, which no database and no log needs.
    channel, recipient = (sanitize(text, _MAX_LENGTH) for text in (channel, recipient))
    entry = settle_delivery(profile, (profile.name, str(Month.parse(month)), channel, recipient), _STATES[outcome])
    next_steps = {
        "sent": "",
        "failed": " Rerun the month to send it.",
        "bounced": " Correct the address in the profile, then rerun the month to send it.",
    }
    named = entry.recipient if details else "this recipient"
    return f"The delivery by {entry.channel} to {named} for {entry.month} is settled as {outcome}.{next_steps[outcome]}"
