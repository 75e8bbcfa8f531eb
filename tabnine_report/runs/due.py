"""Find out from the ledger which organizations' last final month was not sent yet."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from tabnine_report.model.errors import ReportingError
from tabnine_report.model.month import Month
from tabnine_report.profile.profile_parts import LedgerProfile
from tabnine_report.profile.reading import read_header
from tabnine_report.profile.references import Resolver
from tabnine_report.runs.month_record import DONE
from tabnine_report.runs.profile_file import load_part_of_profile, profile_path, profiles_with_recipients
from tabnine_report.runs.status import RunStatus
from tabnine_report.runs.storage import month_records_of

_NOT_DUE = DONE | {RunStatus.WITHHELD, RunStatus.UNCONFIRMED}
"""The states of a month that another run would not change: recipients have the report, or a person has to act."""
_THREADS = 8


@dataclass(frozen=True)
class LastMonth:
    """An organization's last final month.

    Attributes:
        organization: The organization's name; the profile's if it cannot be read.
        profile: The profile, as `profile_path` accepts it.
        month: The month, `YYYY-MM`; empty if the profile cannot be read.
        state: How its last run ended, as a value of `RunStatus`; empty if no run has ended.
        reason: Why the report is withheld or postponed, or its run failed or crashed; otherwise empty.
        problem: Why it is not known whether the report is due; empty if it is known.
    """

    organization: str
    profile: str
    month: str = ""
    state: str = ""
    reason: str = ""
    problem: str = ""

    @property
    def is_due(self) -> bool:
        """Whether a run should deliver the report: it was not sent, and no person has to act first."""
        return not self.problem and self.state not in _NOT_DUE


def last_months(at: datetime, resolve: Resolver) -> list[LastMonth]:
    """Return the last final month of each profile in the profiles folder, except for the example and the demo.

    Args:
        at: The time that decides which months are final, UTC.
        resolve: Looks up the references in the ledgers' addresses, in any thread.
    """
    with ThreadPoolExecutor(_THREADS) as threads:
        return list(threads.map(lambda profile: read_last_month(profile, at, resolve), profiles_with_recipients()))


def read_last_month(profile: str, at: datetime, resolve: Resolver) -> LastMonth:
    """Return a profile's last final month; a profile or a ledger that cannot be read is the month's problem."""
    last_month = LastMonth(profile, profile)
    with suppress(Exception):  # the header of an invalid profile
        last_month = replace(last_month, organization=read_header(profile_path(profile)).name)
    try:
        settings = load_part_of_profile(profile, LedgerProfile, resolve)
        month = str(Month.last_final(at, settings.zone, settings.report.settle_days))
        last_month = replace(last_month, organization=settings.name, month=month)
        record = month_records_of(settings).read(month)
    except ReportingError as error:
        return replace(last_month, problem=" ".join(str(error).split()))
    return replace(last_month, state=record.state, reason=record.reason) if record else last_month


def after_its_run(last_month: LastMonth, resolve: Resolver) -> LastMonth:
    """Return the month as the ledger now has it, after a run; unchanged if it cannot be read."""
    with suppress(ReportingError):
        settings = load_part_of_profile(last_month.profile, LedgerProfile, resolve)
        record = month_records_of(settings).read(last_month.month)
        if record is not None:
            return replace(last_month, state=record.state, reason=record.reason)
    return last_month
