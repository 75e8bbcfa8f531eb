"""Compare the recipients of a month with those of the last month that was delivered, for the notice to the admins.

A recipient who was added or removed by mistake, or on purpose by someone who may not do so, is noticed by a person.
"""

from dataclasses import dataclass

from tabnine_report.deliver.routes import report_routes
from tabnine_report.model.month import Month
from tabnine_report.profile.profile import Profile
from tabnine_report.runs import clock
from tabnine_report.runs.storage import ledger_of

Recipient = tuple[str, str]
"""The channel's name, and the recipient as the ledger records it."""


@dataclass(frozen=True)
class RecipientChanges:
    """How the recipients differ from those of an earlier month.

    Attributes:
        since: The earlier month.
        added: The new recipients.
        removed: The former recipients.
    """

    since: Month
    added: tuple[Recipient, ...]
    removed: tuple[Recipient, ...]


def recipient_changes(profile: Profile, month: Month) -> RecipientChanges | None:
    """Return how the recipients of a profile differ from those in the ledger; None if no earlier month is in it.

    Raises:
        LedgerError: If the ledger cannot be read.
        SettingsError: If a channel cannot be used.
    """
    entries = [entry for entry in ledger_of(profile).deliveries(profile.name) if entry.month < str(month)]
    if not entries:
        return None
    newest = max(entry.month for entry in entries)
    before = {(entry.channel, entry.recipient) for entry in entries if entry.month == newest}
    now = recipients_of(profile)
    return RecipientChanges(Month.parse(newest), tuple(sorted(now - before)), tuple(sorted(before - now)))


def recipients_of(profile: Profile) -> set[Recipient]:
    """Return the recipients of a profile.

    Raises:
        SettingsError: If a channel cannot be used.
    """
    channels = [route.channel for route in report_routes(profile, clock.now)]
    return {(channel.name, recipient.lower()) for channel in channels for recipient in channel.recipients}
