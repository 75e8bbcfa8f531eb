"""Build the result of a cross-check: its severity, its sentence, and the figures that rest on it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tabnine_report.analysis.metric_definitions import ACCOUNT_METRICS, METRICS, USAGE_FIELDS
from tabnine_report.analysis.report_context import ReportContext
from tabnine_report.model.data_quality import CheckResult, CrossCheck, Severity
from tabnine_report.model.figure import Figure


@dataclass(frozen=True)
class _Spec:
    """What a failed check means.

    Attributes:
        metrics: The keys of the metrics that it compares; what is computed from them is in doubt, too.
        severity: The severity of a failure.
    """

    metrics: tuple[str, ...]
    severity: Severity = Severity.WARNING


_USAGE = (*USAGE_FIELDS, "average_daily_active_users")
_SPECS: Mapping[str, _Spec] = {
    "one_organization": _Spec((*_USAGE, *ACCOUNT_METRICS, "teams"), Severity.HOLD),
    "month_in_history": _Spec(("active_users",)),
    "days_within_month": _Spec(("active_users", "average_daily_active_users")),
    "usage_has_users": _Spec(("active_users",), Severity.HOLD),
    "newest_days": _Spec(_USAGE),
    "people_within_accounts": _Spec(("active_users", "registered")),
    "accounts_within_seats": _Spec(("accounts", "seats"), Severity.NOTE),
    "accounts_against_users": _Spec(("accounts",)),
    "months_of_accounts": _Spec(ACCOUNT_METRICS),
    "automation_factor": _Spec(("automation_factor",), Severity.NOTE),
    "factors": _Spec(("automation_factor", "chat_consumption_rate", "productivity_factor")),
    "rows_of_teams": _Spec(("teams",)),
    "members_of_teams": _Spec(("teams",)),
    "rows_of_users": _Spec(("accounts_without_team", "deactivated_in_teams")),
    "teams_within_organization": _Spec(("completions", "team_completions")),
    "cost_of_models": _Spec(("agent_spend",)),
    "tokens_of_agents": _Spec(("agent_tokens", "agent_input_tokens", "agent_output_tokens")),
    "tokens_of_models": _Spec(("agent_tokens",)),
    "accounts_within_registered": _Spec(("accounts", "registered")),
    "completions_of_days": _Spec(("completions", "average_daily_active_users")),
    "clock": _Spec(tuple(METRICS), Severity.HOLD),
    "no_collapse": _Spec((*_USAGE, *ACCOUNT_METRICS), Severity.HOLD),
}
"""Every check by its name in the catalog."""


def at_most(context: ReportContext, name: str, smaller: Figure, larger: Figure) -> CrossCheck:
    """Return the result of a check that one figure is at most another one."""
    if smaller.value is None or larger.value is None:
        return not_possible(context, name)
    first, second = map(context.language.value, (smaller, larger))
    return written(context, name, first, second, agrees=smaller.value <= larger.value)


def compared(
    context: ReportContext, name: str, first: float, second: float, *, agrees: bool | None = None
) -> CrossCheck:
    """Return the result of a comparison of two numbers, which agree if they are equal unless `agrees` is given."""
    count = context.language.count
    return written(context, name, count(first), count(second), agrees=first == second if agrees is None else agrees)


def written(context: ReportContext, name: str, first: str, second: str, *, agrees: bool) -> CrossCheck:
    """Return the result of a comparison of two values in words."""
    sentence = context.language.translate(f"check.{name}_result", first=first, second=second)
    return stated(context, name, sentence, agrees=agrees)


def stated(context: ReportContext, name: str, sentence: str, *, agrees: bool) -> CrossCheck:
    """Return a result with its own sentence."""
    return _result(context, name, CheckResult.AGREES if agrees else CheckResult.DIFFERS, sentence)


def not_possible(context: ReportContext, name: str) -> CrossCheck:
    """Return the result of a check without its figures."""
    return _result(context, name, CheckResult.NOT_POSSIBLE, context.language.translate("check.missing_figure"))


def _result(context: ReportContext, name: str, result: CheckResult, sentence: str) -> CrossCheck:
    return CrossCheck(
        name=context.language.translate(f"check.{name}"),
        result=result,
        sentence=sentence,
        severity=_SPECS[name].severity,
        metrics=tuple(_resting_on(_SPECS[name].metrics)),
    )


def _resting_on(keys: Iterable[str]) -> list[str]:
    """Return metrics and every metric that is computed from them, in the order of `METRICS`."""
    in_doubt = set(keys)
    for key, metric in METRICS.items():
        if not in_doubt.isdisjoint(metric.formula_words):
            in_doubt.add(key)
    return [key for key in METRICS if key in in_doubt]
