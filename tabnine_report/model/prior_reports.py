"""What a report takes from other bundles, kept in its own, so that a bundle explains itself alone.

Three things come from elsewhere in the archive: the report of the month before, whose asks and figures of then are
followed up; the figures of earlier months as they were sealed, for the 13 months; and the earlier revision of the same
month, for what changed since. None of them names a person.
"""

import json
from collections.abc import Mapping
from typing import Any, Self

from tabnine_report.model.base import Model
from tabnine_report.model.figure import Figure
from tabnine_report.model.report import MonthlyReport

INPUTS = "inputs/"
"""The folder of a bundle that they are kept in."""

_PREVIOUS = f"{INPUTS}previous_month.json"
_EARLIER = f"{INPUTS}earlier_revision.json"
_MONTHS = f"{INPUTS}months.json"


class SealedMonth(Model):
    """The figures of a month as its newest readable bundle has them.

    Attributes:
        month: `YYYY-MM`.
        revision: The bundle's.
        figures: The reported month's figures by the measure's key, those as of then included.
    """

    month: str
    revision: int
    figures: Mapping[str, Figure]


class UnreadableReport(Model):
    """A bundle that could not be read, damaged or of a version that this one does not understand.

    Attributes:
        month: `YYYY-MM`.
        revision: The bundle's.
    """

    month: str
    revision: int


class PriorReports(Model):
    """Everything that a report takes from other bundles; nothing at all for an organization's first one.

    Attributes:
        previous: The newest report of the month before; None where there is none.
        earlier: The newest earlier report of the same month; None for its first revision.
        months: The twelve months before, as far as there are bundles of them, oldest first.
        unreadable_reports: The bundles that should have told and could not be read.
    """

    previous: MonthlyReport | None = None
    earlier: MonthlyReport | None = None
    months: tuple[SealedMonth, ...] = ()
    unreadable_reports: tuple[UnreadableReport, ...] = ()

    def files(self) -> dict[str, bytes]:
        """Write them down by file name, `inputs/months.json` and the like; a report that is not there has no file."""
        written = self.model_dump(mode="json")
        documents = {_MONTHS: {"months": written["months"], "unreadable_reports": written["unreadable_reports"]}}
        documents |= {
            name: written[part]
            for name, part in ((_PREVIOUS, "previous"), (_EARLIER, "earlier"))
            if written[part] is not None
        }
        return {name: json.dumps(document, indent=1).encode() for name, document in documents.items()}

    @classmethod
    def read(cls, files: Mapping[str, bytes]) -> Self:
        """Read back what `files` wrote.

        Raises:
            KeyError: If a file is missing.
            ValueError: If a file is not what `files` wrote.
        """
        reports: dict[str, Any] = {
            part: json.loads(files[name])
            for name, part in ((_PREVIOUS, "previous"), (_EARLIER, "earlier"))
            if name in files
        }
        return cls.model_validate(json.loads(files[_MONTHS]) | reports)


NO_INPUTS = PriorReports()
"""What an organization's first report takes from others: nothing."""
