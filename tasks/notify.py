"""Telling the admins how a run ended: one message a run, and never a reason for it to fail."""

import asyncio
import logging
import os
import shlex
from collections.abc import Iterator
from datetime import datetime

from prefect import runtime

from tabnine_report.deliver.delivery import send_without_ledger
from tabnine_report.deliver.notices import Notice, notice_message
from tabnine_report.deliver.receipt import DeliveryState, Receipt
from tabnine_report.deliver.routes import admin_channels
from tabnine_report.model.errors import ReportingError
from tabnine_report.model.month import Month
from tabnine_report.profile.profile import AdminsAlone, Profile
from tabnine_report.profile.reading import read_admins
from tabnine_report.text.i18n import Language
from tasks import clock
from tasks.outcome import Outcome, Status
from tasks.profiles import look_up, profile_path
from tasks.release import shortcomings
from tasks.run import Run, month_meant

_REMIND_DAYS = 30
_KINDS = {
    Status.UNDELIVERED: "undelivered",
    Status.UNDER_WAY: "in_progress_elsewhere",
    Status.HELD: "withheld",
}

_log = logging.getLogger(__name__)


async def tell_admins(run: Run, outcome: Outcome) -> None:
    """Tell the admins what came of a report that was to reach people; of a draft or a preview nobody needs to hear."""
    kind = _kind(outcome)
    if kind is None:
        return
    advice = [_advice(run, outcome), *outcome.damaged, _token_reminder(run)]
    notice = Notice(
        kind=kind,
        organization=run.profile.name,
        month=run.month,
        profile=run.typed,
        headline=outcome.report.headline,
        receipts=outcome.receipts,
        # What is held says it among the reasons.
        shortcomings=() if outcome.status is Status.HELD else shortcomings(outcome.report, run.language),
        reason=outcome.reason,
        advice=" ".join(filter(None, advice)),
        report=outcome.link or str(outcome.folder),
        run_url=_run_url(),
    )
    await _send(run.profile, notice)


async def tell_admins_of_failure(run: Run, error: BaseException) -> None:
    """Tell the admins that there is no report, at which step it stopped, why and what to do."""
    notice = Notice(
        kind="failed",
        organization=run.profile.name,
        month=run.month,
        step=error.step if isinstance(error, ReportingError) else "",
        reason=_reason(error, run.language),
        advice=_token_reminder(run),
        run_url=_run_url(),
    )
    await _send(run.profile, notice)


async def tell_admins_of_no_run(profile: str, month: str, at: datetime, error: Exception) -> None:
    """Tell the admins that a run could not begin, where it can still be read how to reach them.

    Args:
        profile: The profile's name or path, as typed.
        month: The month, as typed.
        at: The instant that the run was meant for, UTC.
        error: Why.
    """
    try:
        alone = await asyncio.to_thread(lambda: read_admins(profile_path(profile), look_up))
    except Exception as unreadable:  # noqa: BLE001 - the run fails anyhow, for a reason of its own
        _log.warning("The admins of %s could not be told: %s", profile, type(unreadable).__name__)
        return
    notice = Notice(
        kind="not_started",
        organization=alone.name,
        month=month_meant(profile, month, at) or month,
        step=error.step if isinstance(error, ReportingError) else "",
        reason=_reason(error, alone.language),
        run_url=_run_url(),
    )
    await _send(alone, notice)


async def tell_admins_of_purge(run: Run, error: Exception) -> None:
    """Tell the admins what the archive keeps though it should not, and why; the report itself is done."""
    notice = Notice(
        kind="purge_failed",
        organization=run.profile.name,
        month=run.month,
        reason=_reason(error, run.language),
        advice=run.language.translate(
            "notice.advice_purge", command=shlex.join(["tabnine-report", "purge", "--profile", run.typed])
        ),
        run_url=_run_url(),
    )
    await _send(run.profile, notice)


def _reason(error: BaseException, language: Language) -> str:
    """Say why; the text of a foreign error may hold anything, a secret among it."""
    if isinstance(error, ReportingError):
        return str(error)
    return language.translate("notice.unforeseen", error=type(error).__name__)


async def _send(to: Profile | AdminsAlone, notice: Notice) -> None:
    try:
        message = notice_message(notice, to.language)
        month = notice.month if isinstance(notice.month, Month) else "no-month"
        message_id = f"{to.name}-{month}-notice-{clock.now():%Y%m%d%H%M%S%f}"
        receipts: list[Receipt] = []
        for channel in admin_channels(to, clock.now):
            receipts += await send_without_ledger(channel, message, message_id=message_id, revision=0, clock=clock.now)
    except Exception as error:  # noqa: BLE001 - a notice that fails must not fail the report
        _log.warning("The admins could not be told: %s", error if isinstance(error, ReportingError) else type(error))
        return
    for receipt in receipts:
        if receipt.state is not DeliveryState.SENT:
            _log.warning("The admins were not told by %s: %s", receipt.channel, receipt.detail)


def _kind(outcome: Outcome) -> str | None:
    """Give what the admins are told; None where nobody was to get the report."""
    if outcome.status is not Status.DELIVERED:
        return _KINDS.get(outcome.status)
    if not outcome.receipts:
        return "no_channel"
    return "nothing_to_send" if outcome.had_before else "delivered"


def _advice(run: Run, outcome: Outcome) -> str:
    month = str(run.month)
    match outcome.status:
        case Status.HELD:
            return " ".join(_advice_to_release(run, outcome))
        case Status.UNDELIVERED:
            return " ".join(_advice_to_reach(run, outcome))
        case _ if outcome.behind:
            number, count = len(outcome.behind), run.language.count
            return run.language.translate(
                "notice.advice_behind",
                count=number,
                number=count(number),
                month=month,
                revision=count(outcome.report.revision),
            )
        case _:
            return ""


def _advice_to_reach(run: Run, outcome: Outcome) -> Iterator[str]:
    if outcome.uncertain:
        yield run.language.translate("notice.advice_unknown")
    if len(outcome.missed) > len(outcome.uncertain):
        yield run.language.translate("notice.advice_undelivered", month=str(run.month))


def _advice_to_release(run: Run, outcome: Outcome) -> Iterator[str]:
    # To "undelivered", who has an earlier revision has the month.
    delivery = "revised" if outcome.report.revision > 1 else "undelivered"
    yield run.language.translate("notice.advice_release", month=str(run.month), delivery=delivery)
    if not outcome.report.complete:
        yield run.language.translate("notice.advice_incomplete", month=str(run.month))


def _token_reminder(run: Run) -> str:
    expires = run.profile.usage_api.token_expires
    if expires is None:
        return ""
    days = (expires - clock.now().astimezone(run.profile.zone).date()).days
    if days > _REMIND_DAYS:
        return ""
    return run.language.translate("notice.token_expires", date=run.language.date(expires))


def _run_url() -> str:
    """Give the run's page; nothing for a temporary server, which is gone when the message is read."""
    return str(runtime.flow_run.ui_url or "") if os.environ.get("PREFECT_API_URL") else ""
