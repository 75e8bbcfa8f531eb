"""The monthly report of one organization: fetched, built, rendered, kept, delivered, and told to the admins."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal

from prefect import flow, runtime
from prefect.client.schemas.objects import FlowRun, State
from prefect.flows import Flow
from prefect.states import Completed

from flows.fetching import fetch_month
from tabnine_report.analysis.as_of import take_as_of_answers_from
from tabnine_report.archive import Bundle
from tabnine_report.archive.prior_reports import answers_of
from tabnine_report.archive.revisions import supersedes
from tabnine_report.deliver.message import DeliveryState, Message, Receipt
from tabnine_report.deliver.preview import preview_routes
from tabnine_report.deliver.recipients import Audience, Order
from tabnine_report.deliver.routes import Route, admin_channels, report_channels
from tabnine_report.model.edition import Edition, document_of
from tabnine_report.model.errors import DeliveryError, ReportingError, SettingsError
from tabnine_report.model.report import MonthlyReport
from tabnine_report.runs import clock
from tabnine_report.runs.result import Outcome, Status
from tabnine_report.runs.storage import archive_of, damages_of_month, retention_of
from tabnine_report.usage_api.snapshot import Snapshot
from tasks.build_report import build_report, make_ready
from tasks.check_storage import check_storage
from tasks.deliver_report import deliver_to_channel, preview_to_admins
from tasks.notify_admins import tell_admins, tell_admins_of_failure, tell_admins_of_no_run, tell_admins_of_purge
from tasks.publish_artifacts import publish_artifacts
from tasks.purge_archive import purge_bundles
from tasks.read_prior_reports import recall_inputs
from tasks.release import held_because, is_released, note_shown
from tasks.render_documents import render_report
from tasks.revise import next_revision
from tasks.run import LAST_COMPLETE_MONTH, Run, begin, run_name, with_note
from tasks.seal_bundle import keep_draft, seal_bundle

Delivery = Literal["undelivered", "revised", "everyone", "preview", "nobody"]

_log = logging.getLogger(__name__)


def _instant_meant() -> datetime:
    """Give the instant that the run was meant for: a run that starts late still reports the month it was meant for."""
    if clock.rehearsing():
        return clock.now()
    scheduled: datetime | None = runtime.flow_run.scheduled_start_time
    return scheduled or clock.now()


def _name_run() -> str:
    parameters = runtime.flow_run.parameters
    return run_name(parameters["profile"], parameters["month"], _instant_meant())


async def _tell_of_crash(flow: Flow[Any, Any], flow_run: FlowRun, state: State[Any]) -> None:  # noqa: ARG001 - Prefect gives it
    """Tell the admins of a run that ended without being able to say so itself."""
    at = flow_run.expected_start_time or clock.now()
    parameters = {"month": LAST_COMPLETE_MONTH, "draft": False, "profile": "demo", **flow_run.parameters}
    with suppress(Exception):
        run = await asyncio.to_thread(
            begin, parameters["profile"], parameters["month"], draft=parameters["draft"], at=at
        )
        stopped = ReportingError("The run was stopped, or its process ended, before it was done; run the month again.")
        await tell_admins_of_failure(run, stopped)


@flow(
    name="monthly-report",
    flow_run_name=_name_run,
    on_crashed=[_tell_of_crash],
    on_cancellation=[_tell_of_crash],
)
async def monthly_report(
    profile: str = "demo",
    month: str = LAST_COMPLETE_MONTH,
    delivery: Delivery = "undelivered",
    draft: bool = False,  # noqa: FBT001, FBT002 - the parameters are the form in Prefect's UI
) -> Any:  # noqa: ANN401 - an Outcome, as itself or as a state's data
    """Make one organization's report of one month and deliver it.

    Args:
        profile: The organization's profile: its name in the folder of profiles, or the path of its file.
        month: The month to report as YYYY-MM, such as 2026-10; or "last complete month".
        delivery: Who gets it. "undelivered": those who have not had this month yet. "revised": those, too, who had an
            earlier revision than the present one. "everyone": all of them, those who had it deliberately again.
            "preview": the admins only, the exact messages, marked PREVIEW, not counted as delivered. "nobody": it is
            only made and kept.
        draft: Whether only a draft is wanted, of a month still open for instance. Drafts are never delivered.
    """
    at = _instant_meant()
    try:
        run = await asyncio.to_thread(begin, profile, month, draft=draft, at=at)
    except Exception as error:
        await tell_admins_of_no_run(profile, month, at, error)
        raise
    try:
        outcome = await _make_and_deliver(run, delivery)
    except Exception as error:
        await tell_admins_of_failure(run, error)
        raise
    await publish_artifacts(run, outcome)
    await tell_admins(run, outcome)
    await _purge(run)
    return _conclude(outcome)


async def _make_and_deliver(run: Run, delivery: Delivery) -> Outcome:
    if delivery == "preview" and not admin_channels(run.profile, clock.now):
        raise SettingsError(f"Profile {run.profile.name}", ["a preview goes to the admins, and [admins] names nobody"])
    run = await asyncio.to_thread(with_note, run)
    await check_storage(run.profile)
    snapshot, _ = await asyncio.gather(fetch_month(run), asyncio.to_thread(make_ready))
    if run.draft:
        return await _make_draft(run, snapshot)
    report, bundle = await _make(run, snapshot)
    damaged = await asyncio.to_thread(damages_of_month, run.profile, run.month)
    made = Outcome(Status.KEPT, report, bundle.folder, _link(run, bundle.revision), damaged=damaged)
    if delivery == "nobody":
        return made
    if delivery == "preview":
        return replace(made, status=Status.PREVIEWED, receipts=await _preview(run, bundle))
    if (reason := held_because(run, report)) and not await is_released(run, bundle.revision):
        await _preview(run, bundle)
        return replace(made, status=Status.HELD, reason=reason)
    return made.with_receipts(await _deliver(run, bundle, Audience(delivery)))


async def _make_draft(run: Run, snapshot: Snapshot) -> Outcome:
    report = await build_report(snapshot, run, 0, await recall_inputs(run.profile, run.month))
    documents = await render_report(report, "", run.profile.editions)
    return Outcome(Status.DRAFT, report, await keep_draft(run.profile, run.month, documents))


async def _make(run: Run, snapshot: Snapshot) -> tuple[MonthlyReport, Bundle]:
    """Build and keep the report; a month that comes out as it did before stays the bundle that it was."""
    async with next_revision(run) as revision:
        prior_reports = await recall_inputs(run.profile, run.month)
        earlier = prior_reports.earlier
        bundle = archive_of(run.profile).bundle(run.profile.name, run.month, earlier.revision) if earlier else None
        if bundle is not None and (before := answers_of(bundle)) is not None:
            snapshot = take_as_of_answers_from(before, snapshot)
        report = await build_report(snapshot, run, revision, prior_reports)
        if earlier is not None and bundle is not None and not supersedes(report, earlier):
            _log.info("The month came out as before: revision %s stays", bundle.revision)
            return earlier, bundle
        documents = await render_report(report, _link(run, revision), run.profile.editions)
        return report, await seal_bundle(run.profile, report, snapshot, prior_reports, documents)


async def _deliver(run: Run, bundle: Bundle, audience: Audience) -> tuple[Receipt, ...]:
    messages = await _messages(run, bundle)
    order = Order(run.profile.name, str(run.month), bundle.revision, audience, given_at=clock.now())
    routes = report_channels(run.profile, clock.now)
    return await _by_all(routes, lambda route: deliver_to_channel(route, messages[route.edition], run, order))


async def _preview(run: Run, bundle: Bundle) -> tuple[Receipt, ...]:
    """Show the admins the message of every edition that somebody is to get."""
    messages = await _messages(run, bundle)
    routes = preview_routes(run.profile, clock.now)
    receipts = await _by_all(
        routes, lambda route: preview_to_admins(route, messages[route.edition], run, bundle.revision)
    )
    if any(receipt.state is DeliveryState.SENT for receipt in receipts):
        await note_shown(run, bundle.revision)
    return receipts


async def _messages(run: Run, bundle: Bundle) -> dict[Edition, Message]:
    """Give the message of each edition; one that nobody was to get when the month was sealed is made now."""
    documents = bundle.documents()
    missing = [one for one in run.profile.editions if document_of(one, "email.json") not in documents]
    if missing:
        documents = await render_report(bundle.report(), _link(run, bundle.revision), missing) | documents
    return {edition: Message.read(documents, edition) for edition in run.profile.editions}


async def _by_all(routes: list[Route], send: Callable[[Route], Awaitable[list[Receipt]]]) -> tuple[Receipt, ...]:
    """Send by all channels at once; each answers for itself, and none stops another."""
    answers = await asyncio.gather(*(send(route) for route in routes), return_exceptions=True)
    receipts: list[Receipt] = []
    for answer in answers:
        if isinstance(answer, BaseException):
            raise answer
        receipts += answer
    return tuple(receipts)


async def _purge(run: Run) -> None:
    """Remove what the profile wants kept no longer; the report is out, and nothing here can fail it."""
    if run.draft or not retention_of(run.profile).removes_anything:
        return
    try:
        await purge_bundles(run.profile)
    except Exception as error:  # noqa: BLE001 - whatever it is, the admins hear of it
        await tell_admins_of_purge(run, error)


def _link(run: Run, revision: int) -> str:
    """Give the address at which the report will be readable; empty where the profile knows none."""
    base, name = run.profile.archive.link_base, run.profile.name
    return f"{base}/{name}/{run.month}/r{revision}/report.html" if base else ""


def _conclude(outcome: Outcome) -> Any:  # noqa: ANN401 - see monthly_report
    """Let the run's state in Prefect say what came of it."""
    if outcome.missed:
        raise DeliveryError(outcome.summary())
    if outcome.status is Status.DELIVERED:
        return outcome
    return Completed(name=outcome.status.capitalize(), message=outcome.summary(), data=outcome)
