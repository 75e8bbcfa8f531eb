"""What a month's report would lack, for a check of the settings: built from the responses of the endpoint checks."""

from collections.abc import Iterator, Sequence

from tabnine_report.model.data_quality import Severity
from tabnine_report.model.errors import BuildError
from tabnine_report.model.figure import State
from tabnine_report.model.month import Month
from tabnine_report.model.report import MonthlyReport
from tabnine_report.profile.profile import Profile
from tabnine_report.usage_api.endpoint_checks import EndpointCheck
from tabnine_report.usage_api.snapshot import Snapshot

_REQUIRED = ("active_users", "accounts")


def report_coverage(profile: Profile, month: Month, checks: Sequence[EndpointCheck]) -> tuple[bool | None, str]:
    """Return whether a report would be complete and not doubtful, None if there would be none; and what it would lack.

    Args:
        profile: The profile.
        month: The month of the report.
        checks: The results of querying the endpoints. Those of single teams are left out: only one team was queried.
    """
    # Importing the analysis takes a third of a second, which only a check needs.
    from tabnine_report.analysis.report_assembly import build_report  # noqa: PLC0415 - see above

    fetches = {
        str(check.endpoint): check.fetch
        for check in checks
        if check.fetch is not None and not check.endpoint.spec.per_team
    }
    snapshot = Snapshot(month=str(month), host=profile.usage_api.host, fetches=fetches)
    try:
        report = build_report(snapshot, profile, revision=1, draft=False)
    except BuildError as error:
        return None, f"for {month}: none. {error}"
    failed = report.data_quality.failed_checks
    doubts = [check.sentence for check in failed if check.severity is not Severity.NOTE]
    doubtful = any(check.holds for check in failed)
    sentences = " ".join(dict.fromkeys((*_not_fetched(checks), *_lacking(report), *doubts)))
    if not report.complete:
        return False, f"for {month}: incomplete. {sentences}"
    if doubtful:
        return False, f"for {month}: doubtful. {sentences}"
    return True, f"for {month}: {sentences or 'every figure of page one is available'}"


def _not_fetched(checks: Sequence[EndpointCheck]) -> Iterator[str]:
    """Yield which endpoints failed, and which of them lack the response to a query that makes a report complete."""
    failed = [check.endpoint for check in checks if check.failure and not check.failure.is_not_offered]
    partial = [
        check.endpoint
        for check in checks
        if check.fetch
        and any(query.query not in check.endpoint.spec.additional for query in check.fetch.failed_queries)
    ]
    for words, endpoints in (("Not fetched", failed), ("Not completely fetched", partial)):
        if endpoints:
            yield f"{words}: {', '.join(endpoints)}."


def _lacking(report: MonthlyReport) -> Iterator[str]:
    """Yield each reason why figures are partial or unavailable: those of page one and the required ones."""
    kpis = {kpi.key: kpi for kpi in report.page_one_kpis}
    kpis |= {key: kpi for key, kpi in report.kpis().items() if key in _REQUIRED}
    labels: dict[tuple[State, str], list[str]] = {}
    for kpi in kpis.values():
        if kpi.figure.state in (State.PARTIAL, State.UNAVAILABLE):
            labels.setdefault((kpi.figure.state, kpi.figure.reason), []).append(kpi.label)
    for (state, reason), names in labels.items():
        yield f"{state.capitalize()}: {', '.join(names)}. {reason}"
