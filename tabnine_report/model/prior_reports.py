"""Define what a report takes from prior reports.

It is stored in the report's own bundle, so that the report can be rebuilt without other bundles, and contains no
personal data.
"""

import json
from collections.abc import Mapping
from typing import Any, Self

from tabnine_report.model.figure import Figure
from tabnine_report.model.kpi import Model
from tabnine_report.model.report import MonthlyReport

INPUTS_FOLDER = "inputs/"
"""The folder of a bundle that stores the prior reports."""

_PREVIOUS = f"{INPUTS_FOLDER}previous_month.json"
_EARLIER = f"{INPUTS_FOLDER}earlier_revision.json"
_MONTHS = f"{INPUTS_FOLDER}months.json"


class SealedMonth(Model):
    """The figures of an earlier month, from its newest readable bundle.

    Attributes:
        month: `YYYY-MM`.
        revision: The bundle's revision.
        figures: The month's figures by KPI key, including those as of the day of its run.
    """

    month: str
    revision: int
    figures: Mapping[str, Figure]


class UnreadableReport(Model):
    """A bundle that could not be read because it is damaged or was written by an incompatible version.

    Attributes:
        month: `YYYY-MM`.
        revision: The bundle's revision.
    """

    month: str
    revision: int


class PriorReports(Model):
    """Everything that a report takes from prior reports; empty for an organization's first report.

    Attributes:
        previous: The newest report of the month before, or None.
        earlier: The newest earlier revision of the same month, or None.
        months: The sealed figures of the 12 months before, oldest first; months without a bundle are left out.
        unreadable_reports: The bundles that could not be read.
    """

    previous: MonthlyReport | None = None
    earlier: MonthlyReport | None = None
    months: tuple[SealedMonth, ...] = ()
    unreadable_reports: tuple[UnreadableReport, ...] = ()

    def files(self) -> dict[str, bytes]:
        """Return the files to store in the bundle, by name. A missing report has no file."""
        fields = self.model_dump(mode="json")
        documents = {_MONTHS: {"months": fields["months"], "unreadable_reports": fields["unreadable_reports"]}}
        documents |= {
            name: fields[field]
            for name, field in ((_PREVIOUS, "previous"), (_EARLIER, "earlier"))
            if fields[field] is not None
        }
        return {name: json.dumps(document, indent=1).encode() for name, document in documents.items()}

    @classmethod
    def read(cls, files: Mapping[str, bytes]) -> Self:
        """Read the files that `files` returned.

        Raises:
            KeyError: If a file is missing.
            ValueError: If a file has another format.
        """
        reports: dict[str, Any] = {
            field: json.loads(files[name])
            for name, field in ((_PREVIOUS, "previous"), (_EARLIER, "earlier"))
            if name in files
        }
        return cls.model_validate(json.loads(files[_MONTHS]) | reports)


NO_PRIOR_REPORTS = PriorReports()
"""The prior reports of an organization's first report."""
