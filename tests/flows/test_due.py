"""The flow `due` starts the reports that are due, a few at a time and once a day, even if others fail."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from prefect.artifacts import Artifact
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterId
from prefect.client.schemas.objects import FlowRun, State, StateType

from cli.main import status
from flows import due as module
from flows.due import due
from tabnine_report.runs import clock
from tabnine_report.runs.due import LastMonth
from tabnine_report.runs.patience import UNATTENDED
from tabnine_report.runs.status import RunStatus
from tabnine_report.runs.storage import month_records_of
from tasks.read_profile import open_ledger_profile

pytestmark = pytest.mark.usefixtures("_prefect")

AT = datetime(2026, 11, 2, 12, tzinfo=UTC)
ENDS = {
    RunStatus.SENT: StateType.COMPLETED,
    RunStatus.FAILED: StateType.FAILED,
    RunStatus.WITHHELD: StateType.CANCELLED,  # codespell:ignore - Prefect's spelling
}
SECRET = "https://hooks.example/hush"
REASONS = {RunStatus.FAILED: "The API is down.", RunStatus.WITHHELD: "Active users fell from 360 to 3."}
PROFILE = """
name = "{name}"
time_zone = "Europe/Berlin"
[usage_api]
base_url = "https://console.tabnine.com"
token = "${{TOKEN_THAT_IS_NOT_SET}}"
[report]
schedule = "none"
"""


class Worker:
    """Stands for the workers: records how each month ended, as a run does, and sets the states of the runs.

    Attributes:
        ends: How the runs of an organization end; otherwise they are sent.
        at_least: How many runs have to be active before it ends them, unless all have been started.
    """

    def __init__(self, client: PrefectClient, deployments: list[Any]) -> None:
        self.ends: dict[str, RunStatus] = {}
        self.at_least = 1
        self._client = client
        self._names = {deployment.id: deployment.name for deployment in deployments}

    async def runs(self) -> list[FlowRun]:
        of_deployments = DeploymentFilter(id=DeploymentFilterId(any_=list(self._names)))
        return await self._client.read_flow_runs(deployment_filter=of_deployments)

    async def work(self) -> None:
        while True:
            runs = await self.runs()
            active = [run for run in runs if run.state and not run.state.is_final()]
            if len(active) >= self.at_least or len(runs) == len(self._names):
                for run in active:
                    await self._end(run)
            await asyncio.sleep(0.01)

    async def _end(self, run: FlowRun) -> None:
        name = self._names[run.deployment_id]
        ended = self.ends.get(name, RunStatus.SENT)
        records = month_records_of(open_ledger_profile(name))
        records.record(run.parameters["month"], due=AT.date(), state=ended, reason=REASONS.get(ended, ""))
        await self._client.set_flow_run_state(run.id, State(type=ENDS[ended], name=ended.label), force=True)


OpenWorker = Callable[..., Awaitable[Worker]]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TABNINE_REPORT_PROFILES", str(tmp_path))
    monkeypatch.setattr(module, "POLL_SECONDS", 0.01)
    return tmp_path


@pytest.fixture
async def open_worker(folder: Path, request: pytest.FixtureRequest) -> AsyncIterator[OpenWorker]:
    """Yield a function that writes and deploys profiles, and starts a worker for them.

    The organizations of a test exist in no other test.
    """
    working: list[asyncio.Task[None]] = []
    async with get_client() as client:

        async def open_for(*letters: str) -> Worker:
            names = [organization(request, letter) for letter in letters]
            for name in names:
                (folder / f"{name}.toml").write_text(PROFILE.format(name=name), encoding="utf-8")
            assert await asyncio.to_thread(status, ["deploy"]) == 0
            deployments = [await client.read_deployment_by_name(f"monthly-report/{name}") for name in names]
            worker = Worker(client, deployments)
            working.append(asyncio.create_task(worker.work()))
            return worker

        yield open_for
        for task in working:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


def organization(request: pytest.FixtureRequest, letter: str) -> str:
    return f"{letter}-{abs(hash(request.node.name)) % 10**8}"


async def run_due(at: datetime = AT, concurrent_runs: int = 2) -> dict[str, tuple[str, str, str, str]]:
    """Return month, state before, result and reason by the first letter of the organization."""
    with clock.rehearse(at):
        rows = await due(concurrent_runs)
    return {row["organization"][0]: (row["month"], row["before"], row["result"], row["reason"]) for row in rows}


async def test_each_report_that_is_due_is_started_once_a_day_until_it_is_sent(open_worker: OpenWorker) -> None:
    worker = await open_worker("a", "b")
    (failing,) = [name for name in worker._names.values() if name.startswith("a")]
    worker.ends[failing] = RunStatus.FAILED

    first = await run_due()
    assert first == {
        "a": ("2026-10", "", "Failed", "The API is down."),
        "b": ("2026-10", "", "Sent", ""),
    }
    started = await worker.runs()
    assert sorted(run.name for run in started) == sorted(f"{name} · 2026-10" for name in worker._names.values())
    assert [run.parameters["month"] for run in started] == ["2026-10"] * 2
    assert {run.parameters["profile"] for run in started} == set(worker._names.values())
    assert all(run.labels[UNATTENDED] for run in started)

    again = await run_due(AT + timedelta(hours=2))
    assert again == {
        "a": ("2026-10", "Failed", "Failed", "The API is down."),
        "b": ("2026-10", "Sent", "Not due", ""),
    }
    assert len(await worker.runs()) == 2

    worker.ends.clear()
    next_day = await run_due(AT + timedelta(days=1))
    assert next_day["a"] == ("2026-10", "Failed", "Sent", "")
    assert len(await worker.runs()) == 3


async def test_a_withheld_report_is_not_due_again_and_its_figures_are_not_stored(open_worker: OpenWorker) -> None:
    worker = await open_worker("a")
    worker.ends = dict.fromkeys(worker._names.values(), RunStatus.WITHHELD)

    assert await run_due() == {"a": ("2026-10", "", "Withheld", "")}
    assert await run_due(AT + timedelta(days=1)) == {"a": ("2026-10", "Withheld", "Not due", "")}
    assert len(await worker.runs()) == 1


async def test_no_more_runs_are_active_than_allowed(open_worker: OpenWorker, monkeypatch: pytest.MonkeyPatch) -> None:
    worker = await open_worker(*"abcdef")
    worker.at_least = 3
    run, active, numbers = module._run, set(), []

    async def count(client: PrefectClient, month: LastMonth, day: date) -> tuple[str, str]:
        active.add(month.organization)
        numbers.append(len(active))
        result = await run(client, month, day)
        active.remove(month.organization)
        return result

    monkeypatch.setattr(module, "_run", count)
    results = await run_due(concurrent_runs=3)

    assert [result for _, _, result, _ in results.values()] == ["Sent"] * 6
    assert max(numbers) == 3


async def test_the_failure_of_an_organization_is_its_own_line_and_comes_first(
    open_worker: OpenWorker, folder: Path
) -> None:
    await open_worker("a", "b")
    (folder / "c.toml").write_text('name = "c"\ntime_zone = "Europe/Nowhere"\n', encoding="utf-8")
    (folder / "d.toml").write_text(PROFILE.format(name="d-without-deployment"), encoding="utf-8")

    with clock.rehearse(AT):
        state: State[Any] = await due(return_state=True)
    rows = await state.aresult()

    assert (state.type, state.name) == (StateType.COMPLETED, "Incomplete")
    assert state.message == "Organizations: 2 not started, 2 sent."
    assert [row["result"] for row in rows] == ["Not started", "Not started", "Sent", "Sent"]
    assert "time_zone is not an IANA time zone" in rows[0]["reason"]
    assert rows[1]["reason"] == (
        "There is no deployment monthly-report/d-without-deployment. Create it:\n\n    tabnine-report deploy"
    )
    artifact = await Artifact.aget("due")
    assert artifact is not None
    assert isinstance(artifact.data, str)
    assert "d-without-deployment" in artifact.data


async def test_a_run_that_does_not_end_is_reported_and_does_not_stop_the_others(
    open_worker: OpenWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = await open_worker("a", "b")
    (stuck,) = [name for name in worker._names.values() if name.startswith("a")]
    end = worker._end

    async def end_others(run: FlowRun) -> None:
        if worker._names[run.deployment_id] != stuck:
            await end(run)

    monkeypatch.setattr(worker, "_end", end_others)
    monkeypatch.setattr(module, "MAX_WAIT_SECONDS", 2.0)
    results = await run_due(concurrent_runs=1)

    waited = "The run has not ended after 0.000555556 hours. Check that a worker with a free slot is running."
    assert results == {"a": ("2026-10", "", "Not finished", waited), "b": ("2026-10", "", "Sent", "")}


@pytest.mark.parametrize(
    ("call", "result", "reason"),
    [
        ("_start", "Not started", "The Prefect server did not create the run (ConnectError)."),
        ("_wait", "Not finished", "The Prefect server stopped responding (ConnectError)."),
    ],
)
async def test_a_server_that_fails_for_one_organization_does_not_stop_the_others(
    open_worker: OpenWorker, monkeypatch: pytest.MonkeyPatch, call: str, result: str, reason: str
) -> None:
    await open_worker("a", "b")
    original, calls = getattr(module, call), []

    async def fail_first(*arguments: Any, **options: Any) -> Any:
        calls.append(arguments)
        if len(calls) == 1:
            raise httpx.ConnectError("hush")
        return await original(*arguments, **options)

    monkeypatch.setattr(module, call, fail_first)
    results = await run_due(concurrent_runs=1)

    assert results == {"a": ("2026-10", "", result, reason), "b": ("2026-10", "", "Sent", "")}


@pytest.mark.usefixtures("folder")
async def test_without_organizations_nothing_is_due() -> None:
    with clock.rehearse(AT):
        state: State[Any] = await due(return_state=True)

    assert (state.name, state.message, await state.aresult()) == ("Completed", "Organizations: none.", [])


@pytest.mark.usefixtures("folder")
async def test_an_unexpected_error_is_named_with_what_to_do_and_its_text_is_not_stored(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError(SECRET)

    monkeypatch.setattr(module, "last_months", fail)
    with clock.rehearse(AT):
        state: State[Any] = await due(return_state=True)

    assert state.type is StateType.FAILED
    assert state.message == "An unexpected error occurred (RuntimeError). The log of the flow run states where."
    artifact = await Artifact.aget("due")
    assert artifact is not None
    text = str(artifact.data)
    assert r"## reports due on 2026\-11\-02 12:00 · Failed" in text
    assert "Fix the problem, then run this deployment again, or wait for its next scheduled run." in text
    assert SECRET not in f"{text}{caplog.text}{state}"
