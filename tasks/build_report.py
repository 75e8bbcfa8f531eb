"""Build the report from the fetched responses."""

import asyncio
import logging
from importlib import import_module

from tabnine_report.archive.prior_reports import newest_report
from tabnine_report.model.prior_reports import PriorReports
from tabnine_report.model.report import MonthlyReport
from tabnine_report.runs.context import RunContext
from tabnine_report.runs.same_organization import check_organization
from tabnine_report.runs.storage import archive_of
from tabnine_report.usage_api.snapshot import Snapshot
from tasks import shows_details, step

_log = logging.getLogger(__name__)


def import_analysis() -> None:
    """Import the analysis, which takes a third of a second, while the run waits for the API."""
    import_module("tabnine_report.analysis.report_assembly")


@step("build-report", "build the report")
async def build_report(
    snapshot: Snapshot, run: RunContext, revision: int, prior_reports: PriorReports
) -> MonthlyReport:
    """Return the report: every figure and every sentence.

    Raises:
        BuildError: If the snapshot has too little data, or is that of another organization than an archived report.
        ArchiveError: If the archive cannot be read.
    """
    report = await asyncio.to_thread(_build, snapshot, run, revision, prior_reports)
    _log.info("Built the report: %s", report.headline if shows_details(run.profile) else run.month)
    return report


def _build(snapshot: Snapshot, run: RunContext, revision: int, prior_reports: PriorReports) -> MonthlyReport:
    prior = prior_reports.previous_month or prior_reports.earlier_revision
    check_organization(snapshot, prior or newest_report(archive_of(run.profile), run.profile.name))
    from tabnine_report.analysis.report_assembly import build_report as build  # noqa: PLC0415 - see import_analysis

    return build(snapshot, run.profile, revision=revision, draft=run.draft, prior_reports=prior_reports, note=run.note)
