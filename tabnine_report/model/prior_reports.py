"""The earlier reports that a report refers to. Its bundle has a copy of them, so that it can be rendered alone.

A report refers to the previous month's report, for the status of its actions and for its as-of figures; to the sealed
figures of the earlier months, for the 13-month history; and to the previous revision of the same month, for the changes
since. The admins' answers to the previous month's report belong to it. Apart from the owners and comments that the
admins typed, none of them has personal data.
"""

import json
from collections.abc import Mapping
from typing import Any, Self

from pydantic import TypeAdapter

from tabnine_report.model.answers import ActionAnswer
from tabnine_report.model.base import Model
from tabnine_report.model.figure import Figure
from tabnine_report.model.report import MonthlyReport

INPUTS = "inputs/"
"""The folder of a bundle that has the copies."""

_MONTHS = f"{INPUTS}months.json"
_ANSWERS = f"{INPUTS}answers.json"
_REPORTS = {name: f"{INPUTS}{name}.json" for name in ("previous_month", "earlier_revision")}
"""The file of each report, by the field of `PriorReports`."""


class SealedMonth(Model):
    """The figures of a month in its newest readable bundle.

    Attributes:
        month: The month, `YYYY-MM`.
        revision: The revision of the bundle, from 1.
        figures: The figures of that month by the KPI's key, as-of figures included.
    """

    month: str
    revision: int
    figures: Mapping[str, Figure]


class UnreadableReport(Model):
    """A bundle that could not be read, because it is damaged or has an unknown version.

    Attributes:
        month: The month, `YYYY-MM`.
        revision: The revision of the bundle, from 1.
    """

    month: str
    revision: int


class PriorReports(Model):
    """The earlier reports that a report refers to; empty for an organization's first report.

    Attributes:
        previous_month: The newest report of the previous month; None if there is none.
        earlier_revision: The previous revision of the same month; None for the first revision.
        months: Those of the twelve previous months that have a bundle, oldest first.
        unreadable_reports: The bundles that could not be read.
        answers: The admins' answers to the actions that the previous month's report recommended.
    """

    previous_month: MonthlyReport | None = None
    earlier_revision: MonthlyReport | None = None
    months: tuple[SealedMonth, ...] = ()
    unreadable_reports: tuple[UnreadableReport, ...] = ()
    answers: tuple[ActionAnswer, ...] = ()

    def files(self) -> dict[str, bytes]:
        """Return the files of the bundle by path, as in `inputs/months.json`; what does not exist has no file."""
        reports = {path: getattr(self, name) for name, path in _REPORTS.items()}
        documents = {
            _MONTHS: {"months": self.months, "unreadable_reports": self.unreadable_reports},
            **({_ANSWERS: self.answers} if self.answers else {}),
            **{path: report for path, report in reports.items() if report is not None},
        }
        return {path: TypeAdapter(Any).dump_json(document, indent=1) for path, document in documents.items()}

    @classmethod
    def read(cls, files: Mapping[str, bytes]) -> Self:
        """Read the files that `files` returned.

        Raises:
            KeyError: If a file is missing.
            ValueError: If a file has another content.
        """
        reports: dict[str, Any] = {
            name: MonthlyReport.model_validate_json(files[path]) for name, path in _REPORTS.items() if path in files
        }
        answers = {"answers": json.loads(files[_ANSWERS])} if _ANSWERS in files else {}
        return cls.model_validate(json.loads(files[_MONTHS]) | reports | answers)


NO_PRIOR_REPORTS = PriorReports()
"""The earlier reports of an organization's first report: none."""
