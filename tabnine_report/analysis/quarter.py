"""The people who used Tabnine in the three months that end with the reported one, and the accounts that did not.

Distinct people are never added up, so the API is asked for the three months as one period. Its two versions count
different months, so there is a figure only if one of them serves all three.
"""

from tabnine_report.analysis.api_data import USAGE_ENDPOINTS
from tabnine_report.analysis.metric_definitions import METRICS, USAGE_FIELDS
from tabnine_report.analysis.reasons import without_value
from tabnine_report.analysis.report_context import ReportContext
from tabnine_report.analysis.seats import inactive_among
from tabnine_report.analysis.usage_figures import field_value
from tabnine_report.model.figure import Figure, Source
from tabnine_report.model.kpi import Kpi
from tabnine_report.usage_api.endpoints.usage import UsageBucket, UsageData, Version
from tabnine_report.usage_api.query import QUARTER_MONTHS
from tabnine_report.usage_api.snapshot import Failure

_ACTIVE_USERS, _INACTIVE_ACCOUNTS = "quarter_active_users", "quarter_inactive_accounts"


def quarter_kpis(context: ReportContext) -> tuple[Kpi, Kpi]:
    """Return the KPIs of the quarter; earlier quarters come from the archived reports of their last months."""
    active_users, accounts = quarter_active_users(context), context.figure("accounts")
    language, months = context.language, context.month.last(QUARTER_MONTHS)
    inactive_accounts = inactive_among(
        context, _INACTIVE_ACCOUNTS, accounts, active_users, exceeds_key="reason.quarter_inactive_accounts_over"
    )
    note = language.translate("quarter.months", first=language.month(months[0]), last=language.month(months[-1]))
    source = METRICS[_INACTIVE_ACCOUNTS].source(
        f"{months[0]} to {months[-1]}", context.usage.serving(months[-1]).version
    )
    of_accounts = language.translate(
        "quarter.inactive", people=language.value(active_users), accounts=language.value(accounts)
    )
    return (
        context.as_of_kpi(_ACTIVE_USERS, active_users, note),
        context.as_of_kpi(_INACTIVE_ACCOUNTS, inactive_accounts.sourced(source), of_accounts),
    )


def quarter_active_users(context: ReportContext) -> Figure:
    """Return the active users of the three months that end with the reported one."""
    unit, usage, months = METRICS[_ACTIVE_USERS].unit, context.usage, context.month.last(QUARTER_MONTHS)
    period = f"{months[0]} to {months[-1]}"
    servings = [usage.serving(month) for month in months]
    versions, language = {serving.version for serving in servings}, context.language
    (version, *others) = versions
    if version is None or others:
        reason = next((serving.reason for serving in servings if serving.version is None), "")
        reason = reason or language.translate("reason.quarter_in_both_versions")
        return Figure.unavailable(unit, reason, METRICS[_ACTIVE_USERS].source(period))
    source = METRICS[_ACTIVE_USERS].source(period, version)
    bucket, reason = _bucket(context, version, source)
    number = field_value(bucket, source.field)
    if number is None:
        return Figure.unavailable(unit, reason, source)
    figure = Figure.measured(number, unit, source)
    for month, serving in zip(months, servings, strict=True):
        if serving.partial:
            figure = figure.partial(serving.reason)
        figure = usage.partial_if_incomplete(figure, month)
    return _at_least(context, figure, bucket)


def _bucket(context: ReportContext, version: Version, source: Source) -> tuple[UsageBucket | None, str]:
    """Return the quarter's bucket of a version, and the reason if its active users are not known."""
    usage, language, month = context.api_data.usage[version], context.language, context.month
    quarter = usage.quarter if isinstance(usage, UsageData) else usage
    if isinstance(quarter, Failure):
        what = language.translate(f"endpoint.{USAGE_ENDPOINTS[version]}")
        return None, language.translate("reason.quarter_not_fetched", what=what, month=language.month(month))
    if quarter is None:
        return None, language.translate("reason.no_quarter", month=language.month(month))
    return quarter, without_value(language, quarter, source.field, month)


def _at_least(context: ReportContext, figure: Figure, bucket: UsageBucket | None) -> Figure:
    """Raise active users to those of the busiest month, or to the agent users: the quarter has at least as many.

    If the API does not count everyone in one of the months, it does not in the quarter either.
    """
    number, language = figure.value or 0, context.language
    agents = int(field_value(bucket, USAGE_FIELDS["agent_users"].v1) or 0)
    monthly = [context.figure("active_users", month) for month in context.month.last(QUARTER_MONTHS)]
    most = int(max(users.value or 0 for users in monthly))
    if agents > max(number, most):
        return figure.raised_to(agents, language.translate("reason.agent_users_not_counted"))
    for users in monthly:
        if users.at_least:
            figure = figure.raised_to(max(number, most), users.reason)
    if most <= number or figure.at_least:
        return figure
    reason = language.translate(
        "reason.quarter_too_few_counted", more=language.count(most), fewer=language.count(number)
    )
    return figure.raised_to(most, reason)
