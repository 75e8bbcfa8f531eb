"""Notify the admins of several organizations once a month of the status of all their reports.

Organizations with the same admins share one digest, so that no name reaches the admins of another organization. There
is no digest for a single organization: the notice of its run has the same content.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from tabnine_report.deliver.ledger.month_records import MonthRecord
from tabnine_report.deliver.notice_message import Notice, event_of
from tabnine_report.model.errors import LedgerError
from tabnine_report.model.month import Month
from tabnine_report.runs.month_record import DONE
from tabnine_report.runs.status import RunStatus
from tabnine_report.watchdog.memory import DIGEST, Memory
from tabnine_report.watchdog.months import due_day_of, is_expected, watched_months
from tabnine_report.watchdog.notices import send_notice
from tabnine_report.watchdog.watched_profile import WatchedProfile


@dataclass(frozen=True)
class DigestMember:
    """What a digest needs of an organization.

    Attributes:
        watched: Its profile.
        records: The records of its months; None if the ledger cannot be used.
        deployed_on: The local day on which its deployment was created; None if that is not known.
    """

    watched: WatchedProfile
    records: Sequence[MonthRecord] | None
    deployed_on: date | None


@dataclass(frozen=True)
class _Row:
    """The status of an organization's report; `state` is None if no run has ended, or it is not known."""

    member: DigestMember
    state: RunStatus | None
    reason: str

    @property
    def is_done(self) -> bool:
        """Whether the recipients have the report."""
        return self.state in DONE


def send_digests(members: Iterable[DigestMember], now: datetime) -> list[str]:
    """Send the digests that are due, and return a sentence for each one that could not be sent.

    A digest is due when all reports of the last final month were sent, and otherwise on the due day.
    """
    groups = defaultdict(list)
    for member in members:
        if member.watched.admins.has_channel:
            groups[member.watched.admins.addresses].append(member)
    failures = []
    for group in groups.values():
        months = [watched_months(each.watched.ledger, now)[-1] for each in group if each.watched.ledger]
        if not months:
            continue
        month = min(months)
        rows = list(_rows(group, month))
        if len(rows) > 1 and (all(row.is_done for row in rows) or all(_is_due(row, month, now) for row in rows)):
            try:
                failures += _send_once(rows, month)
            except LedgerError as error:
                failures.append(str(error))
    return failures


def _rows(group: Iterable[DigestMember], month: Month) -> Iterator[_Row]:
    for member in group:
        ledger, records = member.watched.ledger, member.records
        if ledger is None or records is None:
            yield _Row(member, None, member.watched.language.translate("watch.digest_unknown"))
            continue
        record = next((record for record in records if record.month == str(month)), None)
        if record is not None:
            yield _Row(member, RunStatus(record.state), record.reason)
        elif is_expected(month, ledger, records, member.deployed_on):
            yield _Row(member, None, ledger.language.translate("watch.no_run"))


def _is_due(row: _Row, month: Month, now: datetime) -> bool:
    watched = row.member.watched
    return watched.ledger is None or watched.today(now) >= due_day_of(month, watched.ledger, watched.admins)


def _send_once(rows: Sequence[_Row], month: Month) -> list[str]:
    """Send a digest, unless one of its organizations remembers it; then only the other organizations record it."""
    key, day = f"{DIGEST} {month}", month.first_day
    notice = _notice(rows, month)
    watched = rows[0].member.watched
    sentence = event_of(notice, watched.language)
    memories = [Memory(row.member.watched.ledger, row.member.watched.name) for row in rows]
    usable = [memory for memory in memories if memory.is_usable]
    # Two watchdogs claim the same one first. Without any memory, each round would send the digest.
    if not usable or not usable[0].claim_found(key, DIGEST, sentence, day):
        return []
    claimed = [usable[0], *(memory for memory in usable[1:] if memory.claim_found(key, DIGEST, sentence, day))]
    is_reported = len(claimed) < len(usable)
    failure = "" if is_reported else send_notice(watched.contacts, notice)
    for memory in claimed:
        if failure:
            memory.release(key)
        else:
            memory.record_notified(key, day)
    return [f"{sentence}: {failure}"] if failure else []


def _notice(rows: Sequence[_Row], month: Month) -> Notice:
    language = rows[0].member.watched.language
    done = sum(row.is_done for row in rows)
    if done == len(rows):
        kind, counts, advice = "digest_complete", language.count(done), ""
    else:
        kind = "digest_incomplete"
        numbers = {"number": language.count(done), "total": language.count(len(rows))}
        counts = language.translate("watch.digest_counts", None, **numbers)
        advice = language.translate("watch.digest_advice")
    lines = [_line(row) for row in sorted(rows, key=lambda row: (row.is_done, row.member.watched.name))]
    return Notice(kind, "", month, detail=counts, advice=advice, organizations=tuple(lines))


def _line(row: _Row) -> str:
    state = "" if row.state is None else f"{row.state.label}." if row.reason and not row.is_done else row.state.label
    return f"{row.member.watched.name}: {' '.join(filter(None, (state, '' if row.is_done else row.reason)))}"
