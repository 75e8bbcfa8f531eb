"""The heartbeats of a run are read from a real server that stores events."""

import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from measured_processes import COVERAGE_SETTINGS
from postgresql import free_port
from prefect import flow
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.events import Event
from prefect.server.api.server import SubprocessASGIServer
from prefect.settings import PREFECT_API_URL, PREFECT_SERVER_DATABASE_CONNECTION_URL, temporary_settings
from prefect.states import Running
from prefect_database import create_database

from flows.watching import dead_runs
from flows.watching.dead_runs import GONE, end_dead_runs, silent_runs

pytestmark = [
    pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"),
    pytest.mark.filterwarnings("ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning"),
]


@flow(name="monthly-report")
async def living() -> None:
    pass


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SyncPrefectClient]:
    database = f"sqlite+aiosqlite:///{create_database(tmp_path_factory.mktemp('events'), tmp_path_factory)}"
    # With a port, this is another server than that of the other tests.
    server = SubprocessASGIServer(port=free_port())
    with (
        temporary_settings({PREFECT_SERVER_DATABASE_CONNECTION_URL: database}),
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.delenv(COVERAGE_SETTINGS, raising=False)
        server.start(timeout=120)
    with temporary_settings({PREFECT_API_URL: server.api_url}), get_client(sync_client=True) as client:
        yield client
    server.stop()


def test_a_run_without_new_heartbeats_is_dead_and_one_with_them_is_alive(
    client: SyncPrefectClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs = [client.create_flow_run(living, state=Running()) for _ in range(2)]
    assert silent_runs(client, runs) == end_dead_runs(client, runs) == []

    # Not by emit_event, which stays connected to the server of an earlier test.
    events = [
        Event(event="prefect.flow-run.heartbeat", resource={"prefect.resource.id": f"prefect.flow-run.{run.id}"})
        for run in runs
    ]
    client._client.post("/events", json=[event.model_dump(mode="json") for event in events]).raise_for_status()
    wait_until_stored(client, runs)
    living_run, dead_run = runs
    last = dead_runs._last_heartbeat(client, f"prefect.flow-run.{dead_run.id}")
    assert last is not None
    assert dead_runs._last_heartbeat(client, "prefect.flow-run.another") is None
    assert dead_runs._last_heartbeat(client) is not None

    monkeypatch.setattr(dead_runs, "SILENCE", timedelta(0))
    assert silent_runs(client, [dead_run]) == [dead_run]
    ended = end_dead_runs(client, [dead_run])
    assert [(run.id, run.state_type, run.state.message) for run in ended if run.state] == [
        (dead_run.id, StateType.CRASHED, GONE)
    ]
    monkeypatch.setattr(dead_runs, "SILENCE", timedelta(minutes=5))
    assert end_dead_runs(client, [living_run]) == []


def wait_until_stored(client: SyncPrefectClient, runs: list[FlowRun]) -> None:
    for _ in range(300):
        if all(dead_runs._last_heartbeat(client, f"prefect.flow-run.{run.id}") for run in runs):
            return
        time.sleep(0.1)
    pytest.fail("the server has not stored the heartbeats")
