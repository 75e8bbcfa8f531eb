"""Remember the problems that a run reported to the admins, so that the watchdog does not repeat them that day."""

from datetime import datetime

from tabnine_report.deliver.notice_message import Notice, event_of
from tabnine_report.profile.profile import AdminContacts
from tabnine_report.runs.context import RunContext
from tabnine_report.watchdog.memory import Memory
from tabnine_report.watchdog.organization_checks import check_ledger, read_records
from tabnine_report.watchdog.problem import Findings
from tabnine_report.watchdog.watched_profile import WatchedProfile


def remember_reported_problems(run: RunContext, now: datetime) -> None:
    """Remember the problems of a run's month that the watchdog would find now, after its admins were notified.

    The watchdog still reports them on the next day, and when they are solved.

    Args:
        run: The run, whose end is recorded.
        now: The current time.

    Raises:
        LedgerError: If the ledger cannot be used.
    """
    watched = _watched(run)
    findings = Findings()
    records = read_records(watched, findings)
    if records is None:
        return
    check_ledger(watched, records, None, now, findings)
    memory, day = Memory(watched.ledger, watched.name), watched.today(now)
    for problem in findings.problems:
        sentence = event_of(Notice(problem.kind, watched.name, run.month), watched.language)
        if problem.month == run.month and memory.claim_found(problem.key, problem.kind, sentence, day):
            memory.record_notified(problem.key, day)


def _watched(run: RunContext) -> WatchedProfile:
    profile = run.profile
    return WatchedProfile(
        profile=run.profile_argument,
        name=profile.name,
        contacts=AdminContacts(profile.name, profile.zone, profile.email, profile.admins, profile.network),
        ledger=profile,
        deployment=None,
        problems=(),
        ledger_problem="",
        token_expires=None,
    )
