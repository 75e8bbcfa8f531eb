"""The flow that builds one organization's monthly report and delivers it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from typing import Annotated, Any, Literal

from prefect import flow, runtime
from prefect.client.schemas.objects import State
from pydantic import Field

from flows.running.failed_start import end_failed_start
from flows.running.final_states import failed_state, final_state, log_if_unexpected
from flows.running.recording import record_in_time
from flows.running.run_events import emit_run_event
from flows.running.run_heartbeat import ping_end, ping_start
from flows.running.scheduled_time import scheduled_at
from flows.running.termination import ending_when_stopped, mark_as_notified, notify_of_crash
from tabnine_report.archive import Bundle
from tabnine_report.archive.report_digest import supersedes
from tabnine_report.deliver.admin_preview import preview_routes
from tabnine_report.deliver.channels.channel import Route
from tabnine_report.deliver.receipt import DeliveryState, Receipt
from tabnine_report.deliver.routes import admin_channels, report_routes
from tabnine_report.deliver.send_decision import DeliveryRequest, RecipientScope
from tabnine_report.model.errors import SettingsError
from tabnine_report.model.report import MonthlyReport
from tabnine_report.runs import clock
from tabnine_report.runs.concurrent_deliveries import with_current_results
from tabnine_report.runs.context import (
    LAST_COMPLETE_MONTH,
    MONTH_OR_LAST_PATTERN,
    RunContext,
    requested_report,
    run_name,
)
from tabnine_report.runs.month_record import record_month
from tabnine_report.runs.next_revision import next_revision
from tabnine_report.runs.patience import Patience, RunPostponed
from tabnine_report.runs.process_end import PROCESS_END, REPORT_SECONDS
from tabnine_report.runs.release import (
    check_combination,
    decide_release,
    record_preview,
    record_withheld,
    release_advice,
)
from tabnine_report.runs.result import RunOutput, RunResult
from tabnine_report.runs.run_limit import run_limit
from tabnine_report.runs.status import RunStatus
from tabnine_report.runs.storage import damage_of_month, retention_of
from tabnine_report.usage_api.snapshot import Snapshot
from tasks.build_report import build_report, import_analysis
from tasks.check_release import check_release
from tasks.check_storage import check_storage
from tasks.deliver_report import deliver_report, preview_report
from tasks.fetch import fetch_month
from tasks.notify_admins import notify_admins, notify_admins_of_purge
from tasks.postpone_run import open_patience, postpone_run
from tasks.prepare_messages import prepare_messages
from tasks.publish_artifacts import publish_artifacts, publish_failed_start
from tasks.purge_archive import purge_archive
from tasks.read_note import read_note
from tasks.read_prior_reports import read_earlier_revision, read_prior_reports, read_sealed_report
from tasks.read_profile import read_profile
from tasks.render_documents import render_documents
from tasks.seal_bundle import save_draft, seal_bundle

Delivery = Literal["undelivered", "revised", "everyone", "preview", "nobody"]
# Only Prefect's form and server check the pattern. The flow itself notifies the admins of another entry.
RequestedMonth = Annotated[str, Field(json_schema_extra={"pattern": MONTH_OR_LAST_PATTERN})]

PURGE_SECONDS = 600.0
"""How long a run waits for the removal of old data; a later run removes the rest."""

_log = logging.getLogger(__name__)


def _name_run() -> str:
    parameters = runtime.flow_run.parameters
    return run_name(parameters["profile"], parameters["month"], scheduled_at())


@flow(
    name="monthly-report",
    flow_run_name=_name_run,
    on_crashed=[notify_of_crash],
    on_cancellation=[notify_of_crash],
)
async def monthly_report(
    profile: str = "demo",
    month: RequestedMonth = LAST_COMPLETE_MONTH,
    delivery: Delivery = "undelivered",
    draft: bool = False,  # noqa: FBT001, FBT002 - the parameters are the form in Prefect's UI
    release: bool = False,  # noqa: FBT001, FBT002 - as above
) -> Any:  # noqa: ANN401 - a state; the caller receives its data, a RunResult
    """Build one organization's report of one month and deliver it.

    Args:
        profile: The profile: a name in the profiles folder, or the path of a file.
        month: The month to report as YYYY-MM, such as 2026-10; or "last complete month", which is the last final month.
        delivery: Who receives the report. "undelivered": recipients who have not received this month yet. "revised":
            also recipients of an earlier revision. "everyone": all recipients, including those who already received it
            (intentional resend). "preview": only the admins; they receive the exact messages, marked PREVIEW, which do
            not count as delivered. "nobody": the report is built and archived only.
        draft: Whether to build a draft. The month may still be in progress. Drafts are never delivered.
        release: Whether to release the month's withheld report, after you have reviewed it. The run delivers the newest
            archived revision as it was reviewed, and fetches nothing. If recipients have an earlier revision, choose
            the delivery "revised".
    """
    at = scheduled_at()
    try:
        run = await read_profile(profile, month, draft, at)
    except Exception as error:  # noqa: BLE001 - any error ends the run
        await end_failed_start(profile, month, at, error)
        mark_as_notified()
        organization, requested = await asyncio.to_thread(requested_report, profile, month, at)
        emit_run_event(organization, requested, RunStatus.FAILED)
        await publish_failed_start(profile, month, at, error)
        return failed_state(error)
    async with ending_when_stopped(run):
        return await _run(run, delivery, at, release=release)


async def _run(run: RunContext, delivery: Delivery, at: datetime, *, release: bool) -> State[Any]:
    await ping_start(run)
    try:
        result = await _build_and_deliver_or_postpone(run, delivery, at, release=release)
    except Exception as error:  # noqa: BLE001 - any error ends the run
        result = RunResult.of_failure(run, error)
    await record_in_time(record_month, run, result)
    await notify_admins(run, result)
    mark_as_notified()
    emit_run_event(result.organization, result.month, result.status)
    await ping_end(run, result)
    await publish_artifacts(run, result)
    if result.output is not None:
        await _purge(run)
    silent = f"The run ended as {result.status.label!r}, but the Prefect server did not respond."
    PROCESS_END.within(REPORT_SECONDS, result.status.exit_status, silent)
    return await asyncio.to_thread(final_state, run, result)


async def _build_and_deliver_or_postpone(
    run: RunContext, delivery: Delivery, at: datetime, *, release: bool
) -> RunResult:
    patience = open_patience(run.profile.usage_api)
    try:
        async with run_limit(run.profile.report, patience.began_at, clock.now()):
            return await _build_and_deliver(run, delivery, at, patience, release=release)
    except RunPostponed as postponed:
        await postpone_run(run.month, patience, postponed.until)
        return RunResult.postponed(run, postponed.error, postponed.until)


async def _build_and_deliver(
    run: RunContext, delivery: Delivery, at: datetime, patience: Patience, *, release: bool
) -> RunResult:
    check_combination(delivery, draft=run.draft, release=release)
    if delivery == "preview" and not admin_channels(run.profile, clock.now):
        raise SettingsError(f"Profile {run.profile.name}", ["a preview is sent to the admins, but [admins] is empty"])
    await check_storage(run.profile)
    run = await read_note(run)  # from the ledger, or a file
    sealed = await read_sealed_report(run) if release else None
    if sealed is None:
        snapshot, _ = await asyncio.gather(fetch_month(run, patience), asyncio.to_thread(import_analysis))
        if run.draft:
            return await _build_draft(run, snapshot)
        sealed = await _build_and_seal(run, snapshot)
    report, bundle = sealed
    damage = await asyncio.to_thread(damage_of_month, run.profile, run.month)
    output = RunOutput(report, bundle.folder, run.link(bundle.revision), damage)
    result = RunResult.of_report(RunStatus.ARCHIVED, output)
    if delivery == "nobody":
        return result
    if delivery == "preview":
        return result.previewed(await _preview(run, bundle))
    decision, scope = await check_release(run, report, at, release), RecipientScope(delivery)
    if decision.reason:
        withheld = await _withhold(run, bundle, result, decision.reason)
        # Another run may have released it meanwhile, and then also delivers it.
        decision, scope = await asyncio.to_thread(decide_release, run, report, None), RecipientScope.UNDELIVERED
        if decision.reason:
            return withheld
    return result.delivered(await _deliver(run, bundle, scope, at), decision.note)


async def _withhold(run: RunContext, bundle: Bundle, result: RunResult, reason: str) -> RunResult:
    """Send the admins the preview of a withheld report, and record both."""
    receipts = await _preview(run, bundle)
    await asyncio.to_thread(record_withheld, run, bundle.revision)
    previewed_by = {receipt.channel for receipt in receipts if receipt.state is DeliveryState.SENT}
    return result.withheld(reason, release_advice(run, result.report, previewed_by))


async def _build_draft(run: RunContext, snapshot: Snapshot) -> RunResult:
    report = await build_report(snapshot, run, 0, await read_prior_reports(run))
    documents = await render_documents(report, "", run.profile.editions)
    folder = await save_draft(run.profile, run.month, documents)
    return RunResult.of_report(RunStatus.DRAFT, RunOutput(report, folder))


async def _build_and_seal(run: RunContext, snapshot: Snapshot) -> tuple[MonthlyReport, Bundle]:
    """Build the report and seal it; return the earlier revision instead if nothing has changed."""
    async with next_revision(run) as revision:
        prior_reports = await read_prior_reports(run)
        earlier = prior_reports.earlier_revision
        if earlier is not None:
            earlier_bundle, snapshot = await read_earlier_revision(run, earlier.revision, snapshot)
        report = await build_report(snapshot, run, revision, prior_reports)
        if earlier is not None and not supersedes(report, earlier):
            _log.info("Nothing has changed since revision %s, which remains current", earlier.revision)
            return earlier, earlier_bundle
        documents = await render_documents(report, run.link(revision), run.profile.editions)
        return report, await seal_bundle(run.profile, report, snapshot, prior_reports, documents)


async def _deliver(run: RunContext, bundle: Bundle, scope: RecipientScope, at: datetime) -> tuple[Receipt, ...]:
    messages = await prepare_messages(run, bundle)
    request = DeliveryRequest(run.profile.name, str(run.month), bundle.revision, scope, requested_at=at)
    routes = report_routes(run.profile, clock.now)
    receipts = await _send_by_all(routes, lambda route: deliver_report(route, messages[route.edition], run, request))
    return await asyncio.to_thread(with_current_results, run, receipts)


async def _preview(run: RunContext, bundle: Bundle) -> tuple[Receipt, ...]:
    """Send the admins the message of every edition, and record that they received it."""
    messages = await prepare_messages(run, bundle)
    routes = preview_routes(run.profile, clock.now)
    receipts = await _send_by_all(
        routes, lambda route: preview_report(route, messages[route.edition], run, bundle.revision)
    )
    if any(receipt.state is DeliveryState.SENT for receipt in receipts):
        await asyncio.to_thread(record_preview, run, bundle.revision)
    return receipts


async def _send_by_all(
    routes: Iterable[Route], send: Callable[[Route], Awaitable[list[Receipt]]]
) -> tuple[Receipt, ...]:
    """Send by all channels at once; a channel that fails does not stop the others."""
    outcomes = await asyncio.gather(*(send(route) for route in routes), return_exceptions=True)
    receipts: list[Receipt] = []
    for outcome in outcomes:
        if isinstance(outcome, BaseException):
            raise outcome
        receipts += outcome
    return tuple(receipts)


async def _purge(run: RunContext) -> None:
    """Purge the archive; a failure does not fail the run, because the report is delivered."""
    if run.draft or not retention_of(run.profile).removes_anything:
        return
    try:
        async with asyncio.timeout(PURGE_SECONDS):
            await purge_archive(run.profile)
    except Exception as error:  # noqa: BLE001 - the admins are notified of any error
        log_if_unexpected(error)
        await notify_admins_of_purge(run, error)
