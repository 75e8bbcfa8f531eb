"""Find the months that were not sent by the due day."""

import shlex
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from tabnine_report.deliver.ledger.month_records import MonthRecord
from tabnine_report.model.month import Month
from tabnine_report.profile.channel_settings import AdminSettings
from tabnine_report.profile.profile_parts import LedgerProfile
from tabnine_report.runs.month_record import DONE
from tabnine_report.runs.release import release_command
from tabnine_report.runs.status import RunStatus
from tabnine_report.watchdog.problem import Problem, ProblemKind
from tabnine_report.watchdog.watched_profile import WatchedProfile

CHECK = "month"
LONGEST_POSTPONEMENT = timedelta(hours=25)
"""A run that waits for the API ends a day after its start at the latest."""

_TRIED = frozenset(RunStatus) - DONE - {RunStatus.ARCHIVED, RunStatus.PREVIEWED, RunStatus.PREVIEW_INCOMPLETE}
"""The states of a month whose report a run was to deliver."""


def watched_months(ledger: LedgerProfile, now: datetime) -> tuple[Month, ...]:
    """Return the months that the watchdog checks: the last final month, and the one before."""
    return Month.last_final(now, ledger.zone, ledger.report.settle_days).last(2)


def month_problems(
    watched: WatchedProfile,
    ledger: LedgerProfile,
    records: Sequence[MonthRecord],
    deployed_on: date | None,
    now: datetime,
) -> Iterator[Problem]:
    """Yield the months that were not sent by the due day.

    A month is not expected if the organization was added after the month was final.

    Args:
        watched: The profile.
        ledger: Its ledger settings.
        records: The records of the organization's months, oldest first.
        deployed_on: The local day on which its deployment was created; None if that is not known.
        now: The current time.
    """
    by_month = {record.month: record for record in records}
    for month in watched_months(ledger, now):
        due = due_day_of(month, ledger, watched.admins)
        record = by_month.get(str(month))
        is_done = record is not None and record.state in DONE
        if watched.today(now) < due or is_done or not is_expected(month, ledger, records, deployed_on):
            continue
        if problem := _problem(watched, month, record, now):
            yield problem


def due_day_of(month: Month, ledger: LedgerProfile, admins: AdminSettings) -> date:
    """Return the local day on which a month has to be sent: `admins.due_day`, but not before the month is final."""
    return max(month.back(-1).first_day.replace(day=admins.due_day), month.final_on(ledger.report.settle_days))


def is_expected(month: Month, ledger: LedgerProfile, records: Sequence[MonthRecord], deployed_on: date | None) -> bool:
    """Return whether the organization was already due to receive reports when the month became final."""
    has_begun = any(record.month < str(month) and record.state in _TRIED | DONE for record in records)
    was_tried = any(record.month == str(month) and record.state in _TRIED for record in records)
    was_deployed = deployed_on is not None and deployed_on <= month.final_on(ledger.report.settle_days)
    return has_begun or was_tried or was_deployed


def _problem(watched: WatchedProfile, month: Month, record: MonthRecord | None, now: datetime) -> Problem | None:
    translate, key = watched.language.translate, f"{CHECK} {month}"
    rerun = shlex.join(["tabnine-report", "run", "--profile", watched.profile, "--month", str(month)])
    if record is None:
        return Problem(
            ProblemKind.MONTH_NOT_SENT, key, translate("watch.no_run"), translate("watch.run_month"), month, rerun
        )
    if record.state == RunStatus.POSTPONED and now - record.updated_at < LONGEST_POSTPONEMENT:
        return None
    if record.state == RunStatus.WITHHELD:
        advice = f"{translate('watch.review')} {translate('notice.advice_release', organization=watched.name)}"
        release = release_command(watched.profile, str(month), record.revision or 1)
        return Problem(ProblemKind.MONTH_WITHHELD, key, record.reason, advice, month, release)
    if record.state == RunStatus.UNCONFIRMED:
        return None  # a problem of its own, with advice of its own
    instant = watched.language.instant(record.updated_at)
    reason = translate("watch.last_run", instant=instant, state=RunStatus(record.state).label)
    return Problem(
        ProblemKind.MONTH_NOT_SENT,
        key,
        " ".join(filter(None, (reason, record.reason))),
        translate("watch.run_month"),
        month,
        rerun,
    )
