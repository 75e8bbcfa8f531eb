"""A run that is stopped or takes too long: the admins are notified, even if a system does not respond."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from prefect import flow_engine, get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterState, FlowRunFilterStateType
from prefect.client.schemas.objects import State, StateType
from prefect.exceptions import TerminationSignal
from prefect.utilities.engine import capture_sigterm
from receivers import Webhook

from flows import monthly_report as flow
from flows.monthly_report import monthly_report
from flows.running import termination
from flows.running.termination import ending_when_stopped
from tabnine_report.deliver.ledger.ledger import Ledger
from tabnine_report.runs import clock
from tabnine_report.runs.context import RunContext
from tabnine_report.runs.process_end import STOP_SECONDS, TERMINATED
from tabnine_report.runs.result import RunResult
from tabnine_report.runs.status import RunStatus
from tasks.notify_admins import notify_admins
from tasks.read_profile import open_run

WriteProfile = Callable[..., str]

pytestmark = pytest.mark.usefixtures("_on_the_2nd")


class ProcessRecorder:
    """Records what would end the process of a run."""

    def __init__(self) -> None:
        self.calls: list[object] = []

    def own(self) -> None:
        self.calls.append("own")

    def within(self, seconds: float, status: int, _sentence: str) -> None:
        self.calls.append(("within", seconds, status))


class SilentServer:
    """Accepts connections and sends nothing."""

    def __init__(self) -> None:
        self.was_asked = asyncio.Event()
        self.port = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.was_asked.set()
        await reader.read()
        writer.close()


@pytest.fixture
async def silent() -> AsyncIterator[SilentServer]:
    silent = SilentServer()
    server = await asyncio.start_server(silent.serve, "127.0.0.1", 0)
    silent.port = server.sockets[0].getsockname()[1]
    yield silent
    server.close()


@pytest.fixture
def silent_profile(write_profile: WriteProfile, channel: Webhook, silent: SilentServer) -> str:
    """Return a profile whose Slack channel stays silent."""
    path = Path(write_profile())
    content = path.read_text(encoding="utf-8").replace(channel.url, f"http://127.0.0.1:{silent.port}/services/T000")
    path.write_text(content, encoding="utf-8")
    return str(path)


async def test_a_run_that_is_stopped_while_a_channel_and_prefect_are_silent_notifies_the_admins_once(
    silent_profile: str,
    silent: SilentServer,
    admins: Webhook,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    responds, is_notified = asyncio.Event(), asyncio.Event()
    propose_state: Callable[..., Awaitable[State[Any]]] = flow_engine.__dict__["propose_state"]
    notify = notify_admins.fn

    async def notify_and_tell(run: RunContext, result: RunResult, **options: bool) -> list[str]:
        problems = await notify(run, result, **options)
        is_notified.set()
        return problems

    async def propose_late(client: Any, state: State[Any], *arguments: Any, **options: Any) -> State[Any]:
        if state.is_crashed():
            await responds.wait()
        return await propose_state(client, state, *arguments, **options)

    monkeypatch.setattr(flow_engine, "propose_state", propose_late)
    monkeypatch.setattr(notify_admins, "fn", notify_and_tell)
    run = asyncio.create_task(monthly_report(silent_profile))
    async with asyncio.timeout(60):
        await silent.was_asked.wait()
        run.cancel()
        await is_notified.wait()
        assert not run.done()
        responds.set()
        with pytest.raises(asyncio.CancelledError):
            await run

    assert len(admins.payloads) == 1
    assert "The run was stopped, or its process ended, before it was complete." in admins.text()
    ledger = Ledger(f"sqlite:///{tmp_path}/reports/ledger.db", clock.now)
    (slack,) = (entry for entry in ledger.deliveries("acme") if entry.channel == "slack")
    assert (slack.state, slack.detail) == (
        "unconfirmed",
        "The run was stopped. The message may have arrived. Ask the recipient.",
    )


async def test_a_run_that_is_stopped_after_its_notice_sends_no_other_one(
    write_profile: WriteProfile, admins: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_publishing = asyncio.Event()

    async def publish(*_: object) -> str:
        is_publishing.set()
        await asyncio.Event().wait()
        return ""

    monkeypatch.setattr(flow, "publish_artifacts", publish)
    run = asyncio.create_task(monthly_report(write_profile()))
    await is_publishing.wait()
    run.cancel()
    with pytest.raises(asyncio.CancelledError):
        await run

    assert len(admins.payloads) == 1
    assert "was stopped" not in admins.text()


async def test_the_worker_notifies_the_admins_of_a_run_that_is_canceled_in_prefect(
    silent_profile: str, silent: SilentServer, admins: Webhook
) -> None:
    run = asyncio.create_task(monthly_report(silent_profile))
    async with asyncio.timeout(60), get_client() as client:
        await silent.was_asked.wait()
        (flow_run,) = await client.read_flow_runs(
            flow_run_filter=FlowRunFilter(
                state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.RUNNING]))
            )
        )
        canceling = State(type=StateType.CANCELLING)  # codespell:ignore - Prefect's spelling
        await client.set_flow_run_state(flow_run.id, canceling, force=True)
        run.cancel()
        with suppress(asyncio.CancelledError):
            await run

    # Prefect's hook runs here in the same process.
    assert len(admins.payloads) == 1


@pytest.mark.parametrize(("started_for", "expected"), [("this run", ["own"]), (None, [])])
async def test_only_a_process_that_prefect_started_for_a_run_ends_with_it(
    write_profile: WriteProfile, monkeypatch: pytest.MonkeyPatch, started_for: str | None, expected: list[str]
) -> None:
    process = ProcessRecorder()
    monkeypatch.setattr(termination, "PROCESS_END", process)
    if started_for:
        monkeypatch.setenv("PREFECT__FLOW_RUN_ID", started_for)
    run = open_run(write_profile(), "2026-10", draft=False, at=clock.now())

    with pytest.raises(asyncio.CancelledError):
        async with ending_when_stopped(run):
            raise asyncio.CancelledError

    assert process.calls == [*expected, ("within", STOP_SECONDS, TERMINATED)]


async def test_a_sigterm_whose_exception_is_lost_in_asyncio_stops_the_run(
    write_profile: WriteProfile, admins: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(termination, "PROCESS_END", ProcessRecorder())
    monkeypatch.setattr(termination, "_notified_runs", set())
    run = open_run(write_profile(), "2026-10", draft=False, at=clock.now())
    loop, lost = asyncio.get_running_loop(), []
    loop.set_exception_handler(lambda _, context: lost.append(context["exception"]))
    # Prefect calls the handler that was there before.
    before = signal.signal(signal.SIGTERM, lambda *_: None)

    with pytest.raises(TerminationSignal):  # noqa: SIM117, PT012 - the order matters
        with capture_sigterm():
            async with ending_when_stopped(run):
                loop.call_soon(os.kill, os.getpid(), signal.SIGTERM)
                await asyncio.Event().wait()

    signal.signal(signal.SIGTERM, before)
    assert [type(error) for error in lost] == [TerminationSignal]
    assert len(admins.payloads) == 1
    assert "The run was stopped" in admins.text()


async def test_a_run_that_takes_too_long_fails_and_notifies_the_admins(
    write_profile: WriteProfile, admins: Webhook, channel: Webhook
) -> None:
    state: State[RunResult] = await monthly_report(
        write_profile(report="run_limit_minutes = 0.0001"), return_state=True
    )

    assert state.name == RunStatus.FAILED.label
    assert "it took longer than 0.0001 minutes (report.run_limit_minutes)" in admins.text()
    assert len(admins.payloads) == 1
    assert channel.payloads == []
