"""Read from the archive what a report needs of earlier reports."""

import asyncio
import logging

from tabnine_report.analysis.as_of import replace_late_as_of_responses
from tabnine_report.archive import Bundle, prior_reports
from tabnine_report.archive.prior_reports import read_snapshot
from tabnine_report.model.errors import ArchiveError
from tabnine_report.model.prior_reports import PriorReports
from tabnine_report.model.report import MonthlyReport
from tabnine_report.runs.context import RunContext
from tabnine_report.runs.storage import answer_records_of, archive_of
from tabnine_report.usage_api.snapshot import Snapshot
from tasks import step

_log = logging.getLogger(__name__)


@step("read-prior-reports", "read prior reports")
async def read_prior_reports(run: RunContext) -> PriorReports:
    """Return what the month's report needs of earlier reports, without those that cannot be read, and the answers.

    Raises:
        ArchiveError: If the archive cannot be read.
        LedgerError: If the ledger cannot be read.
    """
    return await asyncio.to_thread(_read_prior_reports, run)


@step("read-earlier-revision", "read revision {revision}")
async def read_earlier_revision(run: RunContext, revision: int, snapshot: Snapshot) -> tuple[Bundle, Snapshot]:
    """Return the month's earlier bundle, and the snapshot with the as-of responses that the bundle keeps.

    Args:
        run: The run.
        revision: The earlier revision.
        snapshot: The month's new responses.

    Raises:
        ArchiveError: If the bundle cannot be read.
    """
    return await asyncio.to_thread(_read_earlier_revision, run, revision, snapshot)


@step("read-sealed-report", "read the sealed report")
async def read_sealed_report(run: RunContext) -> tuple[MonthlyReport, Bundle] | None:
    """Return the month's newest revision; None if there is none, or if it was removed or cannot be read.

    Raises:
        ArchiveError: If the archive cannot be read.
    """
    return await asyncio.to_thread(_read_sealed_report, run)


def _read_prior_reports(run: RunContext) -> PriorReports:
    prior = prior_reports.read_prior_reports(archive_of(run.profile), run.profile.name, run.month)
    answers = answer_records_of(run.profile).answers(str(run.month.back(1)))
    return prior.model_copy(update={"answers": answers})


def _read_sealed_report(run: RunContext) -> tuple[MonthlyReport, Bundle] | None:
    archive, name = archive_of(run.profile), run.profile.name
    revisions = archive.revisions(name, run.month)
    if not revisions:
        return None
    try:
        bundle = archive.bundle(name, run.month, revisions[-1])
        return bundle.report(), bundle
    except ArchiveError as error:
        _log.warning("Revision %s is not used: %s", revisions[-1], error)
        return None


def _read_earlier_revision(run: RunContext, revision: int, snapshot: Snapshot) -> tuple[Bundle, Snapshot]:
    bundle = archive_of(run.profile).bundle(run.profile.name, run.month, revision)
    earlier = read_snapshot(bundle)
    if earlier is None:
        return bundle, snapshot
    zone, settle_days = run.profile.zone, run.profile.report.settle_days
    return bundle, replace_late_as_of_responses(snapshot, earlier, zone, settle_days)
