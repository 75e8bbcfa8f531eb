import asyncio
import signal
from collections.abc import Callable
from typing import NoReturn

import pytest
from misbehaving_server import Behavior, answering, serve, silent
from prefect.exceptions import TerminationSignal
from prefect.settings import PREFECT_API_URL, temporary_settings

from cli import run_in_process
from tabnine_report.model.errors import ReportingError
from tabnine_report.runs.process_end import TERMINATED


@pytest.mark.parametrize(
    "behavior", [silent, answering(b"x", pause_seconds=0.05, repeated=True)], ids=["silent", "slow"]
)
def test_a_prefect_server_that_does_not_respond_in_time_ends_the_run_before_it_starts(
    behavior: Behavior, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_in_process, "SERVER_SECONDS", 0.3)
    with (
        serve(behavior) as port,
        temporary_settings({PREFECT_API_URL: f"http://127.0.0.1:{port}/api"}),
        pytest.raises(ReportingError, match="The Prefect server at PREFECT_API_URL does not respond"),
    ):
        asyncio.run(run_in_process._check_server())


def alone() -> NoReturn:
    raise TerminationSignal(signal.SIGTERM)


def in_a_group() -> NoReturn:
    raise BaseExceptionGroup("tasks", [ValueError(), TerminationSignal(signal.SIGTERM)])


def behind_the_error_of_what_it_interrupted() -> NoReturn:
    try:
        alone()
    except TerminationSignal:
        raise RuntimeError("exited another scope") from None


@pytest.mark.parametrize("end", [alone, in_a_group, behind_the_error_of_what_it_interrupted])
def test_a_run_that_sigterm_ends_in_any_way_is_stopped(
    end: Callable[[], NoReturn], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def run(*_: object, **__: object) -> NoReturn:
        end()

    monkeypatch.setattr(run_in_process, "_run", run)
    monkeypatch.setattr(run_in_process, "_start_server", lambda: None)
    with pytest.raises(SystemExit) as stopped:
        run_in_process.run_flow("demo")
    assert stopped.value.code == TERMINATED


def test_an_error_without_sigterm_stays_what_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(*_: object, **__: object) -> NoReturn:
        raise ExceptionGroup("tasks", [ValueError("x")])

    monkeypatch.setattr(run_in_process, "_run", fail)
    monkeypatch.setattr(run_in_process, "_start_server", lambda: None)
    with pytest.raises(ExceptionGroup):
        run_in_process.run_flow("demo")
