"""Read from the archive what a report takes from prior reports.

A bundle that cannot be read never fails a run. The newest readable revision of its month is used instead, and the
report names the unreadable bundle.
"""

import logging
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from tabnine_report.archive import Archive, Bundle
from tabnine_report.model.errors import ArchiveError, ContentRemoved
from tabnine_report.model.month import Month
from tabnine_report.model.prior_reports import PriorReports, SealedMonth, UnreadableReport
from tabnine_report.model.report import MonthlyReport
from tabnine_report.usage_api.query import HISTORY_MONTHS
from tabnine_report.usage_api.snapshot import Snapshot

T = TypeVar("T")

_log = logging.getLogger(__name__)


def read_prior_reports(archive: Archive, organization: str, month: Month) -> PriorReports:
    """Read the reports of earlier months, and the earlier revision of the month itself.

    Args:
        archive: The archive with the bundles.
        organization: The profile's name.
        month: The month to report.

    Raises:
        ArchiveError: If the archive itself cannot be read.
    """
    reader = _Reader(archive, organization)
    earlier_months = (reader.read_newest(earlier, _sealed_month) for earlier in month.last(HISTORY_MONTHS)[:-1])
    months = tuple(filter(None, earlier_months))
    return PriorReports(
        previous_month=reader.read_newest(month.back(1), Bundle.report),
        earlier_revision=reader.read_newest(month, _report_with_documents),
        months=months,
        unreadable_reports=tuple(
            UnreadableReport(month=str(month), revision=revision) for month, revision in sorted(reader.unreadable)
        ),
    )


def newest_report(archive: Archive, organization: str) -> MonthlyReport | None:
    """Return an organization's newest readable report of any month; None if there is none.

    Raises:
        ArchiveError: If the archive itself cannot be read.
    """
    for month, revision in reversed(archive.list_revisions(organization)):
        with suppress(ArchiveError):
            return archive.bundle(organization, month, revision).report()
    return None


def read_snapshot(bundle: Bundle) -> Snapshot | None:
    """Return a bundle's raw API responses, or None if they were removed or cannot be read."""
    try:
        return bundle.snapshot()
    except ArchiveError as error:
        _log.warning("The raw responses of %s, revision %s, are not used: %s", bundle.month, bundle.revision, error)
        return None


class _Reader:
    """Reads the newest readable bundle of each month and records the unreadable ones."""

    def __init__(self, archive: Archive, organization: str) -> None:
        self._archive = archive
        self._organization = organization
        self.unreadable: set[tuple[Month, int]] = set()

    def read_newest(self, month: Month, read: Callable[[Bundle], T]) -> T | None:
        for revision in reversed(self._archive.revisions(self._organization, month)):
            try:
                return read(self._archive.bundle(self._organization, month, revision))
            except ContentRemoved:
                continue  # Retention removed it as configured, so there is nothing to report.
            except ArchiveError as error:
                _log.warning("%s, revision %s, is not used: %s", month, revision, error)
                self.unreadable.add((month, revision))
        return None


def _report_with_documents(bundle: Bundle) -> MonthlyReport:
    """Return the report of a bundle whose documents are intact, so that they can be sent."""
    bundle.documents()
    return bundle.report()


def _sealed_month(bundle: Bundle) -> SealedMonth:
    figures = {key: kpi.figure for key, kpi in bundle.report().kpis().items()}
    return SealedMonth(month=str(bundle.month), revision=bundle.revision, figures=figures)
