"""Notify the admins of each problem once a day, and once when it is solved."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from tabnine_report.deliver.delivery import send_without_ledger
from tabnine_report.deliver.ledger.problem_records import ProblemRecord
from tabnine_report.deliver.message import Message
from tabnine_report.deliver.notice_message import Notice, event_of, notice_message
from tabnine_report.deliver.receipt import DeliveryState, Receipt
from tabnine_report.deliver.routes import admin_channels
from tabnine_report.model.errors import ReportingError
from tabnine_report.model.month import Month
from tabnine_report.profile.profile import AdminContacts
from tabnine_report.runs import clock
from tabnine_report.watchdog.memory import Memory
from tabnine_report.watchdog.months import CHECK as MONTH_CHECK
from tabnine_report.watchdog.months import watched_months
from tabnine_report.watchdog.problem import RUN_CHECK, Findings, Problem, ProblemKind
from tabnine_report.watchdog.watched_profile import WatchedProfile

OF_THE_MACHINE = frozenset(
    {
        ProblemKind.DISK_NEARLY_FULL,
        ProblemKind.SERVER_UNREACHABLE,
        ProblemKind.WORKER_MISSING,
        ProblemKind.WATCHDOG_MISSING,
    }
)
"""The problems that concern many organizations. Their notices name none."""
FormLookup = Callable[[str, Month | None, tuple[str, ...]], Mapping[str, str]]
"""Returns the addresses of the forms of an organization's flows, with a month filled in, by flow."""
_RUN = ("monthly-report",)
_FORMS = {
    ProblemKind.MONTH_NOT_SENT: _RUN,
    ProblemKind.MONTH_WITHHELD: ("answer",),
    ProblemKind.RUN_LOST: _RUN,
    ProblemKind.RUN_NOT_CONTINUED: _RUN,
    ProblemKind.DELIVERIES_UNSETTLED: ("settle", *_RUN),
}
"""The flows whose forms help the admins with a problem."""


def problem_sentence(watched: WatchedProfile, problem: Problem) -> str:
    """Return a problem in one sentence without a period."""
    return event_of(_notice(watched, problem), watched.language)


class Notifier:
    """Notifies the admins of all organizations in one round.

    A problem of the machine concerns many organizations. Admins of several organizations are notified of it once.

    Args:
        now: The current time.
        forms: Looks up the forms that a notice links to.
    """

    def __init__(self, now: datetime, forms: FormLookup) -> None:
        self._now = now
        self._forms = forms
        self._reported: set[tuple[object, str]] = set()

    def notify(self, watched: WatchedProfile, findings: Findings, memory: Memory) -> list[str]:
        """Send what the admins do not know yet, and return a sentence for each notice that could not be sent.

        Args:
            watched: The profile.
            findings: What this round found.
            memory: What earlier rounds found and reported.
        """
        failures = []
        for problem in findings.problems:
            if not self._is_reported_elsewhere(watched, problem):
                failures += self._notify_of_problem(watched, problem, memory)
        found = {problem.key for problem in findings.problems}
        for record in memory.open_problems():
            if record.key in found or findings.is_unchecked(record.key):
                continue
            if _is_outdated(watched, record.key, self._now):
                memory.forget(record.key)
            else:
                failures += _notify_of_solution(watched, record, memory)
        return failures

    def _is_reported_elsewhere(self, watched: WatchedProfile, problem: Problem) -> bool:
        if problem.kind not in OF_THE_MACHINE or not watched.admins.has_channel:
            return False
        subject = (watched.admins.addresses, problem.key)
        is_reported = subject in self._reported
        self._reported.add(subject)
        return is_reported

    def _notify_of_problem(self, watched: WatchedProfile, problem: Problem, memory: Memory) -> list[str]:
        day, notice = watched.today(self._now), _notice(watched, problem)
        sentence = event_of(notice, watched.language)
        if not memory.claim_found(problem.key, problem.kind, sentence, day):
            return []
        if flows := _FORMS.get(problem.kind):
            notice = replace(notice, forms=self._forms(watched.name, problem.month, flows))
        if failure := send_notice(watched.contacts, notice):
            memory.release(problem.key)
            return [f"{sentence}: {failure}"]
        memory.record_notified(problem.key, day)
        return []


def _notify_of_solution(watched: WatchedProfile, record: ProblemRecord, memory: Memory) -> list[str]:
    if not memory.claim_solved(record.key):
        return []
    notice = Notice("problem_solved", watched.name, "", detail=record.sentence)
    if failure := send_notice(watched.contacts, notice):
        memory.release(record.key)
        return [f"{event_of(notice, watched.language)}: {failure}"]
    memory.forget(record.key)
    return []


def _is_outdated(watched: WatchedProfile, key: str, now: datetime) -> bool:
    """Return whether a problem is about a month that is no longer checked, so nobody knows whether it is solved."""
    check, _, month = key.partition(" ")
    if check not in {MONTH_CHECK, RUN_CHECK} or watched.ledger is None:
        return False
    return month < str(watched_months(watched.ledger, now)[0])


def _notice(watched: WatchedProfile, problem: Problem) -> Notice:
    return Notice(
        kind=problem.kind,
        organization=watched.name,
        month=problem.month or "",
        profile=watched.profile,
        reason=problem.reason,
        advice=problem.advice,
        command=problem.command,
        run_url=problem.run_url,
    )


def send_notice(contacts: AdminContacts | None, notice: Notice) -> str:
    """Send a notice; return why no admin received it, empty if one did."""
    if contacts is None or not contacts.admins.has_channel:
        return " ".join(contacts.problems if contacts else ()) or "The profile has no channel to the admins."
    message_id = f"{contacts.name}-{notice.kind}-notice-{clock.now():%Y%m%d%H%M%S%f}"
    try:
        receipts = asyncio.run(_send_by_all_channels(contacts, notice_message(notice, contacts.language), message_id))
    except Exception as error:  # noqa: BLE001 - the next round tries again
        # The text of an unexpected error may contain a secret.
        return str(error) if isinstance(error, ReportingError) else f"Unexpected error ({type(error).__name__})."
    if any(receipt.state is DeliveryState.SENT for receipt in receipts):
        return ""
    return " ".join(f"{receipt.channel}: {receipt.detail}" for receipt in receipts)


async def _send_by_all_channels(contacts: AdminContacts, message: Message, message_id: str) -> list[Receipt]:
    return [
        receipt
        for channel in admin_channels(contacts, clock.now)
        for receipt in await send_without_ledger(channel, message, message_id=message_id, revision=0, clock=clock.now)
    ]
