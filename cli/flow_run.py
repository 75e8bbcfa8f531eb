"""Running the flow in the process of a command, with a Prefect server of its own where no other is named."""

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

from cli.terminal import TERMINATED, complain
from flows.monthly_report import Delivery, monthly_report
from tabnine_report.model.errors import ReportingError
from tabnine_report.runs.result import Outcome
from tasks.run import LAST_COMPLETE_MONTH

_log = logging.getLogger(__name__)


def run_flow(
    profile: str, month: str = LAST_COMPLETE_MONTH, delivery: Delivery = "undelivered", *, draft: bool = False
) -> Outcome:
    """Run the monthly report's flow; see there for the arguments.

    Raises:
        ReportingError: As the flow; or if no Prefect server can be had.
        KeyboardInterrupt: If a person stops it; the admins have been told.
    """
    if determine_server_type() is ServerType.EPHEMERAL:
        _start_server()
    else:
        _see_server()
    try:
        return asyncio.run(_outcome_of(profile, month, delivery, draft=draft))
    except (TerminationSignal, BaseExceptionGroup) as error:
        # While a flow runs, Prefect turns SIGTERM into this, alone or among the errors of what it ended.
        if isinstance(error, BaseExceptionGroup) and error.subgroup(TerminationSignal) is None:
            raise
        complain("Stopped.")
        sys.exit(TERMINATED)


async def _outcome_of(profile: str, month: str, delivery: Delivery, *, draft: bool) -> Outcome:
    outcome: Outcome = await monthly_report(profile, month, delivery, draft)
    return outcome


def _see_server() -> None:
    """See that the server that is named answers, while nothing has begun."""
    with get_client(sync_client=True) as client:
        if client.api_healthcheck() is not None:
            raise ReportingError(
                "The Prefect server that PREFECT_API_URL names does not answer; start it, correct the address, "
                "or unset it for a temporary server."
            )


def _start_server() -> None:
    """Start the temporary server that Prefect would start itself, and end it with this process.

    Prefect would do so inside the flow, where nothing can interrupt the waiting for it, and where Ctrl+C in a terminal
    ends the server before the flow, which then has nobody to report to. A process inherits the signals that its thread
    blocks: this one never sees Ctrl+C.
    """
    _log.info("Starting a temporary Prefect server")
    server = SubprocessASGIServer()

    def start() -> None:
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        with suppress(Exception):  # its text would be Prefect's; below is said what matters
            server.start()

    thread = Thread(target=start, daemon=True)
    thread.start()
    thread.join()
    if not server.running:
        raise ReportingError(
            "The temporary Prefect server did not start; start one by `prefect server start`, "
            "and name its address in PREFECT_API_URL."
        )
