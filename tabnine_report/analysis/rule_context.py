"""The context of the rules, taken from the context of the report."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime

from tabnine_report.analysis.report_context import ReportContext
from tabnine_report.analysis.rules.rule import RuleContext, SignIn
from tabnine_report.model.figure import Figure
from tabnine_report.model.kpi import Kpi
from tabnine_report.model.sections import TeamRow
from tabnine_report.usage_api.endpoints import Endpoint
from tabnine_report.usage_api.snapshot import Failure


def rule_context(
    context: ReportContext, kpis: Iterable[Kpi], teams: tuple[TeamRow, ...], token_expires: date | None
) -> RuleContext:
    """Build the context of the rules.

    Args:
        context: The context of the report.
        kpis: Every KPI of the report.
        teams: The teams that the report shows.
        token_expires: The day on which the API token expires; None if the profile does not have it.
    """
    return RuleContext(
        month=context.month,
        language=context.language,
        kpis={kpi.key: kpi for kpi in kpis},
        table=context.table,
        previous_figures=_previous_figures(context),
        teams=teams,
        sign_in=_sign_in(context),
        license_ends=_license_ends(context),
        token_expires=token_expires,
        notice_by=context.targets.notice_by,
    )


def _previous_figures(context: ReportContext) -> Mapping[str, Figure]:
    """Return the figures of the previous month's sealed report."""
    months = {month.month: month.figures for month in context.prior_reports.months}
    return months.get(str(context.previous), {})


def _sign_in(context: ReportContext) -> SignIn | None:
    """Return the sign-in settings; None if they were fetched too late to describe the month."""
    organization, answers = context.answers.organization, context.answers
    if answers.is_late(Endpoint.ORGANIZATION):
        return None
    return SignIn(saml=organization.saml_enabled, password=organization.username_password_enabled)


def _license_ends(context: ReportContext) -> date | None:
    terms = context.answers.license
    if isinstance(terms, Failure) or not context.accounts.has_license_of_month():
        return None
    if not isinstance(terms.expires_at, datetime):
        return None
    return terms.expires_at.astimezone(UTC).date()
