"""Postpone a run while the API is down: another run of the deployment continues it, and the worker's slot is free."""

from datetime import datetime

from prefect import get_client
from prefect.client.schemas.objects import FlowRun
from prefect.context import FlowRunContext
from prefect.states import Scheduled

from tabnine_report.model.month import Month
from tabnine_report.profile.usage_api_settings import UsageApiSettings
from tabnine_report.runs import clock
from tabnine_report.runs.patience import UNATTENDED, Patience
from tasks import step
from tasks.check_release import release_request, request_labels


@step("postpone-run", "postpone the run")
async def postpone_run(month: Month, patience: Patience, until: datetime) -> None:
    """Schedule the continuation of this run in its deployment.

    The continuation has the same parameters, with the month fixed. What must not be a parameter is in its labels: when
    the waiting ends, whether the admins were notified, and who requested the first run.

    Args:
        month: The reported month.
        patience: The patience that the continuation shares.
        until: When it starts.
    """
    flow_run = current_run()
    if flow_run is None or flow_run.deployment_id is None:
        raise RuntimeError("only a run of a deployment can be postponed")
    async with get_client() as client:
        await client.create_flow_run_from_deployment(
            flow_run.deployment_id,
            parameters={**flow_run.parameters, "month": str(month)},
            state=Scheduled(scheduled_time=clock.in_real_time(until)),
            name=flow_run.name,
            tags=flow_run.tags,
            # If this run is started twice, it is continued once.
            idempotency_key=f"continuation of {flow_run.id}",
            work_queue_name=flow_run.work_queue_name,
            job_variables=flow_run.job_variables,
            labels={**patience.labels(), **request_labels(release_request(flow_run, clock.now()))},
        )


def open_patience(settings: UsageApiSettings) -> Patience:
    """Return how long the current run waits for the API; a continuation has the rest of the first run's patience."""
    flow_run, now = current_run(), clock.now()
    if flow_run is None:
        return Patience.of(settings, now, scheduled=False)
    deployed = flow_run.deployment_id is not None
    continued = Patience.continued(flow_run.labels, now) if deployed else None
    scheduled = flow_run.auto_scheduled or bool(flow_run.labels.get(UNATTENDED))
    return continued or Patience.of(settings, now, scheduled=scheduled, deployed=deployed)


def current_run() -> FlowRun | None:
    """Return the current run; None outside Prefect."""
    context = FlowRunContext.get()
    return context.flow_run if context else None
