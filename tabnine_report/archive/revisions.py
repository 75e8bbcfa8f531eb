"""When a month that is made again gets another revision: its outcome, and which of two reports knows more."""

import hashlib
import json

from tabnine_report.model.figure import Figure
from tabnine_report.model.report import MonthlyReport
from tabnine_report.usage_api.endpoints import NOW_ENDPOINTS, PATHS

_NO_FIGURES_OF_THE_MONTH = {
    **dict.fromkeys(("findings", "recommended_actions"), ()),
    **dict.fromkeys(("last_month_actions", "teams", "governance", "revision_changes")),
}
"""The parts whose figures stand elsewhere in the report, belong to another month, or depend on who is asked when."""

_ANSWERED_FOR_NOW = frozenset(PATHS[endpoint] for endpoint in NOW_ENDPOINTS)


def supersedes(report: MonthlyReport, earlier: MonthlyReport) -> bool:
    """Tell whether a report of a month takes the place of an earlier one, or the month came out as before.

    What knows more takes the place of what knows less, and never the other way round: an endpoint that is down today
    does not take figures from a month that had them, whether it is down or says that it is not there. A month made when
    nobody read of teams is made again for those who do. Otherwise the outcome decides.
    """
    if report.complete != earlier.complete:
        return report.complete
    if not _not_offered(report).isdisjoint(_answered(earlier)):
        return False
    if report.teams is not None and earlier.teams is None:
        return True
    return outcome(report) != outcome(earlier)


def outcome(report: MonthlyReport) -> str:
    """Give a digest of what a month came to: two reports with the same one say the same about it.

    It covers the month's own figures, the rules that spoke on them, and the note. Left out are other months, which have
    reports of their own, and what depends on when it was asked: figures of now, what is computed from them, known or
    not, the teams, because who is in them now decides which of them are shown, governance, which is of now throughout,
    and all times, versions and wording.
    """
    figures = [
        (path, figure.value, figure.state, figure.unit)
        for path, figure in report.model_copy(update=_NO_FIGURES_OF_THE_MONTH).figures()
        if _is_read_of(report.month, figure)
    ]
    spoken = {one.rule: one.figures for one in report.findings}
    spoken |= {f"ask: {one.rule}": one.figures for one in report.recommended_actions}
    # What rests on no figure rests on a setting of now, such as how people sign in.
    rules = [rule for rule, evidence in spoken.items() if evidence and not any(map(_rests_on_now, evidence.values()))]
    note = report.note.model_dump() if report.note else None
    return hashlib.sha256(json.dumps([figures, sorted(rules), note]).encode()).hexdigest()


def _not_offered(report: MonthlyReport) -> set[str]:
    """Give the endpoints that said no more than that they are not there, for this month or just now."""
    return {line.endpoint for line in report.data_quality.data_sources if line.state == "not offered"}


def _answered(report: MonthlyReport) -> set[str]:
    return {line.endpoint for line in report.data_quality.data_sources if line.state == "answered"}


def _is_read_of(month: str, figure: Figure) -> bool:
    """Tell whether a figure is read of the month or its days; one without a source only follows from others."""
    return figure.source is not None and figure.source.period.startswith(month) and not _rests_on_now(figure)


def _rests_on_now(figure: Figure) -> bool:
    """Tell whether a figure rests on what the API answers for the moment of asking, also where that is not known."""
    endpoints = figure.source.endpoint.split(" and ") if figure.source is not None else []
    return figure.as_of is not None or not _ANSWERED_FOR_NOW.isdisjoint(endpoints)
