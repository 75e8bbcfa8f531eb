"""The states in which flows end: their color, name, and message in Prefect.

A flow returns such a state instead of raising an error. Prefect would log the traceback of every error, and show its
text, which may contain a secret.
"""

import asyncio
from contextlib import suppress
from typing import Any

from prefect import runtime
from prefect.client.schemas.objects import State
from prefect.exceptions import MissingContextError
from prefect.logging import get_run_logger
from prefect.states import Cancelled, Completed, Failed  # codespell:ignore - Prefect's spelling

from flows.running.scheduled_time import scheduled_at
from tabnine_report.model.errors import ReportingError
from tabnine_report.runs.context import LAST_COMPLETE_MONTH, RunContext, requested_report
from tabnine_report.runs.result import DeliveryIncomplete, RunResult
from tabnine_report.runs.run_markdown import flow_failure_markdown
from tabnine_report.runs.status import RunStatus
from tabnine_report.text.tracebacks import traceback_without_text
from tasks import failure_message, shows_details
from tasks.publish_artifacts import publish_markdown


def final_state(run: RunContext, result: RunResult) -> State[Any]:
    """Return the state of a run: red for a failure, gray for a report that waits, otherwise green.

    The error that the caller receives has all details. Prefect stores only the state's message.
    """
    name, message = result.status.label, result.summary(run.language, details=shows_details(run.profile))
    if result.error is not None:
        return failed_state(result.error, message)
    if result.status.is_failure or result.status.is_waiting:
        state = Failed if result.status.is_failure else Cancelled  # codespell:ignore - Prefect's spelling
        return state(name=name, message=message, data=DeliveryIncomplete(result, result.summary(run.language)))
    return Completed(name=name, message=message, data=result)


def failed_state(error: BaseException, message: str = "") -> State[Any]:
    """Return the state of a flow that an error ended; its caller receives the error.

    Args:
        error: The error.
        message: The state's message; by default, that of the error.
    """
    log_if_unexpected(error)
    return Failed(message=message or failure_message(error), data=error)


async def failed_flow(flow: str, error: BaseException, profile: str = "", *, what: str = "") -> State[Any]:
    """Publish why a run of another flow than the monthly report failed, and what to do; return its state.

    Args:
        flow: The name of the flow.
        error: The error.
        profile: The profile's name or path, as typed; empty for a flow of all organizations, which a schedule starts.
        what: What failed, as a key of the catalog's table `[failed_flow]`; by default, the flow.
    """
    organization = ""
    if profile:
        organization, _ = await asyncio.to_thread(requested_report, profile, LAST_COMPLETE_MONTH, scheduled_at())
    title = f"{runtime.flow_run.name} · {RunStatus.FAILED.label}"
    advice = "start_again" if profile else "wait"
    await publish_markdown(flow, organization, title, lambda: flow_failure_markdown(title, what or flow, advice, error))
    return failed_state(error)


def log_if_unexpected(error: BaseException) -> None:
    """Log where an unexpected error occurred, without its text, which may contain a secret."""
    if isinstance(error, ReportingError):
        return
    # To Prefect's own logger: the run's page always shows its lines, and the command line does so only with --debug.
    with suppress(MissingContextError):  # outside a run
        get_run_logger().error("An unexpected error occurred.\n%s", traceback_without_text(error))
