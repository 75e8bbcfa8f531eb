"""Notify the admins of how a run ended. A notice that cannot be sent fails its task and never the run."""

import asyncio
import json
import logging
import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from urllib.parse import quote

import httpx
from prefect import get_client
from prefect.exceptions import ObjectNotFound, PrefectException
from prefect.utilities.urls import url_for

from tabnine_report.deliver.channels.channel import Channel
from tabnine_report.deliver.delivery import send_without_ledger
from tabnine_report.deliver.message import Message
from tabnine_report.deliver.notice_message import Notice, notice_message
from tabnine_report.deliver.receipt import DeliveryState, Receipt
from tabnine_report.deliver.routes import admin_channels
from tabnine_report.model.errors import ArchiveError, ReportingError, UsageApiError
from tabnine_report.model.month import Month
from tabnine_report.profile.profile import AdminContacts, Profile
from tabnine_report.profile.reading import read_admin_contacts
from tabnine_report.render.pdf.glyphs import characters_without_glyph
from tabnine_report.runs import clock
from tabnine_report.runs.context import RunContext, requested_month, requested_report
from tabnine_report.runs.page_image import page_image_address
from tabnine_report.runs.profile_file import profile_path
from tabnine_report.runs.recipient_changes import recipient_changes
from tabnine_report.runs.release import shortcomings
from tabnine_report.runs.result import RunResult, delivery_problem, error_sentence
from tabnine_report.runs.status import RunStatus
from tabnine_report.watchdog.reported_problems import remember_reported_problems
from tasks import run_url, shows_details, step
from tasks.read_profile import resolve_reference

FORM_TIME_LIMIT_SECONDS = 10.0
"""How long a notice waits until the Prefect server names the forms."""
_RERUN = "monthly-report"
_MAX_CHARACTERS = 10
_MAX_RECIPIENTS = 20
_WITHOUT_RECIPIENTS = (RunStatus.NOTHING_TO_SEND, RunStatus.IN_PROGRESS_ELSEWHERE)
"""The statuses whose notice does not name new recipients: another one has."""

_log = logging.getLogger(__name__)


def _problem(problems: list[str], *_: object, **__: object) -> str:
    return "\n".join(problems)


@step("notify-admins", "notify the admins", problem_of=_problem)
async def notify_admins(run: RunContext, result: RunResult, *, names_forms: bool = True) -> list[str]:
    """Send the admins the notice of how the run ended; drafts and previews have none.

    Args:
        run: The run.
        result: How it ended.
        names_forms: Whether to ask the Prefect server for the forms that the notice links to.
    """
    if not result.status.notice:
        return []
    has_forms = names_forms and run_url()
    forms = await form_urls(run.profile.name, run.month, _forms_for(result)) if has_forms else {}
    problems, is_notified = await _send(lambda: (run.profile, _notice(run, result, forms)))
    if is_notified:
        await asyncio.to_thread(remember_notice, run)
    return problems


@step("notify-admins-of-purge", "notify the admins of the purge", problem_of=_problem)
async def notify_admins_of_purge(run: RunContext, error: Exception) -> list[str]:
    """Send the admins a notice that the archive could not be purged."""
    return await _notify(lambda: (run.profile, _purge_notice(run, error)))


@step("notify-admins-of-outage", "notify the admins of the outage", problem_of=_problem)
async def notify_admins_of_outage(run: RunContext, error: UsageApiError, until: datetime) -> list[str]:
    """Send the admins a notice that the run waits for the API.

    Args:
        run: The run.
        error: Why it waits.
        until: When it gives up.
    """
    return await _notify(lambda: (run.profile, _outage_notice(run, error, until)))


@step("notify-admins-of-failed-start", "notify the admins", problem_of=_problem)
async def notify_admins_of_failed_start(profile: str, month: str, at: datetime, error: Exception) -> list[str]:
    """Send the admins a notice that the run could not start, if the profile has a channel to them.

    Args:
        profile: The profile's name or path, as typed.
        month: The month, as typed.
        at: The scheduled time of the run, UTC.
        error: Why the run could not start.
    """
    organization, _ = await asyncio.to_thread(requested_report, profile, month, at)
    requested = await asyncio.to_thread(requested_month, profile, month, at)
    forms = await form_urls(organization, requested, (_RERUN,)) if run_url() else {}
    return await _notify(lambda: _failed_start_notice(profile, requested or month, error, forms))


def remember_notice(run: RunContext) -> None:
    """Keep the watchdog from repeating on this day what the notice of a run reported."""
    try:
        remember_reported_problems(run, clock.now())
    except ReportingError as error:
        _log.warning("The watchdog may repeat this notice today. %s", error)


async def _notify(compose: Callable[[], tuple[Profile | AdminContacts, Notice]]) -> list[str]:
    """Send the admins a notice, and return a sentence for each problem."""
    problems, _ = await _send(compose)
    return problems


async def _send(compose: Callable[[], tuple[Profile | AdminContacts, Notice]]) -> tuple[list[str], bool]:
    """Send the admins a notice, and return a sentence for each problem, and whether any admin received it.

    The notice is composed in a thread, because that reads templates and the catalog.
    """

    def prepare() -> tuple[str, Message, list[Channel], bool]:
        profile, notice = compose()
        if isinstance(profile, AdminContacts) and not profile.admins.has_channel:
            problems.extend(f"The admins could not be notified: {problem}" for problem in profile.problems)
        details = shows_details(profile if isinstance(profile, Profile) else None)
        month = notice.month if isinstance(notice.month, Month) else "no-month"
        message_id = f"{profile.name}-{month}-notice-{clock.now():%Y%m%d%H%M%S%f}"
        return message_id, notice_message(notice, profile.language), admin_channels(profile, clock.now), details

    receipts: list[Receipt] = []
    problems: list[str] = []
    details = False
    try:
        message_id, message, channels, details = await asyncio.to_thread(prepare)
        sending = (
            send_without_ledger(
                channel,
                message,
                message_id=message_id,
                revision=0,
                clock=clock.now,
                patience_seconds=channel.patience_seconds,
            )
            for channel in channels
        )
        receipts = [receipt for of_channel in await asyncio.gather(*sending) for receipt in of_channel]
    except Exception as error:  # noqa: BLE001 - a notice must not fail the run
        # The text of an unexpected error may contain a secret.
        why = error if isinstance(error, ReportingError) else type(error).__name__
        problems.append(f"The admins could not be notified: {why}")
    problems += [
        f"The admins were not notified by {receipt.channel}: {receipt.detail if details else receipt.state}"
        for receipt in receipts
        if receipt.state is not DeliveryState.SENT
    ]
    for problem in problems:
        _log.warning("%s", problem)
    return problems, any(receipt.state is DeliveryState.SENT for receipt in receipts)


def _forms_for(result: RunResult) -> tuple[str, ...]:
    """Return the flows whose forms help the admins now."""
    if result.error is not None:
        return (_RERUN,)
    rerun = (_RERUN,) if result.status in {RunStatus.PARTLY_DELIVERED, RunStatus.NO_CHANNEL} else ()
    return (*rerun, *(("settle",) if result.unconfirmed else ()), "answer")


async def form_urls(organization: str, month: Month | None, flows: Iterable[str]) -> Mapping[str, str]:
    """Return the address of the form of each flow that is deployed, with the month filled in if it is known.

    Without a response of the Prefect server, there are none.
    """
    forms: dict[str, str] = {}
    try:
        async with asyncio.timeout(FORM_TIME_LIMIT_SECONDS), get_client() as client:
            for flow in flows:
                with suppress(ObjectNotFound):
                    deployment = await client.read_deployment_by_name(f"{flow}/{organization}")
                    if page := url_for("deployment", obj_id=deployment.id):
                        entries = deployment.parameters | ({"month": str(month)} if month else {})
                        filled_in = json.dumps(entries, separators=(",", ":"))
                        # Prefect's UI decodes the parameters twice.
                        forms[flow] = f"{page}/run?parameters={quote(quote(filled_in))}"
    except (TimeoutError, httpx.HTTPError, PrefectException):
        _log.warning("The notice lacks links to forms, because the Prefect server did not respond")
    return forms


def _notice(run: RunContext, result: RunResult, forms: Mapping[str, str]) -> Notice:
    if result.error is not None:
        return Notice(
            kind=result.status.notice,
            organization=run.profile.name,
            month=run.month,
            step=_step(result.error),
            reason=error_sentence(result.error, run.language),
            advice=" ".join(filter(None, (run.language.translate("notice.advice_failed"), _token_reminder(run)))),
            forms=forms,
            run_url=run_url(),
        )
    advice = [*_advice(run, result), *result.damage, _token_reminder(run)]
    release = result.release_advice
    return Notice(
        kind=result.status.notice,
        organization=run.profile.name,
        month=run.month,
        profile=run.profile_argument,
        headline=result.report.headline,
        receipts=result.receipts,
        shortcomings=tuple(s for s in _shortcomings(run, result) if s not in result.reason),
        # Which recipients these are, and why, is below.
        reason=result.reason or delivery_problem(result.receipts, run.language, details=False),
        advice=" ".join(filter(None, advice)),
        command=release.command if release else "",
        release_note=result.release_note,
        recipient_changes=tuple(_recipient_changes(run, result)),
        report=result.link or str(result.folder),
        page_image_url=_page_image_url(run, result),
        forms=forms,
        run_url=run_url(),
    )


def _page_image_url(run: RunContext, result: RunResult) -> str:
    try:
        return page_image_address(run, result.folder)
    except ArchiveError as error:
        _log.warning("The notice shows no picture of page one. %s", error)
        return ""


def _purge_notice(run: RunContext, error: Exception) -> Notice:
    command = shlex.join(["tabnine-report", "purge", "--profile", run.profile_argument])
    return Notice(
        kind="purge_failed",
        organization=run.profile.name,
        month=run.month,
        reason=error_sentence(error, run.language),
        advice=run.language.translate("notice.advice_purge"),
        command=command,
        run_url=run_url(),
    )


def _outage_notice(run: RunContext, error: UsageApiError, until: datetime) -> Notice:
    return Notice(
        kind="outage",
        organization=run.profile.name,
        month=run.month,
        reason=error_sentence(error, run.language),
        advice=run.language.translate("notice.advice_outage", instant=run.language.instant(until)),
        run_url=run_url(),
    )


def _failed_start_notice(
    profile: str, month: Month | str, error: Exception, forms: Mapping[str, str]
) -> tuple[AdminContacts, Notice]:
    contact = read_admin_contacts(profile_path(profile), resolve_reference)
    return contact, Notice(
        kind="not_started",
        organization=contact.name,
        month=month,
        step=_step(error),
        reason=error_sentence(error, contact.language),
        forms=forms,
        run_url=run_url(),
    )


def _step(error: BaseException) -> str:
    return error.step if isinstance(error, ReportingError) else ""


def _advice(run: RunContext, result: RunResult) -> Iterator[str]:
    """Yield what the admins can do about a report that recipients lack, or have as an earlier revision."""
    translate, month = run.language.translate, str(run.month)
    match result.status:
        case RunStatus.WITHHELD if result.release_advice:
            yield result.release_advice.text
        case RunStatus.PARTLY_DELIVERED | RunStatus.UNCONFIRMED:
            if result.unconfirmed:
                yield translate("notice.advice_unknown")
            if result.status is RunStatus.PARTLY_DELIVERED:
                yield translate("notice.advice_undelivered", month=month)
        case _ if result.outdated:
            number, count = len(result.outdated), run.language.count
            revision = count(result.report.revision)
            yield translate("notice.advice_behind", number, number=count(number), month=month, revision=revision)


def _shortcomings(run: RunContext, result: RunResult) -> Iterator[str]:
    """Yield what is missing from the report or looks wrong, and which characters its PDF cannot show."""
    yield from shortcomings(result.report, run.language)
    if missing := characters_without_glyph(result.report.model_dump_json()):
        shown = ", ".join(f"{character} (U+{ord(character):04X})" for character in missing[:_MAX_CHARACTERS])
        yield run.language.translate(
            "notice.no_glyph", len(missing), number=run.language.count(len(missing)), characters=shown
        )


def _recipient_changes(run: RunContext, result: RunResult) -> Iterator[str]:
    """Yield which recipients were added or removed since the last delivered month, if the report is for them now."""
    if result.status in _WITHOUT_RECIPIENTS:
        return
    try:
        changes = recipient_changes(run.profile, run.month)
    except ReportingError as error:
        _log.warning("The recipients were not compared with those of earlier months: %s", error)
        return
    if changes is None:
        return
    count, month = run.language.count, run.language.month(changes.since)
    for key, recipients in (("recipients_added", changes.added), ("recipients_removed", changes.removed)):
        if recipients:
            shown = [f"{recipient} ({channel})" for channel, recipient in recipients[:_MAX_RECIPIENTS]]
            more = len(recipients) - len(shown)
            shown += [run.language.translate("notice.more", more, number=count(more))] if more else []
            values = {"month": month, "recipients": ", ".join(shown)}
            yield run.language.translate(f"notice.{key}", len(recipients), **values)


def _token_reminder(run: RunContext) -> str:
    """Return the reminder to renew the API token; empty if it is valid for longer or its end is unknown."""
    expires = run.profile.usage_api.token_expires
    if expires is None:
        return ""
    days = (expires - clock.now().astimezone(run.profile.zone).date()).days
    if days > run.profile.admins.warn_days:
        return ""
    key = "notice.token_expired" if days < 0 else "notice.token_expires"
    return run.language.translate(key, date=run.language.date(expires))
