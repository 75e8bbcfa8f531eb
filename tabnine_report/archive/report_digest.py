"""Decide whether a rebuilt month becomes a new revision."""

import hashlib
import json

from tabnine_report.model.figure import Figure
from tabnine_report.model.report import MonthlyReport
from tabnine_report.usage_api.endpoints import AS_OF_ENDPOINTS, Endpoint

_EXCLUDED_SECTIONS = {
    **dict.fromkeys(("findings", "recommended_actions"), ()),
    **dict.fromkeys(("last_month_actions", "teams", "governance", "revision_changes")),
}
"""Sections without figures of the month: repeated from elsewhere, of another month, or dependent on the day of the run.

Team figures depend on the team members at the time of the run, which decide what small-group suppression hides.
"""

_DERIVED_FROM_SEATS = ("seats.breakdown.",)
"""Paths of figures that repeat figures of the month, in parts that depend on whether the current seats are known."""

_ACCOUNT_PATHS = frozenset({Endpoint.ACCOUNT_UTILIZATIONS.path})
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
    # Accounts that the list of users contradicts only since the earlier report do not remove its figures.
    without = _ACCOUNT_PATHS if _has_accounts(earlier) and not _has_accounts(report) else frozenset()
    return report_digest(report, without) != report_digest(earlier, without)


def report_digest(report: MonthlyReport, without: frozenset[str] = frozenset()) -> str:
    """Return a digest of a report's content; reports with equal digests have the same content about the month.

    The digest covers the month's own figures, the rules that produced a finding or an action, and the note. It excludes
    other months, which have their own reports, and everything that depends on the day of the run: figures as of that
    day and what is computed from them, teams, governance, times, versions and wording.

    Args:
        report: The report.
        without: The paths of further endpoints whose figures, and what is computed from them, are excluded.
    """
    excluded = _AS_OF_NOW_PATHS | without
    figures = [
        (path, figure.value, figure.state, figure.unit)
        for path, figure in report.model_copy(update=_EXCLUDED_SECTIONS).figures()
        if _covers_month(report.month, figure)
        and not _depends_on(excluded, figure)
        and not path.startswith(_DERIVED_FROM_SEATS)
    ]
    evidence = {finding.rule: finding.figures for finding in report.findings}
    evidence |= {f"action: {action.rule}": action.figures for action in report.recommended_actions}
    # A rule without figures depends on a current setting, such as the sign-in methods.
    rules = [
        rule
        for rule, used in evidence.items()
        if used and not any(_depends_on(excluded, figure) for figure in used.values())
    ]
    note = report.note.model_dump() if report.note else None
    return hashlib.sha256(json.dumps([figures, sorted(rules), note]).encode()).hexdigest()


def _endpoints(report: MonthlyReport, state: str) -> set[str]:
    return {source.endpoint for source in report.data_quality.data_sources if source.state == state}


def _has_accounts(report: MonthlyReport) -> bool:
    accounts = report.kpis().get("accounts")
    return accounts is not None and accounts.figure.known


def _covers_month(month: str, figure: Figure) -> bool:
    """Return whether a figure was read for the month or one of its days; a figure without a source is derived."""
    return figure.source is not None and figure.source.period.startswith(month)


def _depends_on(paths: frozenset[str], figure: Figure) -> bool:
    """Return whether a figure is as of the request or depends on an endpoint, even if its value is unknown."""
    endpoints = figure.source.endpoint.split(" and ") if figure.source is not None else []
    return figure.as_of is not None or not paths.isdisjoint(endpoints)
