"""Read from the Prefect server what the watchdog checks: runs, deployments, and work pools."""

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.filters import (
    FlowFilter,
    FlowFilterName,
    FlowRunFilter,
    FlowRunFilterExpectedStartTime,
    FlowRunFilterState,
    FlowRunFilterStateType,
    WorkPoolFilter,
    WorkPoolFilterName,
)
from prefect.client.schemas.objects import TERMINAL_STATES, FlowRun, StateType, WorkPool
from prefect.client.schemas.responses import DeploymentResponse
from prefect.exceptions import ObjectNotFound

from flows.deploying.deployment_marks import ORGANIZATION_TAG
from flows.deploying.orphaned_deployments import OrphanedDeployment, orphaned_deployments
from flows.due import due
from flows.monthly_report import monthly_report
from flows.watching.dead_runs import end_dead_runs, silent_runs
from tabnine_report.runs import clock
from tabnine_report.runs.context import LAST_COMPLETE_MONTH, requested_report

RECENT = timedelta(days=62)
"""Runs that were to start earlier are not checked."""

_FLOWS = ["monthly-report", "backfill", "due", "watch", "answer", "settle", "check"]
"""The flows whose dead runs are ended."""
_ENDED = sorted(TERMINAL_STATES)
_ACTIVE = sorted(set(StateType) - TERMINAL_STATES)
_PAGE = 200
WORKING = timedelta(seconds=90)
"""The maximum age of a running worker's last heartbeat. A worker sends one every 30 seconds."""
SECOND_LOOK_SECONDS = 60.0
"""After this time, what is silent is checked again: a server that was down has not received the heartbeats."""

T = TypeVar("T")


@dataclass(frozen=True)
class PoolState:
    """How a work pool is.

    Attributes:
        is_paused: Whether it starts no run.
        has_worker: Whether a worker responds, or none is needed.
        is_busy: Whether any run is active in it.
    """

    is_paused: bool
    has_worker: bool
    is_busy: bool


@dataclass
class WatchedServer:
    """What the watchdog needs of the Prefect server.

    Attributes:
        runs: The runs of the monthly report by organization, and then by month.
        deployments_by_name: The deployments of the monthly report by their name, which is that of an organization.
        deployments_by_profile: The same deployments by their parameter `profile`.
        pools: The work pools by name.
        is_fleet: Whether a deployment of the flow `due` starts the reports of all profiles.
        orphaned: The orphaned deployments of the monthly report that were created from this profiles folder.
    """

    runs: dict[str, dict[str, list[FlowRun]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    deployments_by_name: dict[str, list[DeploymentResponse]] = field(default_factory=lambda: defaultdict(list))
    deployments_by_profile: dict[str, list[DeploymentResponse]] = field(default_factory=lambda: defaultdict(list))
    pools: dict[str, PoolState] = field(default_factory=dict)
    is_fleet: bool = False
    orphaned: list[OrphanedDeployment] = field(default_factory=list)


def read_server(client: SyncPrefectClient) -> WatchedServer:
    """Read the server, and mark dead runs as Crashed before."""
    server = WatchedServer()
    flow = [monthly_report.name]
    deployments = _read_deployments(client, flow)
    pools = {deployment.work_pool_name for deployment in deployments if deployment.work_pool_name}
    silent = silent_runs(client, _read_runs(client, _FLOWS, FlowRunFilter(state=_of_types(_ACTIVE))))
    if silent or not all(_read_pool(client, name).has_worker for name in pools):
        time.sleep(SECOND_LOOK_SECONDS)
    end_dead_runs(client, silent)
    since = FlowRunFilterExpectedStartTime(after_=datetime.now(UTC) - RECENT)
    for run in (
        *_read_runs(client, flow, FlowRunFilter(state=_of_types(_ACTIVE))),
        *_read_runs(client, flow, FlowRunFilter(state=_of_types(_ENDED), expected_start_time=since)),
    ):
        organization, month = _report_of(run)
        server.runs[organization][month].append(run)
    for deployment in deployments:
        server.deployments_by_name[deployment.name].append(deployment)
        server.deployments_by_profile[str(deployment.parameters.get("profile"))].append(deployment)
    server.is_fleet = any(
        schedule.active
        for deployment in _read_deployments(client, [due.name])
        if not deployment.paused
        for schedule in deployment.schedules
    )
    server.pools = {name: _read_pool(client, name) for name in pools}
    server.orphaned = [
        deployment
        for deployment in orphaned_deployments(client)
        if deployment.is_ours and deployment.name.startswith(f"{monthly_report.name}/")
    ]
    return server


def _report_of(run: FlowRun) -> tuple[str, str]:
    """Return the organization and the month of a run."""
    at = run.expected_start_time or clock.now()
    profile = str(run.parameters.get("profile", "demo"))
    organization, month = requested_report(profile, str(run.parameters.get("month", LAST_COMPLETE_MONTH)), at)
    # The profile may now be that of another organization, whose admins this run does not concern.
    tagged = (tag.removeprefix(ORGANIZATION_TAG) for tag in run.tags if tag.startswith(ORGANIZATION_TAG))
    return next(tagged, organization), month


def _read_deployments(client: SyncPrefectClient, flows: list[str]) -> list[DeploymentResponse]:
    of_flows = FlowFilter(name=FlowFilterName(any_=flows))
    return _all_pages(lambda offset: client.read_deployments(flow_filter=of_flows, limit=_PAGE, offset=offset))


def _read_runs(client: SyncPrefectClient, flows: list[str], runs: FlowRunFilter) -> list[FlowRun]:
    of_flows = FlowFilter(name=FlowFilterName(any_=flows))
    return _all_pages(
        lambda offset: client.read_flow_runs(flow_filter=of_flows, flow_run_filter=runs, limit=_PAGE, offset=offset)
    )


def _read_pool(client: SyncPrefectClient, name: str) -> PoolState:
    try:
        pool: WorkPool = client.read_work_pool(name)
    except ObjectNotFound:  # it was deleted
        return PoolState(is_paused=False, has_worker=False, is_busy=False)
    # A pool that was just created has no worker yet.
    heartbeats = (pool.created, *(worker.last_heartbeat_time for worker in client.read_workers_for_work_pool(name)))
    recent = datetime.now(UTC) - WORKING
    started = client.read_flow_runs(
        work_pool_filter=WorkPoolFilter(name=WorkPoolFilterName(any_=[name])),
        flow_run_filter=FlowRunFilter(state=_of_types([StateType.PENDING, StateType.RUNNING])),
        limit=1,
    )
    return PoolState(
        is_paused=bool(pool.is_paused),
        has_worker=pool.is_push_pool
        or pool.is_managed_pool
        or any(heartbeat is not None and heartbeat > recent for heartbeat in heartbeats),
        is_busy=bool(started),
    )


def _of_types(types: list[StateType]) -> FlowRunFilterState:
    return FlowRunFilterState(type=FlowRunFilterStateType(any_=types))


def _all_pages(read: Callable[[int], Sequence[T]]) -> list[T]:
    items: list[T] = []
    while page := read(len(items)):
        items += page
        if len(page) < _PAGE:
            break
    return items
