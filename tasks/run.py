"""What one run is about: whose report, of which month."""

from dataclasses import dataclass, replace
from datetime import datetime

from tabnine_report.model.errors import MonthError
from tabnine_report.model.findings import Note
from tabnine_report.model.month import Month
from tabnine_report.profile.note import read_note
from tabnine_report.profile.profile import Profile
from tabnine_report.profile.reading import read_heading
from tabnine_report.text.i18n import Language
from tasks.read_profile import open_profile, profile_path

LAST_COMPLETE_MONTH = "last complete month"


@dataclass(frozen=True)
class Run:
    """One run of the monthly report.

    Attributes:
        profile: The organization's settings.
        month: The month to report.
        draft: Whether only a draft is wanted.
        typed: The profile's name or path as it was given: what a command for this organization names.
        note: What somebody wrote about the month; None where nobody did, or before it is read.
    """

    profile: Profile
    month: Month
    draft: bool
    typed: str
    note: Note | None = None

    @property
    def language(self) -> Language:
        """How the profile's numbers and dates are written."""
        return self.profile.language


def begin(profile: str, month: str, *, draft: bool, at: datetime) -> Run:
    """Open the profile and choose the month; makes no request.

    Args:
        profile: A profile's name or path.
        month: `YYYY-MM`, or `last complete month`.
        draft: Whether an open month will do.
        at: The instant that the run was meant for, UTC.

    Raises:
        SettingsError: With every problem of the profile.
        MonthError: If the month is open and no draft is wanted, in the future, or no month.
    """
    settings = open_profile(profile)
    run = Run(settings, _meant(month, at, settings), draft, profile)
    _check_month(run, at)
    return run


def with_note(run: Run) -> Run:
    """Read the note for the month; apart from `begin`, so that the admins hear of one that cannot be shown.

    Raises:
        SettingsError: With everything that is wrong with the note.
    """
    return replace(run, note=read_note(profile_path(run.typed), run.month))


def run_name(profile: str, month: str, at: datetime) -> str:
    """Name a run by organization and month, even where its profile cannot be used."""
    meant = month_meant(profile, month, at)
    return f"{read_heading(profile_path(profile)).name} · {meant}" if meant else f"{profile} · {month}"


def month_meant(profile: str, month: str, at: datetime) -> Month | None:
    """Give the month that a run is about, even where its profile cannot be used; None where that cannot be known."""
    try:
        heading = read_heading(profile_path(profile))
        return Month.last_final(at, heading.zone, heading.settle_days) if _is_last(month) else Month.parse(month)
    except Exception:  # noqa: BLE001 - no place to fail: the run itself will say what is wrong
        return None


def _meant(month: str, at: datetime, profile: Profile) -> Month:
    if _is_last(month):
        return Month.last_final(at, profile.zone, profile.report.settle_days)
    return Month.parse(month)


def _is_last(month: str) -> bool:
    return month.strip().lower() == LAST_COMPLETE_MONTH


def _check_month(run: Run, at: datetime) -> None:
    month, profile = run.month, run.profile
    if month.start > at:
        raise MonthError(f"{month} has not begun yet; ask for a month that is over.")
    if not run.draft and not month.is_final(at, profile.zone, profile.report.settle_days):
        final_on = run.language.date(month.final_on(profile.report.settle_days))
        raise MonthError(
            f"{month} is still open: its figures are final from {final_on} ({profile.time_zone}). "
            "Ask for an earlier month, or for a draft."
        )
