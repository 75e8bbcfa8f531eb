"""Decide whether a rebuilt month becomes a new revision."""

import hashlib
import json

from tabnine_report.model.figure import Figure
from tabnine_report.model.report import MonthlyReport
from tabnine_report.usage_api.endpoints import AS_OF_ENDPOINTS

_EXCLUDED_SECTIONS = {
    **dict.fromkeys(("findings", "recommended_actions"), ()),
    **dict.fromkeys(("last_month_actions", "teams", "governance", "revision_changes")),
}
"""Sections without figures of the month: repeated from elsewhere, of another month, or dependent on the day of the run.

Team figures depend on the team members at the time of the run, which decide what small-group suppression hides.
"""

_AS_OF_NOW_PATHS = frozenset(endpoint.path for endpoint in AS_OF_ENDPOINTS)


def supersedes(report: MonthlyReport, earlier: MonthlyReport) -> bool:
    """Return whether a rebuilt report replaces an earlier report of the same month.

    A report with more data replaces one with less, never the reverse: an endpoint that fails or is not offered today
    does not remove figures that the month already has. A report with teams replaces one without. Otherwise a report
    replaces an earlier one with a different digest.
    """
    if report.complete != earlier.complete:
        return report.complete
    if not _endpoints(report, "not offered").isdisjoint(_endpoints(earlier, "answered")):
        return False
    if report.teams is not None and earlier.teams is None:
        return True
    return report_digest(report) != report_digest(earlier)


def report_digest(report: MonthlyReport) -> str:
    """Return a digest of a report's content; reports with equal digests have the same content about the month.

    The digest covers the month's own figures, the rules that produced a finding or an action, and the note. It excludes
    other months, which have their own reports, and everything that depends on the day of the run: figures as of that
    day and what is computed from them, teams, governance, times, versions and wording.
    """
    figures = [
        (path, figure.value, figure.state, figure.unit)
        for path, figure in report.model_copy(update=_EXCLUDED_SECTIONS).figures()
        if _covers_month(report.month, figure)
    ]
    evidence = {finding.rule: finding.figures for finding in report.findings}
    evidence |= {f"action: {action.rule}": action.figures for action in report.recommended_actions}
    # A rule without figures depends on a current setting, such as the sign-in methods.
    rules = [rule for rule, used in evidence.items() if used and not any(map(_is_as_of_now, used.values()))]
    note = report.note.model_dump() if report.note else None
    return hashlib.sha256(json.dumps([figures, sorted(rules), note]).encode()).hexdigest()


def _endpoints(report: MonthlyReport, state: str) -> set[str]:
    return {source.endpoint for source in report.data_quality.data_sources if source.state == state}


def _covers_month(month: str, figure: Figure) -> bool:
    """Return whether a figure was read for the month or one of its days; a figure without a source is derived."""
    return figure.source is not None and figure.source.period.startswith(month) and not _is_as_of_now(figure)


def _is_as_of_now(figure: Figure) -> bool:
    """Return whether a figure depends on an endpoint that responds as of the request, even if its value is unknown."""
    endpoints = figure.source.endpoint.split(" and ") if figure.source is not None else []
    return figure.as_of is not None or not _AS_OF_NOW_PATHS.isdisjoint(endpoints)
