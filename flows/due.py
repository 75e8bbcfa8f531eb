"""The flow that starts the monthly reports that are due: one schedule for any number of organizations."""

import asyncio
import logging
from collections import Counter
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import httpx
from prefect import flow, get_client
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import State
from prefect.exceptions import ObjectNotFound, PrefectException
from prefect.states import Completed
from pydantic import Field

from flows.running.final_states import failed_flow
from flows.running.scheduled_time import scheduled_at
from tabnine_report.runs.due import LastMonth, after_its_run, last_months
from tabnine_report.runs.patience import UNATTENDED
from tabnine_report.runs.status import RunStatus
from tasks.publish_artifacts import publish_table
from tasks.read_profile import resolve_reference

POLL_SECONDS = 5.0
"""How often a run's state is read."""
MAX_WAIT_SECONDS = 3 * 60 * 60.0
"""How long a run may take, including the wait for a worker, before the next one starts."""

_NOT_DUE = "Not due"
_NOT_STARTED = "Not started"
_NOT_FINISHED = "Not finished"
_PROBLEMS = (_NOT_STARTED, _NOT_FINISHED)

_log = logging.getLogger(__name__)

Row = dict[str, str]


def due_name(at: datetime) -> str:
    """Return the name of the run at a time."""
    return f"reports due on {at:%Y-%m-%d %H:%M}"


def _name_run() -> str:
    return due_name(scheduled_at())


@flow(name="due", flow_run_name=_name_run)
async def due(concurrent_runs: Annotated[int, Field(ge=1, le=1000)] = 2) -> Any:  # noqa: ANN401 - a state; the caller receives its data, a list of rows
    """Start the monthly report of each organization whose last final month was not sent.

    The ledger decides what is due, by each profile's time zone and settle_days. A withheld report is not due again, and
    neither is one with unconfirmed deliveries: a person has to act first. A failed one is due again on the next day.
    Each run is a run of the deployment monthly-report/<organization>.

    Args:
        concurrent_runs: How many runs are active at the same time. Do not set it higher than what the workers can run
            in addition to this flow.
    """
    at = scheduled_at()
    try:
        rows = await _report_all(at, concurrent_runs)
    except Exception as error:  # noqa: BLE001 - any error ends the run
        return await failed_flow("due", error)
    # What needs attention comes first.
    rows.sort(key=lambda row: (row["result"] not in _PROBLEMS, row["result"] == _NOT_DUE))
    await publish_table("due", f"Reports due on {at:%Y-%m-%d}", rows)
    return _final_state(rows)


def _final_state(rows: list[Row]) -> State[Any]:
    results = Counter(row["result"] for row in rows)
    counts = ", ".join(f"{number} {result.lower()}" for result, number in results.items())
    is_incomplete = any(results[problem] for problem in _PROBLEMS)
    name = "Incomplete" if is_incomplete else "Completed"
    return Completed(name=name, message=f"Organizations: {counts or 'none'}.", data=rows)


async def _report_all(at: datetime, concurrent_runs: int) -> list[Row]:
    """Run the reports that are due, and return a row for each organization."""
    months = await asyncio.to_thread(last_months, at, resolve_reference)
    slots = asyncio.Semaphore(concurrent_runs)
    async with get_client() as client:
        return list(await asyncio.gather(*(_report(client, month, at.date(), slots) for month in months)))


async def _report(client: PrefectClient, month: LastMonth, day: date, slots: asyncio.Semaphore) -> Row:
    """Run an organization's report if it is due, and return its row; a failure is a part of the row."""
    if month.problem:
        result, reason = _NOT_STARTED, month.problem
    elif not month.is_due:
        result, reason = _NOT_DUE, ""
    else:
        async with slots:
            result, reason = await _run(client, month, day)
    if result in _PROBLEMS:
        _log.warning("%s: %s", month.organization, reason)
    before = RunStatus(month.state).label if month.state else ""
    return {
        "organization": month.organization,
        "month": month.month,
        "before": before,
        "result": result,
        "reason": reason,
    }


async def _run(client: PrefectClient, month: LastMonth, day: date) -> tuple[str, str]:
    """Start a run and wait for its end; return the name of its final state, or what went wrong, and the reason."""
    try:
        run_id = await _start(client, month, day)
    except ObjectNotFound:
        missing = f"There is no deployment monthly-report/{month.organization}. Create it:\n\n    tabnine-report deploy"
        return _NOT_STARTED, missing
    except (httpx.HTTPError, PrefectException) as error:
        return _NOT_STARTED, f"The Prefect server did not create the run ({type(error).__name__})."
    try:
        async with asyncio.timeout(MAX_WAIT_SECONDS):
            state = await _wait(client, run_id)
    except TimeoutError:
        hours = f"{MAX_WAIT_SECONDS / 3600:g} hours"
        return _NOT_FINISHED, f"The run has not ended after {hours}. Check that a worker with a free slot is running."
    except (httpx.HTTPError, PrefectException) as error:
        return _NOT_FINISHED, f"The Prefect server stopped responding ({type(error).__name__})."
    after = await asyncio.to_thread(after_its_run, month, resolve_reference)
    # Why a report is withheld may contain its figures, which Prefect need not store.
    reason = "" if after.state == RunStatus.WITHHELD else after.reason
    return state.name or state.type.value.capitalize(), reason


async def _start(client: PrefectClient, month: LastMonth, day: date) -> UUID:
    """Start the run of an organization's month, or return the one that was started on the same day."""
    deployment = await client.read_deployment_by_name(f"monthly-report/{month.organization}")
    run = await client.create_flow_run_from_deployment(
        deployment.id,
        parameters={"month": month.month},
        name=f"{month.organization} · {month.month}",
        idempotency_key=f"due {month.organization} {month.month} on {day}",
        labels={UNATTENDED: True},
    )
    return run.id


async def _wait(client: PrefectClient, run_id: UUID) -> State[Any]:
    while True:
        run = await client.read_flow_run(run_id)
        if run.state is not None and run.state.is_final():
            return run.state
        await asyncio.sleep(POLL_SECONDS)
