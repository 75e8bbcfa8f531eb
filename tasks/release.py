"""Whether a report may go out: what holds it back, and who releases it."""

import asyncio

from prefect.context import FlowRunContext

from reporting.report import MonthlyReport
from tasks.run import Run
from tasks.storage import revision_numbers_of


def held_because(run: Run, report: MonthlyReport) -> str:
    """Give why a report waits for a person, in whole sentences; empty where it may go out by itself."""
    settings = run.profile.report
    reasons: list[str] = []
    if settings.when_incomplete == "hold":
        reasons += (lacking(run, report),)
        reasons += (check.sentence for check in report.about.checks if check.holds)
    if settings.release == "after_approval":
        reasons.append(run.language.say("notice.after_approval"))
    return " ".join(filter(None, reasons))


def lacking(run: Run, report: MonthlyReport) -> str:
    """Say what a report lacks, and which endpoints did not answer; empty for a complete one."""
    if report.complete:
        return ""
    failed = report.about.not_answered
    endpoints = ", ".join(line.endpoint for line in failed)
    why = run.language.say("notice.not_answered", endpoints=endpoints, why=failed[0].reason) if failed else ""
    return f"{report.about.summary} {why}".rstrip()


async def is_released(run: Run, revision: int) -> bool:
    """Tell whether this run releases a report that is held: a person started it, after the admins had been shown it."""
    if not _started_by_a_person():
        return False
    numbers = revision_numbers_of(run.profile)
    return await asyncio.to_thread(numbers.was_shown, run.profile.name, str(run.month), revision)


async def note_shown(run: Run, revision: int) -> None:
    """Note that the admins have been shown a revision: from now on a person's run releases it."""
    numbers = revision_numbers_of(run.profile)
    await asyncio.to_thread(numbers.note_shown, run.profile.name, str(run.month), revision)


def _started_by_a_person() -> bool:
    """Tell a run of the form or the command line from one that a schedule, an automation or another flow started."""
    context = FlowRunContext.get()
    flow_run = context.flow_run if context else None
    if flow_run is None or flow_run.auto_scheduled or flow_run.parent_task_run_id is not None:
        return False
    return flow_run.created_by is None or flow_run.created_by.type != "AUTOMATION"
