"""Read the note for a month: the one in the ledger, or the one in the file beside the profile."""

from pathlib import Path

from tabnine_report.model.answers import Note
from tabnine_report.model.month import Month
from tabnine_report.profile.note import read_note
from tabnine_report.profile.profile_parts import LedgerProfile
from tabnine_report.runs.storage import answer_records_of


def read_month_note(profile: LedgerProfile, file: Path, month: Month) -> Note | None:
    """Return the note for a month; None if there is none. A note in the ledger takes precedence over a file.

    Args:
        profile: The profile, or its part.
        file: The profile's file.
        month: The reported month.

    Raises:
        LedgerError: If the ledger cannot be read.
        SettingsError: With every problem of the note in the file.
    """
    return answer_records_of(profile).note(str(month)) or read_note(file, month)
