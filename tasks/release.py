"""Whether a report may go out: what holds it back, and who releases it."""

import asyncio

from prefect.context import FlowRunContext

from tabnine_report.model.report import MonthlyReport
from tabnine_report.runs.storage import revision_numbers_of
from tabnine_report.text.i18n import Language
from tasks.run import Run


def held_because(run: Run, report: MonthlyReport) -> str:
    """Give why a report waits for a person, in whole sentences; empty where it may go out by itself."""
    settings = run.profile.report
    reasons: list[str] = []
    if settings.when_incomplete == "hold":
        reasons += shortcomings(report, run.language)
    if settings.release == "after_approval":
        reasons.append(run.language.translate("notice.after_approval"))
    return " ".join(reasons)


def shortcomings(report: MonthlyReport, language: Language) -> tuple[str, ...]:
    """Say what a report lacks, and what about it looks wrong, a sentence each; empty for one that is all right."""
    lacks = () if report.complete else (_lacking(report, language),)
    doubtful = (check.sentence for check in report.data_quality.checks if check.holds)
    return (*lacks, *(language.translate("notice.looks_wrong", sentence=sentence) for sentence in doubtful))


def _lacking(report: MonthlyReport, language: Language) -> str:
    """Say that a report is incomplete, and which endpoints did not answer."""
    said, failed = (
        language.translate("notice.incomplete", summary=report.data_quality.summary),
        report.data_quality.not_answered,
    )
    if not failed:
        return said
    endpoints = ", ".join(line.endpoint for line in failed)
    return f"{said} {language.translate('notice.not_answered', endpoints=endpoints, why=failed[0].reason)}"


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
