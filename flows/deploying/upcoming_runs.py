"""Name the scheduled runs of a deployment, which Prefect creates with random names."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterId,
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.client.schemas.sorting import FlowRunSort


def name_upcoming_runs(
    client: SyncPrefectClient, deployment_id: UUID, name_of: Callable[[FlowRun, datetime], str]
) -> datetime | None:
    """Name the scheduled runs as they name themselves when they start; return the time of the first.

    Args:
        client: A client of the Prefect server.
        deployment_id: The deployment.
        name_of: Returns the name of a run, from the run and its time.
    """
    upcoming = _upcoming_runs(client, deployment_id)
    for run, at in upcoming:
        name = name_of(run, at)
        if run.name != name:
            client.set_flow_run_name(run.id, name)
    return upcoming[0][1] if upcoming else None


def _upcoming_runs(client: SyncPrefectClient, deployment_id: UUID) -> list[tuple[FlowRun, datetime]]:
    """Return the scheduled runs with their times, the first one first.

    The scheduler creates runs with random names some seconds after a change. It does not create the same run twice, so
    they are requested here.
    """
    client.request("POST", "/deployments/{id}/schedule", path_params={"id": deployment_id}, json={})
    upcoming = client.read_flow_runs(
        deployment_filter=DeploymentFilter(id=DeploymentFilterId(any_=[deployment_id])),
        flow_run_filter=FlowRunFilter(
            state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.SCHEDULED]))
        ),
        sort=FlowRunSort.EXPECTED_START_TIME_ASC,
    )
    return [(run, run.expected_start_time) for run in upcoming if run.auto_scheduled and run.expected_start_time]
