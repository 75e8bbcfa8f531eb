"""The automations that `tabnine-report deploy` creates in Prefect. They start the watchdog outside its schedule.

An automation sends no message itself. The watchdog decides whether there is a problem, notifies the admins of the
organization, and remembers what they know. So an automation that is triggered without a reason sends no notice.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from prefect.client.orchestration import SyncPrefectClient
from prefect.events.actions import RunDeployment
from prefect.events.filters import AutomationFilter, AutomationFilterTags
from prefect.events.schemas.automations import Automation, AutomationCore, EventTrigger, Posture

from flows.deploying.deployment_marks import TAG
from flows.deploying.deployments import Outcome
from flows.monthly_report import monthly_report
from flows.watch import watch
from flows.watching.dead_runs import SILENCE
from flows.watching.run_checks import GRACE, OVERDUE
from tabnine_report.runs.status import RunStatus

PREFIX = f"{TAG}: "
"""How the names of the automations begin."""
HEARTBEAT = "prefect.flow-run.heartbeat"
_EVENT = "prefect.flow-run.{}"
_LATE, _CRASHED, _FAILED = (_EVENT.format(name) for name in ("Late", "Crashed", "Failed"))
_STARTED = frozenset(_EVENT.format(name) for name in ("Pending", "Running", "Cancelled"))  # codespell:ignore
_ENDED = frozenset(
    _EVENT.format(name)
    for name in ("Completed", "Cancelled", "Crashed", *(status.label for status in RunStatus))  # codespell:ignore
)
"""The events of all states in which a run of the monthly report ends; its last heartbeat comes before."""
_MARGIN = timedelta(seconds=30)
"""An automation starts the watchdog this much later than the watchdog can detect the problem."""
_SAME_FIELDS = {"name", "description", "tags", "trigger", "actions"}
"""What deploying writes. A person may disable an automation."""


@dataclass(frozen=True)
class DeployedAutomation:
    """An automation as it now is on the server.

    Attributes:
        name: Its name.
        outcome: What deploying did to it.
        is_enabled: Whether Prefect evaluates it.
    """

    name: str
    outcome: Outcome
    is_enabled: bool = True


def deploy_automations(client: SyncPrefectClient) -> Iterator[DeployedAutomation]:
    """Create the automations, or update them where they differ; delete those of an earlier version.

    Args:
        client: A client of the Prefect server, on which the watchdog is deployed.
    """
    watchdog = client.read_deployment_by_name(f"{watch.name}/{TAG}").id
    existing = {automation.name: automation for automation in _existing(client)}
    for automation in _automations(watchdog):
        earlier = existing.pop(automation.name, None)
        is_enabled = earlier is None or earlier.enabled
        yield DeployedAutomation(automation.name, _write(client, automation, earlier), is_enabled)
    for automation in existing.values():
        client.delete_automation(automation.id)
        yield DeployedAutomation(automation.name, Outcome.DELETED)


def _automations(watchdog: UUID) -> Iterator[AutomationCore]:
    """Yield the automations.

    The first two fire once for many runs of the same minutes: 200 late runs need one round of the watchdog. Prefect
    evaluates a trigger with `after` only with `for_each`: here, for the only flow.

    Args:
        watchdog: The ID of the watchdog's deployment.
    """
    reports = {
        "match": {"prefect.resource.id": "prefect.flow-run.*"},
        # The watchdog itself is not a report: its own failure must not start it again.
        "match_related": [
            {"prefect.resource.role": "flow", "prefect.resource.name": monthly_report.name},
            {"prefect.resource.role": "tag", "prefect.resource.id": f"prefect.tag.{TAG}"},
        ],
    }
    late = EventTrigger(
        after={_LATE},
        expect=set(_STARTED),
        within=OVERDUE,
        posture=Posture.Proactive,
        for_each={"related:flow:prefect.resource.id"},
        **reports,
    )
    ended = EventTrigger(expect={_CRASHED, _FAILED}, within=GRACE, **reports)
    silent = EventTrigger(
        after={HEARTBEAT},
        expect={HEARTBEAT, *_ENDED},
        within=SILENCE + _MARGIN,
        posture=Posture.Proactive,
        for_each={"prefect.resource.id"},
        **reports,
    )
    for name, trigger, wait, when in (
        ("late runs", late, _MARGIN, "a report is late, and no report starts within four minutes"),
        ("failed or crashed runs", ended, GRACE + _MARGIN, "a report fails or crashes, after the time to notify"),
        ("silent runs", silent, timedelta(), "a report sends no heartbeat, and has not ended"),
    ):
        yield AutomationCore(
            name=f"{PREFIX}{name}",
            description=f"Starts the watchdog when {when}. Created by `tabnine-report deploy`. Running it "
            "again overwrites changes made here, except whether the automation is enabled.",
            tags=[TAG],
            trigger=trigger,
            actions=[RunDeployment(source="selected", deployment_id=watchdog, schedule_after=wait)],
        )


def _existing(client: SyncPrefectClient) -> list[Automation]:
    tagged = AutomationFilter(tags=AutomationFilterTags(all_=[TAG]))
    return [each for each in client.read_automations(automations=tagged) if each.name.startswith(PREFIX)]


def _write(client: SyncPrefectClient, automation: AutomationCore, earlier: Automation | None) -> Outcome:
    if earlier is None:
        client.create_automation(automation)
        return Outcome.CREATED
    if earlier.model_dump(include=_SAME_FIELDS) == automation.model_dump(include=_SAME_FIELDS):
        return Outcome.UNCHANGED
    client.update_automation(earlier.id, automation.model_copy(update={"enabled": earlier.enabled}))
    return Outcome.CHANGED
