"""Check whether a report may be delivered, or waits for a person to release it."""

import asyncio

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.context import FlowRunContext

from tabnine_report.model.report import MonthlyReport
from tabnine_report.runs.context import RunContext
from tabnine_report.runs.release import was_previewed, withheld_reason


@task(name="check-release", task_run_name="check the release", cache_policy=NO_CACHE)
async def check_release(run: RunContext, report: MonthlyReport, revision: int) -> str:
    """Return why the report is withheld; empty if it may be delivered.

    A run that a person started releases a withheld revision if the admins have received its preview.

    Raises:
        LedgerError: If the ledger cannot be read.
    """
    is_started_by_person = started_by_person()
    return await asyncio.to_thread(_check, run, report, revision, is_started_by_person)


def _check(run: RunContext, report: MonthlyReport, revision: int, is_started_by_person: bool) -> str:  # noqa: FBT001 - to_thread
    reason = withheld_reason(run, report)
    return "" if reason and is_started_by_person and was_previewed(run, revision) else reason


def started_by_person() -> bool:
    """Return whether a person started this run, not a schedule, an automation or another flow."""
    context = FlowRunContext.get()
    flow_run = context.flow_run if context else None
    if flow_run is None or flow_run.auto_scheduled or flow_run.parent_task_run_id is not None:
        return False
    return flow_run.created_by is None or flow_run.created_by.type != "AUTOMATION"
