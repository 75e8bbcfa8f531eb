"""Check whether a report may be delivered, or waits for a person to release it."""

import asyncio
from datetime import datetime

from prefect.client.schemas.objects import FlowRun
from prefect.context import FlowRunContext

from tabnine_report.model.report import MonthlyReport
from tabnine_report.runs import clock
from tabnine_report.runs.context import RunContext
from tabnine_report.runs.release import ReleaseDecision, ReleaseRequest, decide_release, operating_system_user
from tasks import step

_BY, _AT, _IS_AUTOMATIC = (f"tabnine-report.{name}" for name in ("requested-by", "requested-at", "automatic"))
"""The labels of a run that another run started, to continue it for example: who requested that one, and when."""


@step("check-release", "check the release")
async def check_release(run: RunContext, report: MonthlyReport, at: datetime, release: bool) -> ReleaseDecision:  # noqa: FBT001 - a parameter of the flow
    """Return whether the report may be delivered, and record its release if the run was started to release it.

    Args:
        run: The run.
        report: The sealed report.
        at: The scheduled time of the run, UTC.
        release: Whether the run was started to release the month's withheld report.

    Raises:
        LedgerError: If the ledger cannot be read or written.
    """
    context = FlowRunContext.get()
    request = release_request(context.flow_run if context else None, at) if release else None
    return await asyncio.to_thread(decide_release, run, report, request)


def release_request(flow_run: FlowRun | None, at: datetime) -> ReleaseRequest:
    """Return who requested a release, and when.

    A run without a deployment was started in this process, by the command line for example, so its user requested it.
    For any other run, only the Prefect server can know that. A run's time of creation stays the same when Prefect
    retries it, so a retry cannot release what was built after the request. Neither can the continuation of a postponed
    run, which is the same request.
    """
    if flow_run is None:
        return ReleaseRequest(operating_system_user(), at)
    if (labels := flow_run.labels) and _AT in labels:
        return ReleaseRequest(str(labels[_BY]), datetime.fromisoformat(str(labels[_AT])), bool(labels[_IS_AUTOMATIC]))
    # In a rehearsal, the server's clock is not that of the run.
    requested_at = at if clock.is_rehearsing() else flow_run.created or at
    creator = flow_run.created_by
    is_automatic = flow_run.auto_scheduled or (creator is not None and creator.type in {"SCHEDULE", "AUTOMATION"})
    if flow_run.deployment_id is None and flow_run.parent_task_run_id is None:
        by = operating_system_user()
    elif creator is not None and creator.display_value:
        by = f"{creator.display_value} in Prefect"
    else:
        by = f"a run in Prefect, {flow_run.name} ({flow_run.id})"
    return ReleaseRequest(by, requested_at, is_automatic)


def request_labels(request: ReleaseRequest) -> dict[str, str | bool]:
    """Return the labels that make a run the same request, such as the continuation of a postponed run."""
    return {_BY: request.by, _AT: request.at.isoformat(), _IS_AUTOMATIC: request.is_automatic}
