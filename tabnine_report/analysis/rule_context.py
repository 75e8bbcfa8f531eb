"""What the rules look at, taken from what the report is built from."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date

from tabnine_report.analysis.as_of import is_late
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
    """Gather what the rules look at.

    Args:
        context: What the report is built from.
        kpis: Every measure of the report.
        teams: The teams that it shows.
        token_expires: When the API token ends, as the profile says.
    """
    return RuleContext(
        month=context.month,
        language=context.language,
        kpis={kpi.key: kpi for kpi in kpis},
        earlier=_earlier(context),
        teams=teams,
        sign_in=_sign_in(context),
        license_ends=_license_ends(context),
        token_expires=token_expires,
        notice_by=context.targets.notice_by,
    )


def _earlier(context: ReportContext) -> Mapping[str, Figure]:
    """Give the figures of the month before as it was sealed."""
    months = {month.month: month.figures for month in context.prior_reports.months}
    return months.get(str(context.previous), {})


def _sign_in(context: ReportContext) -> SignIn | None:
    """Give how people may sign in, unless it was asked too late to be said of the month."""
    organization, answers = context.answers.organization, context.answers
    if is_late(answers.snapshot.fetches[Endpoint.ORGANIZATION], context.month):
        return None
    return SignIn(saml=organization.saml_enabled, password=organization.username_password_enabled)


def _license_ends(context: ReportContext) -> date | None:
    terms = context.answers.license
    if isinstance(terms, Failure) or terms.expires_at is None or not context.accounts.license_is_of_the_month():
        return None
    return terms.expires_at.astimezone(UTC).date()
