"""Reading from the archive what a report takes from other bundles.

A bundle that cannot be read never fails a run: it is left out, an older revision stands in for it where there is one,
and the report says so.
"""

import json
import logging
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from pydantic import ValidationError

from tabnine_report.archive import Archive, Bundle
from tabnine_report.model.errors import ArchiveError, ContentRemoved
from tabnine_report.model.figure import Figure
from tabnine_report.model.month import Month
from tabnine_report.model.prior_reports import PriorReports, SealedMonth, UnreadableReport
from tabnine_report.usage_api.queries import HISTORY_MONTHS
from tabnine_report.usage_api.snapshot import Snapshot

T = TypeVar("T")

_log = logging.getLogger(__name__)


def read_inputs(archive: Archive, organization: str, month: Month) -> PriorReports:
    """Read what the report of a month takes from the bundles of other months, and of its own earlier revisions.

    Args:
        archive: Where the bundles are.
        organization: The profile's name.
        month: The month to be reported.

    Raises:
        ArchiveError: If the archive itself cannot be read.
    """
    reader = _Reader(archive, organization)
    before = month.last(HISTORY_MONTHS)[:-1]
    months = [sealed for one in before if (sealed := reader.newest(one, _sealed_month)) is not None]
    return PriorReports(
        previous=reader.newest(month.back(1), Bundle.report),
        earlier=reader.newest(month, Bundle.report),
        months=tuple(months),
        unreadable_reports=tuple(
            UnreadableReport(month=str(one), revision=revision) for one, revision in sorted(reader.unreadable_reports)
        ),
    )


def answers_of(bundle: Bundle) -> Snapshot | None:
    """Give the answers that a bundle was made from; None where they were removed since or cannot be read."""
    try:
        return bundle.snapshot()
    except ArchiveError as error:
        _log.warning("The answers of revision %s of %s are left out: %s", bundle.revision, bundle.month, error)
        return None


class _Reader:
    """Reads the newest bundle of a month that can be read, and notes those that cannot."""

    def __init__(self, archive: Archive, organization: str) -> None:
        self._archive = archive
        self._organization = organization
        self.unreadable_reports: set[tuple[Month, int]] = set()

    def newest(self, month: Month, read: Callable[[Bundle], T]) -> T | None:
        for revision in reversed(self._archive.revisions(self._organization, month)):
            try:
                return read(self._archive.bundle(self._organization, month, revision))
            except ContentRemoved:
                continue  # by a rule of the archive: nobody has to see to it
            except ArchiveError as error:
                _log.warning("Revision %s of %s is left out: %s", revision, month, error)
                self.unreadable_reports.add((month, revision))
        return None


def _sealed_month(bundle: Bundle) -> SealedMonth:
    """Take the figures out of a bundle, also of one whose report as a whole is of another version's shape."""
    try:
        report = json.loads(bundle.read("report.json"))
        figures = {key: Figure.model_validate(figure) for key, figure in _figures(report)}
    except (ValueError, ValidationError) as error:
        raise ArchiveError(f"{bundle.folder} has figures that this version cannot read.") from error
    return SealedMonth(month=str(bundle.month), revision=bundle.revision, figures=figures)


def _figures(part: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - JSON of any version
    """Find every measure in a report's JSON, wherever it stands: it has a key and a figure."""
    match part:
        case {"key": str(key), "figure": dict(figure), "label": _}:
            yield key, figure
        case dict():
            for inner in part.values():
                yield from _figures(inner)
        case list():
            for inner in part:
                yield from _figures(inner)
        case _:
            return
