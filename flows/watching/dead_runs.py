"""Find the runs whose process has ended but which Prefect still shows as active, and mark them as Crashed.

Each run of a flow sends a heartbeat every `HEARTBEAT_SECONDS`, from a thread of its own. A killed process sends none,
and nothing else changes its state if its worker was also killed.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.events.filters import EventFilter, EventNameFilter, EventOccurredFilter, EventResourceFilter
from prefect.states import Crashed

HEARTBEAT_SECONDS = 30
"""How often a run sends a heartbeat; Prefect accepts no shorter time."""
SILENCE = timedelta(seconds=210)
"""How long a run that sends heartbeats may be silent."""
LONGEST_RUN = timedelta(hours=25)
"""How long a run may be active on a server that receives no heartbeats; it waits for the API for a day at most."""
LONGEST_SUBMISSION = SILENCE
"""How long a worker may take to start the process of a run; with ten minutes more, the admins know within a quarter."""

GONE = "The run stopped sending heartbeats: its process or its machine has ended."
"""The message of the state Crashed of such a run, by which the watchdog recognizes it later."""

_HEARTBEAT = "prefect.flow-run.heartbeat"
_RETENTION = timedelta(days=7)


def silent_runs(client: SyncPrefectClient, active: Iterable[FlowRun]) -> list[FlowRun]:
    """Return the active runs that seem to be dead."""
    return [run for run in active if _is_silent(client, run)]


def end_dead_runs(client: SyncPrefectClient, silent: Iterable[FlowRun]) -> list[FlowRun]:
    """Mark the runs that were silent before and still are as Crashed, and return them with this state."""
    ended = []
    for run in silent:
        current = client.read_flow_run(run.id)
        if _is_silent(client, current):
            # Without force: a run that ends in this moment keeps its own state.
            client.set_flow_run_state(run.id, Crashed(message=GONE))
            ended.append(client.read_flow_run(run.id))
    return ended


def _is_silent(client: SyncPrefectClient, run: FlowRun) -> bool:
    if run.state is None:
        return False
    age = datetime.now(UTC) - run.state.timestamp
    match run.state.type:
        case StateType.PENDING:
            return age > LONGEST_SUBMISSION
        case StateType.RUNNING:
            if age <= SILENCE:
                return False
            heartbeat = _last_heartbeat(client, f"prefect.flow-run.{run.id}")
            if heartbeat is not None:
                return datetime.now(UTC) - heartbeat > SILENCE
            return age > LONGEST_RUN or _last_heartbeat(client) is not None
        case _:
            return False


def _last_heartbeat(client: SyncPrefectClient, resource: str | None = None) -> datetime | None:
    """Return when the server received the last heartbeat of a run, or of any run; None if it received none."""
    occurred = EventOccurredFilter(since=datetime.now(UTC) - _RETENTION, until=datetime.now(UTC) + timedelta(days=1))
    heartbeats = EventFilter(
        occurred=occurred,
        event=EventNameFilter(name=[_HEARTBEAT]),
        resource=EventResourceFilter(id=[resource]) if resource else None,
    )
    events = client.read_events(heartbeats, limit=1).events
    return events[0].occurred if events else None
