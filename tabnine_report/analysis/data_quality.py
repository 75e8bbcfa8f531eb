"""The data quality section: data sources, cross-checks, definitions and notes."""

from collections.abc import Iterator

from tabnine_report.analysis.account_count_check import TOLERANCE
from tabnine_report.analysis.api_data import USAGE_ENDPOINTS
from tabnine_report.analysis.cross_checks import checks
from tabnine_report.analysis.data_quality_sentences import DataQualitySentences
from tabnine_report.analysis.metric_definitions import ACCOUNT_METRICS, IN_FULL_ONLY, METRICS, USAGE_FIELDS
from tabnine_report.analysis.reasons import unreadable_rows
from tabnine_report.analysis.report_context import ReportContext
from tabnine_report.model.data_quality import CrossCheck, DataQuality, DataSource, Definition
from tabnine_report.model.kpi import Kpi
from tabnine_report.model.month import Month
from tabnine_report.usage_api.endpoints import Endpoint
from tabnine_report.usage_api.month_coverage import gaps
from tabnine_report.usage_api.snapshot import Failure, Fetch

_ASSUMPTIONS = ("data_quality.inferred_accounts", "data_quality.inferred_seats")


def data_quality(context: ReportContext, page_one_kpis: tuple[Kpi, ...], kpis: tuple[Kpi, ...]) -> DataQuality:
    """Build the data quality section.

    Args:
        context: The report's context.
        page_one_kpis: The KPIs of page one; the summary names those that are partial or unavailable.
        kpis: All KPIs of the report; the notes state the reason for each that is not measured.
    """
    shown, results = {kpi.key for kpi in kpis}, _checks(context, page_one_kpis)
    sentences = DataQualitySentences(context, page_one_kpis, kpis, results)
    return DataQuality(
        summary=sentences.summary(),
        title=sentences.title(),
        sources_sentence=sentences.sources(),
        checks_sentence=sentences.checks(),
        data_sources=tuple(_data_source(context, endpoint) for endpoint in context.api_data.requested_endpoints),
        checks=results,
        definitions=tuple(_definition(context, key) for key in METRICS if key in shown or key in IN_FULL_ONLY),
        notes=_notes(context, kpis),
        required_missing=_required_missing(context),
    )


def _checks(context: ReportContext, page_one_kpis: tuple[Kpi, ...]) -> tuple[CrossCheck, ...]:
    """Return the cross-checks, each with whether a KPI of page one rests on it."""
    on_page_one = {kpi.key for kpi in page_one_kpis}
    return tuple(
        check.model_copy(update={"on_page_one": not on_page_one.isdisjoint(check.metrics)}) for check in checks(context)
    )


def _required_missing(context: ReportContext) -> tuple[str, ...]:
    """Return the labels of the required figures that the API did not return: the month's usage and accounts."""
    accounts, month = context.api_data.accounts, context.month
    has_accounts = not isinstance(accounts, Failure) and any(
        row.month == month and row.active is not None for row in accounts
    )
    returned = {"active_users": context.figure("active_users", month).known, "accounts": has_accounts}
    return tuple(context.language.translate(f"label.{key}") for key, is_known in returned.items() if not is_known)


def _data_source(context: ReportContext, endpoint: Endpoint) -> DataSource:
    api_data = context.api_data
    failure, fetch = api_data.failure(endpoint), api_data.snapshot.fetches.get(endpoint)
    offered = failure is None or not failure.is_not_offered
    error = failure.message if failure else ""
    return DataSource(
        endpoint=endpoint,
        path=endpoint.path,
        state=("failed" if failure else "answered") if offered else "not offered",
        requests=len(fetch.responses) if fetch else 0,
        rows=api_data.row_count(endpoint),
        ended_at=fetch.ended_at if fetch else api_data.snapshot.ended_at,
        reason=(error or _shortcomings(context, endpoint)) if offered else _not_offered(context, endpoint, failure),
    )


def _not_offered(context: ReportContext, endpoint: Endpoint, failure: Failure | None) -> str:
    """Return why this organization does not have an endpoint."""
    status = str(failure.status if failure else "")
    return context.language.translate(f"endpoint_not_offered.{endpoint}", status=status)


def _shortcomings(context: ReportContext, endpoint: Endpoint) -> str:
    """Return what an endpoint that responded did not return; empty if everything could be read."""
    problems = context.api_data.problems(endpoint)
    invalid = ", ".join(problems.invalid_fields)
    sentences = (
        _failed_queries(context, endpoint, context.api_data.snapshot.fetches.get(endpoint)),
        unreadable_rows(context.language, problems.unreadable_rows, problems.rows),
        context.language.translate("reason.field_invalid", field=invalid) if invalid else "",
        _missing_features(context, endpoint),
    )
    return " ".join(filter(None, sentences))


def _missing_features(context: ReportContext, endpoint: Endpoint) -> str:
    """Return that an endpoint reports active users, but nothing about completions, chat or agents."""
    version = context.usage.serving(context.month).version
    if version is None or endpoint is not USAGE_ENDPOINTS[version] or not context.has_no_features:
        return ""
    return context.language.translate("data_quality.no_features", month=context.language.month(context.month))


def _failed_queries(context: ReportContext, endpoint: Endpoint, fetch: Fetch | None) -> str:
    """Return for which teams or periods an endpoint returned no data, and why; empty if nothing is missing."""
    if fetch is None or not fetch.failed_queries:
        return ""
    translate, count, why = context.language.translate, context.language.count, fetch.failed_queries[0].message
    names = list(dict.fromkeys(failed.query for failed in fetch.failed_queries))
    if endpoint.spec.per_team:
        return translate("data_quality.unanswered", len(names), number=count(len(names)), why=why)
    months = {name: len(gaps(fetch, name)) for name in names}
    parts = (translate(f"data_quality.gap_{name}", number, number=count(number)) for name, number in months.items())
    return translate("data_quality.gaps", parts="; ".join(parts), why=why)


def _definition(context: ReportContext, key: str) -> Definition:
    translate, metric = context.language.translate, METRICS[key]
    source = metric.source("")
    return Definition(
        key=key,
        term=translate(f"label.{key}"),
        meaning=translate(f"definition.{key}"),
        source=": ".join(filter(None, (source.endpoint, source.field or source.formula))),
        edition="full" if key in IN_FULL_ONLY else "executive",
    )


def _notes(context: ReportContext, kpis: tuple[Kpi, ...]) -> tuple[str, ...]:
    """Return each reason once with the figures it applies to, then the assumptions of the report."""
    translate = context.language.translate
    labels_by_reason: dict[str, list[str]] = {}
    for kpi in kpis:
        if kpi.figure.reason:
            labels_by_reason.setdefault(kpi.figure.reason, []).append(kpi.label)
    reasons = (
        translate("data_quality.note", labels=", ".join(dict.fromkeys(labels)), reason=reason)
        for reason, labels in labels_by_reason.items()
    )
    keys = _ASSUMPTIONS if context.agents.missing else (*_ASSUMPTIONS, "data_quality.inferred_currency")
    tolerance = context.language.percent(TOLERANCE)
    assumptions = (translate(key, share=tolerance) for key in keys)
    differences = _differences_from_archive(context)
    return (*reasons, *differences, *_unreadable_reports(context), *assumptions, _working_days(context))


def _differences_from_archive(context: ReportContext) -> Iterator[str]:
    """Yield, by month, the figures that now differ from the archived report, whose figures take precedence."""
    language, translate = context.language, context.language.translate
    for month in context.usage.months[:-1]:
        figures = []
        for key in (*USAGE_FIELDS, *ACCOUNT_METRICS):
            today, shown = context.monthly.from_api(key, month), context.figure(key, month)
            if today.known and (today.value, today.unit) != (shown.value, shown.unit):
                now, then = language.qualified(today), language.qualified(shown)
                figures.append(
                    translate("data_quality.archived_figure", label=translate(f"label.{key}"), archived=then, today=now)
                )
        if figures:
            yield translate(
                "data_quality.differs_from_archive", month=language.month(month), figures="; ".join(figures)
            )


def _unreadable_reports(context: ReportContext) -> Iterator[str]:
    """Yield a sentence for each archived report that could not be read."""
    for report in context.prior_reports.unreadable_reports:
        month, number = context.language.month(Month.parse(report.month)), context.language.count(report.revision)
        yield context.language.translate("data_quality.unreadable_report", month=month, number=number)


def _working_days(context: ReportContext) -> str:
    """Return which days count as working days, with the public holidays of the month."""
    language, translate = context.language, context.language.translate
    if not context.working_days.country:
        return translate("data_quality.no_holidays")
    country = language.country(context.working_days.country)
    days = context.working_days.holidays(context.month)
    if not days:
        return translate("data_quality.no_holiday_in_month", country=country, month=language.month_name(context.month))
    return translate(
        "data_quality.holidays", count=len(days), country=country, days=", ".join(map(language.date, days))
    )
