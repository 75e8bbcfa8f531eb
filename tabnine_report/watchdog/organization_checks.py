"""Run the checks that need no Prefect server, for one organization."""

import shlex
from datetime import date, datetime

from tabnine_report.deliver.ledger.month_records import MonthRecord
from tabnine_report.model.errors import ArchiveError, LedgerError
from tabnine_report.profile.profile_parts import LedgerProfile
from tabnine_report.runs.status import RunStatus
from tabnine_report.runs.storage import archive_of, ledger_of, month_records_of
from tabnine_report.watchdog import deliveries, disk, expiry, months
from tabnine_report.watchdog.problem import RUN_CHECK, Findings, Problem, ProblemKind
from tabnine_report.watchdog.watched_profile import WatchedProfile

LEDGER_CHECK, PROFILE_CHECK = "ledger", "profile"


def read_records(watched: WatchedProfile, findings: Findings) -> list[MonthRecord] | None:
    """Return the records of the organization's months; None if the ledger cannot be used, which is a problem."""
    problem = watched.ledger_problem
    if watched.ledger is not None:
        try:
            return month_records_of(watched.ledger).read_all()
        except LedgerError as error:
            problem = str(error)
    translate = watched.language.translate
    findings.problems.append(
        Problem(ProblemKind.LEDGER_UNREACHABLE, LEDGER_CHECK, problem, translate("watch.correct_ledger"))
    )
    for check in (months.CHECK, deliveries.CHECK):
        findings.unchecked[check] = translate("watch.no_ledger")
    return None


def check_ledger(
    watched: WatchedProfile,
    records: list[MonthRecord],
    deployed_on: date | None,
    now: datetime,
    findings: Findings,
) -> None:
    """Add what the ledger knows: months that were not sent, and unconfirmed deliveries.

    Args:
        watched: The profile.
        records: The records of the organization's months.
        deployed_on: The local day on which its deployment was created; None if that is not known.
        now: The current time.
        findings: The findings of this round, with those about runs.
    """
    if watched.ledger is None:
        return
    deliveries.check_deliveries(watched, ledger_of(watched.ledger).deliveries(watched.name), now, findings)
    explained = {str(problem.month) for problem in findings.problems if problem.month}
    if findings.is_unchecked(RUN_CHECK):  # the dead run is still a problem of its own
        explained |= {record.month for record in records if record.state == RunStatus.CRASHED}
    findings.unchecked |= {
        f"{months.CHECK} {month}": watched.language.translate("watch.explained") for month in explained
    }
    findings.problems += [
        problem
        for problem in months.month_problems(watched, watched.ledger, records, deployed_on, now)
        if str(problem.month) not in explained
    ]


def check_settings_and_storage(watched: WatchedProfile, now: datetime, findings: Findings) -> None:
    """Add an invalid profile, a token or a license that ends soon, and a disk that is nearly full."""
    translate = watched.language.translate
    if watched.problems:
        problems = "; ".join(problem.rstrip(".") for problem in watched.problems)
        findings.problems.append(
            Problem(
                ProblemKind.PROFILE_INVALID,
                PROFILE_CHECK,
                translate("watch.profile", problems=problems),
                translate("watch.correct_profile"),
                command=shlex.join(["tabnine-report", "check", "--profile", watched.profile]),
            )
        )
    findings.problems += expiry.token_problems(watched, now)
    if watched.ledger is None:
        return
    _check_license(watched, watched.ledger, now, findings)
    try:
        findings.problems += disk.disk_problems(watched.ledger, watched.language)
    except OSError as error:
        findings.unchecked[disk.CHECK] = str(error.strerror)


def _check_license(watched: WatchedProfile, ledger: LedgerProfile, now: datetime, findings: Findings) -> None:
    try:
        ends = expiry.license_end(archive_of(ledger), watched.name)
    except ArchiveError as error:
        findings.unchecked[expiry.LICENSE_CHECK] = str(error)
        return
    if ends is not None and ends < watched.today(now):
        findings.unchecked[expiry.LICENSE_CHECK] = watched.language.translate("watch.license_ended")
    elif ends is not None:
        findings.problems += expiry.license_problems(watched, ends, now)
