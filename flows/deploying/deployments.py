"""The deployments in Prefect that are created from profiles: what runs when, for whom, and with which form.

Only what differs is written, so deploying again changes nothing. The pause of a schedule, and schedules that a person
has added, are not changed.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any
from uuid import UUID

from prefect import Flow
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.actions import DeploymentScheduleCreate, DeploymentUpdate, WorkPoolCreate
from prefect.client.schemas.objects import ConcurrencyLimitStrategy, ConcurrencyOptions, FlowRun
from prefect.client.schemas.responses import DeploymentResponse
from prefect.client.schemas.schedules import CronSchedule
from prefect.exceptions import ObjectAlreadyExists, ObjectNotFound
from prefect.utilities.callables import parameter_schema
from prefect.workers.process import ProcessWorker

from flows.answer import answer
from flows.backfill import backfill
from flows.check import check
from flows.deploying.deployment_marks import ORGANIZATION_TAG, PROFILES_VARIABLE, TAG
from flows.deploying.upcoming_runs import name_upcoming_runs
from flows.due import due, due_name
from flows.monthly_report import monthly_report
from flows.settle import settle
from flows.watch import round_name, watch
from flows.watching.dead_runs import HEARTBEAT_SECONDS
from tabnine_report.profile.reading import DeploymentSettings
from tabnine_report.runs.context import LAST_COMPLETE_MONTH, run_name
from tabnine_report.runs.profile_file import profiles_folder

WORK_POOL = "reports"

_PROJECT = Path(__file__).resolve().parents[2]
_SCHEDULE = "monthly"
_WATCHDOG_CRON = "*/10 * * * *"
FLEET = "fleet"
"""The name of the deployment that starts the reports of all profiles."""
_FLEET_CRON = "0 6-20 * * *"
_ONE_AT_A_TIME = {
    "concurrency_limit": 1,
    "concurrency_options": ConcurrencyOptions(collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW),
}
"""A run that starts while another one is active is canceled: both would wait for the same reports, in two workers."""


class Outcome(StrEnum):
    """What deploying did to a deployment or an automation."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    DELETED = "deleted"


@dataclass(frozen=True)
class Deployed:
    """A deployment or an automation as it now is on the server.

    Attributes:
        name: The names of a deployment's flow and its own, such as `monthly-report/acme`; or the automation's name.
        outcome: What deploying did to it.
        schedule: When runs start, with the time zone; empty if they are started manually.
        next_run: The next start in that time zone; None if the schedule is paused, or there is none.
    """

    name: str
    outcome: Outcome
    schedule: str = ""
    next_run: datetime | None = None


def create_work_pool(client: SyncPrefectClient, name: str) -> bool:
    """Create the work pool if it is missing; return whether it was missing."""
    try:
        client.read_work_pool(name)
    except ObjectNotFound:
        template = ProcessWorker.get_default_base_job_template()
        # A worker that starts at the same time may have created it meanwhile.
        with suppress(ObjectAlreadyExists):
            client.create_work_pool(WorkPoolCreate(name=name, type=ProcessWorker.type, base_job_template=template))
            return True
    return False


def deploy_profile(
    client: SyncPrefectClient, profile: str, settings: DeploymentSettings, work_pool: str, *, has_schedule: bool
) -> Iterator[Deployed]:
    """Create the deployments of a profile, or update them where they differ.

    Args:
        client: A client of the Prefect server.
        profile: The profile's name in the profiles folder, or the absolute path of its file.
        settings: What the deployments need of it.
        work_pool: The name of an existing work pool.
        has_schedule: Whether the monthly report gets the profile's schedule. Otherwise, `due` starts it.
    """
    organization = settings.name
    purposes: tuple[tuple[Flow[Any, Any], str, str | None], ...] = (
        (
            monthly_report,
            f"Builds the monthly report of {organization} and delivers it to the recipients who have not received it.",
            settings.cron if has_schedule else None,
        ),
        (backfill, f"Builds and archives earlier months of {organization}. Start it with the first month.", None),
        (
            answer,
            f"Answers a report of {organization}: decisions, a note for the month, the release of a withheld report.",
            None,
        ),
        (settle, f"Records the outcome of an unconfirmed delivery of {organization}.", None),
        (check, f"Checks everything that a run of {organization} needs. Sends nothing.", None),
    )

    def name_of(run: FlowRun, at: datetime) -> str:
        return run_name(profile, run.parameters.get("month", LAST_COMPLETE_MONTH), at)

    for flow, purpose, cron in purposes:
        definition = _definition(flow, purpose, profile, settings, work_pool)
        deployment_id, outcome = _write_deployment(client, flow, organization, definition)
        schedule = CronSchedule(cron=cron, timezone=settings.zone.key) if cron else None
        deployment = client.read_deployment(deployment_id)
        if _write_schedule(client, deployment, schedule) and outcome is Outcome.UNCHANGED:
            outcome = Outcome.CHANGED
        next_run = name_upcoming_runs(client, deployment_id, name_of)
        yield Deployed(
            f"{flow.name}/{organization}",
            outcome,
            f"{cron} {settings.zone.key}" if cron else "",
            next_run.astimezone(settings.zone) if next_run else None,
        )


def deploy_watchdog(client: SyncPrefectClient, work_pool: str) -> Deployed:
    """Create the deployment of the watchdog of all profiles, or update it where it differs."""
    purpose = "Detects problems that no run reported, and notifies the admins."
    return _deploy_for_all(client, work_pool, watch, TAG, purpose=purpose, cron=_WATCHDOG_CRON, name_of=round_name)


def deploy_fleet(client: SyncPrefectClient, work_pool: str) -> Deployed:
    """Create the deployment that starts the reports of all profiles when they are due, or update it."""
    purpose = "Starts the monthly report of each organization whose last final month was not sent."
    return _deploy_for_all(
        client, work_pool, due, FLEET, purpose=purpose, cron=_FLEET_CRON, name_of=due_name, execution=_ONE_AT_A_TIME
    )


def fleet_deployment(client: SyncPrefectClient) -> UUID | None:
    """Return the ID of the deployment that starts the reports of all profiles; None if there is none."""
    try:
        return client.read_deployment_by_name(f"{due.name}/{FLEET}").id
    except ObjectNotFound:
        return None


def _deploy_for_all(  # noqa: PLR0913 - each is a property of the deployment
    client: SyncPrefectClient,
    work_pool: str,
    flow: Flow[Any, Any],
    name: str,
    *,
    purpose: str,
    cron: str,
    name_of: Callable[[datetime], str],
    execution: Mapping[str, Any] = MappingProxyType({}),
) -> Deployed:
    definition = {
        "description": f"{purpose}\n\nCreated by `tabnine-report deploy`. Running it again overwrites changes made "
        "here, except for a pause of the schedule.",
        "tags": [TAG],
        "parameters": {},
        "parameter_openapi_schema": parameter_schema(flow).model_dump(mode="json", exclude_unset=True),
        **_execution(flow, work_pool),
        **execution,
    }
    deployment_id, outcome = _write_deployment(client, flow, name, definition)
    schedule = CronSchedule(cron=cron, timezone="UTC")
    deployment = client.read_deployment(deployment_id)
    if _write_schedule(client, deployment, schedule, flow.name) and outcome is Outcome.UNCHANGED:
        outcome = Outcome.CHANGED
    next_run = name_upcoming_runs(client, deployment_id, lambda _, at: name_of(at))
    return Deployed(f"{flow.name}/{name}", outcome, f"{cron} UTC", next_run)


def _definition(
    flow: Flow[Any, Any], purpose: str, profile: str, settings: DeploymentSettings, work_pool: str
) -> dict[str, Any]:
    """Return what a deployment is, except for its schedule, under Prefect's names."""
    schema = parameter_schema(flow).model_dump(mode="json", exclude_unset=True)
    # As Prefect's `freeze`: the form shows the profile and does not let a person change it.
    schema["properties"]["profile"] |= {"readOnly": True, "enum": [profile]}
    return {
        "description": f"{purpose}\n\nCreated by `tabnine-report deploy` from the profile {profile}. Running it "
        "again overwrites changes made here, except for a pause of the schedule.",
        "tags": [TAG, f"{ORGANIZATION_TAG}{settings.name}", *(f"edition:{edition}" for edition in settings.editions)],
        "parameters": {"profile": profile},
        "parameter_openapi_schema": schema,
        **_execution(flow, work_pool),
    }


def _execution(flow: Flow[Any, Any], work_pool: str) -> dict[str, Any]:
    """Return how a worker executes a deployment, under Prefect's names."""
    return {
        "enforce_parameter_schema": True,
        "entrypoint": f"{flow.fn.__module__}.{flow.fn.__name__}",
        "path": None,
        "pull_steps": [{"prefect.deployments.steps.set_working_directory": {"directory": str(_PROJECT)}}],
        "work_pool_name": work_pool,
        "job_variables": {
            "env": {
                # Shows our log lines on the run's page, with Prefect's own.
                "PREFECT_LOGGING_EXTRA_LOGGERS": "flows,tasks,tabnine_report",
                PROFILES_VARIABLE: str(profiles_folder().resolve()),
                # The watchdog recognizes a killed run by its silence.
                "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": str(HEARTBEAT_SECONDS),
            }
        },
    }


def _write_deployment(
    client: SyncPrefectClient, flow: Flow[Any, Any], organization: str, definition: dict[str, Any]
) -> tuple[UUID, Outcome]:
    try:
        existing = client.read_deployment_by_name(f"{flow.name}/{organization}")
    except ObjectNotFound:
        flow_id = client.create_flow_from_name(flow.name)
        return client.create_deployment(flow_id=flow_id, name=organization, **definition), Outcome.CREATED
    if all(_value(existing, key) == value for key, value in definition.items()):
        return existing.id, Outcome.UNCHANGED
    client.update_deployment(existing.id, DeploymentUpdate(**definition))
    return existing.id, Outcome.CHANGED


def _value(deployment: DeploymentResponse, key: str) -> object:
    """Return a property of a deployment by the name under which it is written."""
    if key == "concurrency_limit":  # read as None
        limit = deployment.global_concurrency_limit
        return limit.limit if limit else None
    return getattr(deployment, key)


def _write_schedule(
    client: SyncPrefectClient, deployment: DeploymentResponse, schedule: CronSchedule | None, slug: str = _SCHEDULE
) -> bool:
    """Create, update or delete our schedule; return whether it differed."""
    ours = next((each for each in deployment.schedules if each.slug == slug), None)
    if ours is None:
        if schedule is not None:
            new = DeploymentScheduleCreate(schedule=schedule, active=True, slug=slug)
            client.create_deployment_schedules(deployment.id, [new])
        return schedule is not None
    if schedule is None:
        client.delete_deployment_schedule(deployment.id, ours.id)
        return True
    if ours.schedule == schedule:
        return False
    client.update_deployment_schedule(deployment.id, ours.id, schedule=schedule)
    return True
