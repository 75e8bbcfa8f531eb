"""Record the status of each month in the ledger: after a run, for a dead run, and when a delivery is settled."""

import logging
import re
from datetime import datetime
from typing import Literal

from tabnine_report.archive.report_digest import report_digest
from tabnine_report.deliver.ledger.entry import LedgerEntry
from tabnine_report.deliver.receipt import DeliveryState
from tabnine_report.model.errors import LedgerError, ReportingError, SettingsError
from tabnine_report.model.month import Month
from tabnine_report.profile.profile_parts import LedgerProfile
from tabnine_report.profile.references import Resolver
from tabnine_report.runs import clock
from tabnine_report.runs.context import RunContext, requested_month
from tabnine_report.runs.profile_file import load_part_of_profile
from tabnine_report.runs.recipient_changes import recipients_of
from tabnine_report.runs.result import RunResult, error_sentence
from tabnine_report.runs.status import RunStatus
from tabnine_report.runs.storage import ledger_of, month_records_of
from tabnine_report.text.i18n import Language

DONE = frozenset({RunStatus.SENT, RunStatus.NO_CHANNEL})
"""The states of a month whose recipients have the report."""

_DELIVERED = DONE | {RunStatus.PARTLY_DELIVERED, RunStatus.UNCONFIRMED, RunStatus.WITHHELD}
_WITHOUT_REPORT = (RunStatus.FAILED, RunStatus.CRASHED, RunStatus.POSTPONED)
_STAYS = {
    # These runs deliver nothing, so a month that was delivered or withheld stays so.
    **dict.fromkeys((RunStatus.ARCHIVED, RunStatus.PREVIEWED, RunStatus.PREVIEW_INCOMPLETE), _DELIVERED),
    # The recipients still have the report.
    **dict.fromkeys(_WITHOUT_REPORT, DONE),
}
"""By how a run ended: the states of the month that it does not change."""

_END_OF_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9])")

_log = logging.getLogger(__name__)


def record_month(run: RunContext, result: RunResult) -> None:
    """Record how a run of a month ended. If the ledger cannot be written, only a warning is logged."""
    if run.draft or result.status is RunStatus.IN_PROGRESS_ELSEWHERE:  # the other run records how it ends
        return
    report = result.output.report if result.output else None
    try:
        is_sent = result.status is RunStatus.NOTHING_TO_SEND or (result.status in _WITHOUT_REPORT and _was_sent(run))
        state = RunStatus.SENT if is_sent else result.status
        month_records_of(run.profile).record(
            result.month,
            due=run.month.final_on(run.profile.report.settle_days),
            state=state,
            revision=report.revision if report else None,
            reason="" if is_sent else _reason_of(run, result),
            digest=report_digest(report) if report else "",
            unless=_STAYS.get(state, ()),
        )
    except LedgerError as error:
        _log.warning("The end of the run could not be recorded: %s", error)


def _was_sent(run: RunContext) -> bool:
    """Return whether the ledger has the month as sent to all recipients, also if no run has recorded its end.

    Raises:
        LedgerError: If the ledger cannot be read.
    """
    entries = ledger_of(run.profile).deliveries(run.profile.name, str(run.month))
    # The newest delivery of a recipient comes last.
    newest = {(entry.channel, entry.recipient): entry.state for entry in entries}
    try:
        recipients = recipients_of(run.profile)
    except SettingsError:  # a channel cannot be used
        return False
    return bool(recipients) and all(newest.get(recipient) is DeliveryState.SENT for recipient in recipients)


def _reason_of(run: RunContext, result: RunResult) -> str:
    return _reason(result.error, run.language) if result.error else _first_sentence(result.reason)


def record_failed_start(profile: str, month: str, at: datetime, error: Exception, resolve: Resolver) -> None:
    """Record that a run could not start, if the profile's ledger and the month can be determined.

    Args:
        profile: The profile's name or path, as typed.
        month: The month, as typed.
        at: The scheduled time of the run, UTC.
        error: Why the run could not start.
        resolve: Looks up the references in the ledger's address.
    """
    requested = requested_month(profile, month, at)
    try:
        settings = load_part_of_profile(profile, LedgerProfile, resolve)
        if requested is None or not requested.is_final(at, settings.zone, settings.report.settle_days):
            return
        month_records_of(settings).record(
            str(requested),
            due=requested.final_on(settings.report.settle_days),
            state=RunStatus.FAILED,
            reason=_reason(error, settings.language),
            unless=_STAYS[RunStatus.FAILED],
        )
    except ReportingError as problem:
        _log.warning("The end of the run could not be recorded: %s", problem)


def record_crash(profile: LedgerProfile, month: Month, at: datetime, reason: str) -> None:
    """Record that a run ended without a result, unless a later run has recorded its end.

    Args:
        profile: The profile, or its part.
        month: The month.
        at: When the run ended.
        reason: Why, in one or more sentences.

    Raises:
        LedgerError: If the ledger cannot be written.
    """
    records = month_records_of(profile)
    record = records.read(str(month))
    if record is None or clock.in_real_time(record.updated_at) < at:
        records.record(
            str(month),
            due=month.final_on(profile.report.settle_days),
            state=RunStatus.CRASHED,
            reason=reason,
            unless=_STAYS[RunStatus.CRASHED],
        )


def settle_delivery(
    profile: LedgerProfile,
    key: tuple[str, str, str, str],
    state: Literal[DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.REJECTED],
) -> LedgerEntry:
    """Record the outcome of a delivery that a person reports, and the new status of its month; return the delivery.

    Args:
        profile: The profile, or its part.
        key: Organization, month as `YYYY-MM`, channel and recipient.
        state: Sent; or failed, or rejected if it bounced: the next run then sends it again.

    Raises:
        LedgerError: If there is nothing to settle, or the ledger cannot be written.
    """
    ledger, records, month = ledger_of(profile), month_records_of(profile), key[1]
    settled = ledger.settle_manually(key, state)
    record = records.read(month)
    if record is not None and record.state in (RunStatus.SENT, RunStatus.PARTLY_DELIVERED, RunStatus.UNCONFIRMED):
        # The newest delivery of a recipient comes last.
        newest = {(entry.channel, entry.recipient): entry.state for entry in ledger.deliveries(profile.name, month)}
        records.change_state(month, _state_of(set(newest.values())))
    return settled


def _state_of(deliveries: set[DeliveryState]) -> RunStatus:
    if deliveries & {DeliveryState.FAILED, DeliveryState.REJECTED}:
        return RunStatus.PARTLY_DELIVERED
    return RunStatus.SENT if deliveries == {DeliveryState.SENT} else RunStatus.UNCONFIRMED


def _reason(error: BaseException, language: Language) -> str:
    """Return why a run failed in one sentence; the others state what to do."""
    if isinstance(error, SettingsError):
        problems = "; ".join(_first_sentence(problem).rstrip(".") for problem in error.problems)
        return f"{error.subject}: {problems}."
    return _first_sentence(error_sentence(error, language))


def _first_sentence(text: str) -> str:
    return _END_OF_SENTENCE.split(" ".join(text.split()), maxsplit=1)[0]
