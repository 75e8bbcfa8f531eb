"""What one run is about: the organization's settings and the month. Makes no request."""

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from tabnine_report.model.answers import Note
from tabnine_report.model.errors import MonthError
from tabnine_report.model.month import Month
from tabnine_report.profile.profile import Profile
from tabnine_report.profile.profile_parts import ArchiveProfile
from tabnine_report.profile.reading import read_header
from tabnine_report.profile.references import Resolver
from tabnine_report.runs.month_note import read_month_note
from tabnine_report.runs.profile_file import load_profile_of_run, profile_path
from tabnine_report.text.i18n import Language
from tabnine_report.text.sanitizing import NAME_LENGTH, sanitize

LAST_COMPLETE_MONTH = "last complete month"
_MONTH = "[0-9]{4}-(0[1-9]|1[0-2])"
MONTH_PATTERN = f"^(?!enter YYYY-MM, such as 2026-10)({_MONTH})$"
MONTH_OR_LAST_PATTERN = (
    f"^(?!enter YYYY-MM, such as 2026-10, or {LAST_COMPLETE_MONTH})({LAST_COMPLETE_MONTH}|{_MONTH})$"
)
"""What a person may enter as the month in Prefect's form.

Prefect rejects other entries and shows only this pattern. Its first group states what to enter, and excludes nothing.
"""


@dataclass(frozen=True)
class RunContext:
    """One run of the monthly report.

    Attributes:
        profile: The organization's settings.
        month: The month to report.
        draft: Whether the run builds a draft.
        profile_argument: The profile's name or path as typed; commands in notices repeat it.
        note: The month's note; None if there is none or it has not been read.
    """

    profile: Profile
    month: Month
    draft: bool
    profile_argument: str
    note: Note | None = None

    @property
    def language(self) -> Language:
        """The organization's words and formats of numbers and dates."""
        return self.profile.language

    def link(self, revision: int) -> str:
        """Return the web address of a revision's report; empty if the profile has no `archive.link_base`."""
        base = self.profile.archive.link_base
        return f"{base}/{self.profile.name}/{self.month}/r{revision}/report.html" if base else ""


def load_context(profile: str, month: str, *, draft: bool, at: datetime, resolve: Resolver) -> RunContext:
    """Open the profile and choose the month.

    Args:
        profile: A profile's name or path.
        month: `YYYY-MM`, or `last complete month`.
        draft: Whether the run builds a draft; a draft's month may be open.
        at: The scheduled time of the run, UTC.
        resolve: Looks up the profile's references to environment variables and secrets.

    Raises:
        SettingsError: With every problem of the profile.
        MonthError: If the month is not a month, has not begun, or is open and the run builds no draft.
    """
    settings = load_profile_of_run(profile, resolve)
    run = RunContext(settings, month_of(month, at, settings), draft, profile)
    _check_month(run, at)
    return run


def month_of(month: str, at: datetime, profile: ArchiveProfile) -> Month:
    """Return the month that a person entered.

    Args:
        month: `YYYY-MM`, or `last complete month`.
        at: The scheduled time of the run, UTC.
        profile: The profile, or its part, which decides when a month is final.

    Raises:
        MonthError: If it is not a month.
    """
    return Month.last_final(at, profile.zone, profile.report.settle_days) if _is_last(month) else Month.parse(month)


def with_note(run: RunContext) -> RunContext:
    """Read the month's note.

    This is not a part of `load_context`, because a run with a known profile can notify all of its admins.

    Raises:
        LedgerError: If the ledger, which may have the note, cannot be read.
        SettingsError: With every problem of the note.
    """
    return replace(run, note=read_month_note(run.profile, profile_path(run.profile_argument), run.month))


def run_name(profile: str, month: str, at: datetime) -> str:
    """Return the run's name, organization and month, even if its profile cannot be used."""
    return " · ".join(requested_report(profile, month, at))


def requested_report(profile: str, month: str, at: datetime) -> tuple[str, str]:
    """Return the run's organization and month; if they cannot be read, the profile's file name, the month as typed."""
    try:
        organization = read_header(profile_path(profile)).name
    except Exception:  # noqa: BLE001 - the run itself reports what is wrong
        organization = sanitize(Path(profile).stem, NAME_LENGTH)
    return organization, str(requested_month(profile, month, at) or sanitize(month, NAME_LENGTH))


def requested_month(profile: str, month: str, at: datetime) -> Month | None:
    """Return the run's month even if its profile cannot be used; None if it cannot be determined."""
    try:
        heading = read_header(profile_path(profile))
        return Month.last_final(at, heading.zone, heading.settle_days) if _is_last(month) else Month.parse(month)
    except Exception:  # noqa: BLE001 - a name must not fail; the run itself reports what is wrong
        return None


def _is_last(month: str) -> bool:
    return month.strip().lower() == LAST_COMPLETE_MONTH


def _check_month(run: RunContext, at: datetime) -> None:
    month, profile = run.month, run.profile
    if month.start > at:
        raise MonthError(f"{month} has not begun yet. Choose a month that has ended.")
    if not run.draft and not month.is_final(at, profile.zone, profile.report.settle_days):
        final_on = run.language.date(month.final_on(profile.report.settle_days))
        raise MonthError(
            f"{month} is still open: its figures are final from {final_on} ({profile.time_zone}). "
            "Choose an earlier month, or build a draft."
        )
