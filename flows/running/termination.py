"""Notify the admins of a run that is stopped, and end its process in time, even if a system does not respond."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from prefect import get_client, runtime
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.exceptions import TerminationSignal
from prefect.flows import Flow

from flows.running.run_events import emit_run_event
from flows.running.run_heartbeat import ping_end
from tabnine_report.model.errors import ReportingError
from tabnine_report.runs import clock
from tabnine_report.runs.context import LAST_COMPLETE_MONTH, RunContext
from tabnine_report.runs.month_record import record_month
from tabnine_report.runs.process_end import NOTICE_SECONDS, PROCESS_END, STOP_SECONDS, TERMINATED
from tabnine_report.runs.result import RunResult
from tasks.notify_admins import notify_admins, remember_notice
from tasks.read_profile import open_run

SERVER_SECONDS = 2.0
"""How long a stopped run waits for the Prefect server before it notifies the admins itself."""

_notified_runs: set[str] = set()
"""The runs whose admins were notified of the end, so that they are not notified again."""


@asynccontextmanager
async def ending_when_stopped(run: RunContext) -> AsyncIterator[None]:
    """Notify the admins if the run is stopped in the block, and end the process soon after.

    Prefect's own hook is too late: it is called only after the Prefect server has accepted the state.

    Raises:
        TerminationSignal: If the process received SIGTERM.
    """
    if _is_process_of_this_run():
        PROCESS_END.own()
    with _canceling_on_sigterm() as termination:
        try:
            yield
        except (asyncio.CancelledError, TerminationSignal) as error:
            termination.is_handled = True
            PROCESS_END.within(STOP_SECONDS, TERMINATED, "Stopped.")
            if _run_id() not in _notified_runs and not await _is_canceled_in_prefect():
                mark_as_notified()
                with suppress(Exception):
                    async with asyncio.timeout(NOTICE_SECONDS):
                        await _end_stopped_run(run)
            if termination.is_received and not isinstance(error, TerminationSignal):
                raise TerminationSignal(signal.SIGTERM) from error
            raise


@dataclass
class _Termination:
    """Whether the process received SIGTERM, and whether the run is already being stopped."""

    is_received: bool = False
    is_handled: bool = False


@contextmanager
def _canceling_on_sigterm() -> Iterator[_Termination]:
    """Cancel the current task if the process receives SIGTERM, in addition to what Prefect does.

    Prefect's handler raises its exception between any two instructions. Inside asyncio, the exception is logged and
    lost, and the run would continue. Prefect's handler stays, because Prefect cancels a run only with it.
    """
    termination, loop, task = _Termination(), asyncio.get_running_loop(), asyncio.current_task()

    def cancel() -> None:
        termination.is_received = True
        if task is not None and not termination.is_handled:
            task.cancel()

    handler = signal.getsignal(signal.SIGTERM)
    try:
        loop.add_signal_handler(signal.SIGTERM, cancel)
    except RuntimeError:  # another thread than the main one receives no signals
        yield termination
        return
    signal.signal(signal.SIGTERM, handler)
    try:
        yield termination
    finally:
        loop.remove_signal_handler(signal.SIGTERM)
        signal.signal(signal.SIGTERM, handler)


def mark_as_notified() -> None:
    """Remember that the admins were notified of the end of the current run."""
    _notified_runs.add(_run_id())


def has_notified() -> bool:
    """Return whether the admins were notified of the end of a run in this process."""
    return bool(_notified_runs)


async def notify_of_crash(flow: Flow[Any, Any], flow_run: FlowRun, state: State[Any]) -> None:  # noqa: ARG001 - Prefect's signature
    """Notify the admins of a run that was stopped and could not do so itself; a hook of Prefect."""
    if str(flow_run.id) in _notified_runs:
        return
    at = flow_run.expected_start_time or clock.now()
    parameters = {"month": LAST_COMPLETE_MONTH, "draft": False, "profile": "demo", **flow_run.parameters}
    with suppress(Exception):
        run = await asyncio.to_thread(
            open_run, parameters["profile"], parameters["month"], draft=parameters["draft"], at=at
        )
        await _end_stopped_run(run)


async def _end_stopped_run(run: RunContext) -> None:
    """Notify the admins of a stopped run, then record it. No Prefect task is run, because Prefect may not respond."""
    stopped = ReportingError("The run was stopped, or its process ended, before it was complete. Rerun the month.")
    result = RunResult.of_failure(run, stopped)
    problems = await notify_admins.fn(run, result, names_forms=False)
    await asyncio.to_thread(record_month, run, result)
    if not problems:
        # Only now: before the record, the watchdog did not find the problem of the month that it would repeat.
        await asyncio.to_thread(remember_notice, run)
    emit_run_event(result.organization, result.month, result.status)
    await ping_end(run, result)


def _run_id() -> str:
    return str(runtime.flow_run.id)


async def _is_canceled_in_prefect() -> bool:
    """Return whether a person canceled the run in Prefect: its worker then calls the hook, in another process."""
    try:
        async with asyncio.timeout(SERVER_SECONDS), get_client() as client:
            state = (await client.read_flow_run(UUID(_run_id()))).state
    except Exception:  # noqa: BLE001 - whether or not the server responds, the admins are notified
        return False
    return state is not None and state.type is StateType.CANCELLING  # codespell:ignore - Prefect's spelling


def _is_process_of_this_run() -> bool:
    """Return whether Prefect started this process for this run, and not for a flow that called it."""
    return os.environ.get("PREFECT__FLOW_RUN_ID") == _run_id()
