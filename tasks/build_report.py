"""Building the report model from what was fetched."""

import asyncio
import logging
from importlib import import_module

from prefect import task
from prefect.cache_policies import NO_CACHE

from tabnine_report.model.prior_reports import PriorReports
from tabnine_report.model.report import MonthlyReport
from tabnine_report.usage_api.snapshot import Snapshot
from tasks.run import Run

_log = logging.getLogger(__name__)


def make_ready() -> None:
    """Import what building takes: pandas alone needs a third of a second, which fits into waiting for the API."""
    import_module("tabnine_report.analysis.report_assembly")


@task(name="build-report", task_run_name="build the report", cache_policy=NO_CACHE)
async def build_report(snapshot: Snapshot, run: Run, revision: int, prior_reports: PriorReports) -> MonthlyReport:
    """Compute every figure and sentence of the report.

    Raises:
        BuildError: If the snapshot holds too little.
    """
    from tabnine_report.analysis.report_assembly import build_report as build  # noqa: PLC0415 - see make_ready

    report = await asyncio.to_thread(
        build, snapshot, run.profile, revision=revision, draft=run.draft, prior_reports=prior_reports, note=run.note
    )
    _log.info("Built the report: %s", report.headline)
    return report
