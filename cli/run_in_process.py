"""Run the monthly report's flow in this process, with a temporary Prefect server unless the environment names one."""

import asyncio
import logging
import signal
import sys
from contextlib import suppress
from threading import Thread

from prefect import get_client
from prefect.client.base import ServerType, determine_server_type
from prefect.exceptions import TerminationSignal
from prefect.server.api.server import SubprocessASGIServer

from cli.server_environment import only_for_server
from cli.terminal import TERMINATED
from flows.monthly_report import Delivery, monthly_report
from tabnine_report.model.errors import ReportingError
from tabnine_report.runs.context import LAST_COMPLETE_MONTH
from tabnine_report.runs.result import DeliveryIncomplete, RunResult

SERVER_SECONDS = 30.0
"""How long a run waits for the first response of the configured Prefect server."""

_log = logging.getLogger(__name__)


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
        ReportingError: If the run failed, or the Prefect server cannot be reached or started.
        KeyboardInterrupt: If a person stopped the run; the admins have been notified.
    """
    if determine_server_type() is ServerType.EPHEMERAL:
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
    try:
        result: RunResult = await monthly_report(profile, month, delivery, draft, release)
    except DeliveryIncomplete as incomplete:
        return incomplete.result
    return result


async def _check_server() -> None:
    """Check that the configured Prefect server responds, before the run starts."""
    problem: object = None
    try:
        # Prefect's client repeats each request, so a silent server would take minutes.
        async with asyncio.timeout(SERVER_SECONDS), get_client() as client:
            problem = await client.api_healthcheck()
    except TimeoutError as error:
        problem = error
    if problem is not None:
        raise ReportingError(
            "The Prefect server at PREFECT_API_URL does not respond. "
            "Start it, correct the address, or unset the variable to use a temporary server."
        )


def _start_server() -> None:
    """Start a temporary Prefect server that ends with this process.

    Prefect would start it inside the flow. There, nothing can interrupt the wait for it, and Ctrl+C would end the
    server before the flow could report to it. A process inherits the blocked signals of the thread that starts it, so
    this server does not receive Ctrl+C. It gets no variable that a profile may refer to.
    """
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
        raise ReportingError(
            "The temporary Prefect server did not start. Start a server, and set PREFECT_API_URL to its address:\n\n"
            "    prefect server start"
        )
