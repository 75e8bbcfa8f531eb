"""Run the monthly report's flow in this process, with a temporary Prefect server unless the environment names one."""

import asyncio
import logging
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Thread
from typing import cast

import httpx
import prefect
from prefect import get_client
from prefect.client.base import ServerType, determine_server_type
from prefect.exceptions import TerminationSignal

from cli.server_environment import only_for_server
from cli.terminal import TERMINATED
from flows.monthly_report import Delivery, monthly_report
from flows.running.failed_start import end_failed_start
from flows.running.termination import has_notified
from tabnine_report.model.errors import MonthError, PrefectError
from tabnine_report.runs import clock
from tabnine_report.runs.context import LAST_COMPLETE_MONTH
from tabnine_report.runs.prefect_home import prefect_home
from tabnine_report.runs.process_end import PROCESS_END, STOP_SECONDS
from tabnine_report.runs.result import DeliveryIncomplete, RunResult
from tasks.notify_admins import notify_admins_of_failed_start

SERVER_SECONDS = 30.0
"""How long a run waits for the first response of the configured Prefect server."""

_log = logging.getLogger(__name__)


@contextmanager
def notifying_of_failed_start(profile: str, month: str) -> Iterator[None]:
    """Notify the admins if the block, which prepares a run, fails or is stopped by SIGTERM.

    Nobody may be at the terminal: cron or another scheduler may have started the command. Admins are not notified of a
    wrong month, because a person has typed it.
    """
    at = clock.now()
    try:
        yield
    except MonthError:
        raise
    except SystemExit:
        PROCESS_END.within(STOP_SECONDS, TERMINATED, "Stopped.")
        stopped = PrefectError("The run was stopped before it began. Rerun the month.")
        asyncio.run(end_failed_start(profile, month, at, stopped, notify_admins_of_failed_start.fn))
        raise
    except Exception as error:
        asyncio.run(end_failed_start(profile, month, at, error, notify_admins_of_failed_start.fn))
        raise


def run_flow(
    profile: str,
    month: str = LAST_COMPLETE_MONTH,
    delivery: Delivery = "undelivered",
    *,
    draft: bool = False,
    release: bool = False,
) -> RunResult:
    """Run the flow and return its result; the arguments are those of `flows.monthly_report`.

    Raises:
        ReportingError: If the run failed, or the Prefect server cannot be used.
        KeyboardInterrupt: If a person stopped the run; the admins have been notified if the flow had begun.
    """
    with notifying_of_failed_start(profile, month):
        if determine_server_type() is ServerType.EPHEMERAL:
            prefect_home()
            _start_server()
        else:
            asyncio.run(_check_server())
    try:
        return asyncio.run(_run(profile, month, delivery, draft=draft, release=release))
    except BaseException as error:
        if not _was_terminated(error):
            raise
        sys.exit(TERMINATED)


def _was_terminated(error: BaseException | None) -> bool:
    """Return whether SIGTERM caused an error.

    During a flow, Prefect turns SIGTERM into an exception. It may be in a group, or the cause of another one.
    """
    if error is None or isinstance(error, TerminationSignal):
        return error is not None
    parts = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    return any(map(_was_terminated, (*parts, error.__cause__, error.__context__)))


async def _run(profile: str, month: str, delivery: Delivery, *, draft: bool, release: bool) -> RunResult:
    at = clock.now()
    try:
        state = await monthly_report(profile, month, delivery, draft, release, return_state=True)
    except Exception as error:
        # An error of Prefect: the flow itself returns its errors in its state, after the admins were notified.
        if has_notified() or _was_terminated(error):
            raise
        failed = PrefectError(
            f"The Prefect server did not accept the run ({type(error).__name__}). See its log, and rerun the month."
        )
        await end_failed_start(profile, month, at, failed, notify_admins_of_failed_start.fn)
        raise failed from error
    result = await state.aresult(raise_on_failure=False)
    if isinstance(result, DeliveryIncomplete):
        return result.result
    if isinstance(result, BaseException):
        raise result
    return cast("RunResult", result)


async def _check_server() -> None:
    """Check that the configured Prefect server can be used, before the run starts.

    Raises:
        PrefectError: If it does not respond, rejects the login, or has another version.
    """
    try:
        # Prefect's client repeats each request, so a silent server would take minutes.
        async with asyncio.timeout(SERVER_SECONDS), get_client() as client:
            problem = await client.api_healthcheck()
            if problem is None:
                await client.raise_for_api_version_mismatch()
    except httpx.HTTPStatusError as error:  # 401 or 403
        raise PrefectError(
            "The Prefect server at PREFECT_API_URL rejects the login. Set PREFECT_API_AUTH_STRING, or PREFECT_API_KEY."
        ) from error
    except RuntimeError as error:  # its message may have the address, with a password
        raise PrefectError(
            f"PREFECT_API_URL is the address of no Prefect server of the version {prefect.__version__} or a compatible "
            "one. Correct the address, which usually ends with /api, or update the server."
        ) from error
    except TimeoutError as error:
        problem = error
    if problem is not None:
        raise PrefectError(
            "The Prefect server at PREFECT_API_URL does not respond. "
            "Start it, correct the address, or unset the variable to use a temporary server."
        )


def _start_server() -> None:
    """Start a temporary Prefect server that ends with this process.

    Prefect would start it inside the flow. There, nothing can interrupt the wait for it, and Ctrl+C would end the
    server before the flow could report to it. A process inherits the blocked signals of the thread that starts it, so
    this server does not receive Ctrl+C. It gets no variable that a profile may refer to.
    """
    # Importing it takes as long as all other imports, and a run with a configured server does not need it.
    from prefect.server.api.server import SubprocessASGIServer  # noqa: PLC0415 - see above

    _log.info("Starting a temporary Prefect server")
    server = SubprocessASGIServer()

    def start() -> None:
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        # The other thread waits, so nothing else reads the environment meanwhile.
        with suppress(Exception), only_for_server():  # an error is reported below in our own words
            server.start()

    thread = Thread(target=start, daemon=True)
    thread.start()
    thread.join()
    if not server.running:
        raise PrefectError(
            "The temporary Prefect server did not start. Start a server, and set PREFECT_API_URL to its address:\n\n"
            "    prefect server start"
        )
