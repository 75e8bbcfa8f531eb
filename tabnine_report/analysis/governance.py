"""The governance section: sign-in settings and account counts, compared with their expected state.

The expected states are this project's own recommendations; docs/metrics.md states the reasons.
"""

from dataclasses import dataclass
from datetime import datetime

from tabnine_report.analysis.governance_title import governance_title
from tabnine_report.analysis.reasons import too_late, without_value
from tabnine_report.analysis.report_context import ReportContext
from tabnine_report.model.figure import Figure, State
from tabnine_report.model.governance import Governance, Requirement, RequirementStatus
from tabnine_report.model.kpi import Kpi
from tabnine_report.usage_api.endpoints import Endpoint

FEWEST_ADMINS = 2
"""If the only admin is away, no one can grant access."""
MOST_ADMINS = 10
"""More admins are hard to review."""


@dataclass(frozen=True)
class _Settings:
    """The organization's sign-in settings; None for a setting that is not known."""

    saml: bool | None
    oauth: bool | None
    password: bool | None
    smtp: bool | None


def governance(context: ReportContext) -> Governance:
    """Build the governance section; an unknown setting never counts as off."""
    sign_in = _sign_in(context)
    accounts = (_admins(context), *_team_membership(context), _none_expected(context, context.monthly_kpi("pending")))
    title = governance_title((*sign_in, *accounts), context.language)
    return Governance(title=title, sign_in=sign_in, accounts=accounts)


def _team_membership(context: ReportContext) -> tuple[Requirement, ...]:
    """Return the requirements on membership in teams; none for an organization that has no teams."""
    if context.accounts.rows("teams").value == 0:
        return ()
    return (
        _none_expected(context, context.as_of_kpi("accounts_without_team", context.accounts.accounts_without_team())),
        _none_expected(context, context.as_of_kpi("deactivated_in_teams", context.accounts.deactivated_in_teams())),
    )


def _sign_in(context: ReportContext) -> tuple[Requirement, ...]:
    organization = context.api_data.organization
    settings = _Settings(
        saml=organization.saml_enabled,
        oauth=organization.oauth_enabled,
        password=organization.username_password_enabled,
        smtp=organization.smtp_configured,
    )
    if _is_late(context):
        settings = _Settings(saml=None, oauth=None, password=None, smtp=None)
    return (
        _setting(context, "saml", "samlEnabled", settings.saml, met=settings.saml),
        _setting(context, "oauth", "oauthEnabled", settings.oauth, met=_is_closed(settings.oauth, settings.saml)),
        _setting(
            context,
            "password",
            "usernamePasswordEnabled",
            settings.password,
            met=_is_closed(settings.password, _either(settings.saml, settings.oauth)),
        ),
        _setting(context, "smtp", "smtpConfigured", settings.smtp, met=settings.smtp),
    )


def _is_closed(method: bool | None, better_method: bool | None) -> bool | None:  # noqa: FBT001 - two facts, not switches
    """Return whether a sign-in method is off, or no better one is on; None if that is not known."""
    if method is None:
        # Without a better method, either state is fine; otherwise the result depends on the unknown setting.
        return True if better_method is False else None
    if not method:
        return True
    return None if better_method is None else not better_method


def _either(first: bool | None, second: bool | None) -> bool | None:  # noqa: FBT001 - two facts, not switches
    """Return whether at least one of two settings is on; None if that is not known."""
    if first or second:
        return True
    return False if first is False and second is False else None


def _setting(context: ReportContext, key: str, field: str, value: bool | None, *, met: bool | None) -> Requirement:  # noqa: FBT001 - a fact, not a switch
    translate = context.language.translate
    actual = "governance.unknown" if value is None else "governance.on" if value else "governance.off"
    return Requirement(
        key=key,
        label=translate(f"governance.{key}"),
        actual=translate(actual),
        expected=translate(f"governance.{key}_expected"),
        status=_status(met),
        as_of=None if value is None else _fetched_at(context),
        note=_why_unknown(context, field) if value is None else "",
        advice=translate(f"governance_advice.{key}") if met is False else "",
    )


def _why_unknown(context: ReportContext, field: str) -> str:
    translate = context.language.translate
    if not _is_late(context):
        return without_value(context.language, context.api_data.organization, field)
    return too_late(translate("governance.settings"), Endpoint.ORGANIZATION, context.api_data, context.language)


def _admins(context: ReportContext) -> Requirement:
    figure, language = context.accounts.admins(), context.language
    met = FEWEST_ADMINS <= (figure.value or 0) <= MOST_ADMINS if figure.state is State.MEASURED else None
    expected = language.translate(
        "governance.admins_expected", fewest=language.count(FEWEST_ADMINS), most=language.count(MOST_ADMINS)
    )
    advice = "admins_few" if (figure.value or 0) < FEWEST_ADMINS else "admins_many"
    return _count(context, context.as_of_kpi("admins", figure), expected, advice, met=met)


def _none_expected(context: ReportContext, kpi: Kpi) -> Requirement:
    met = kpi.figure.value == 0 if kpi.figure.known else None
    return _count(context, kpi, context.language.translate("governance.none"), kpi.key, met=met)


def _count(context: ReportContext, kpi: Kpi, expected: str, advice: str, *, met: bool | None) -> Requirement:
    return Requirement(
        key=kpi.key,
        label=kpi.label,
        actual=context.language.qualified(kpi.figure),
        expected=expected,
        status=_status(met),
        as_of=kpi.figure.as_of,
        note=kpi.note or _period(context, kpi.figure),
        advice=context.language.translate(f"governance_advice.{advice}") if met is False else "",
        kpi=kpi,
    )


def _period(context: ReportContext, figure: Figure) -> str:
    """Return the month's end that a figure belongs to; empty for a current figure, which has its as-of date."""
    if figure.as_of is not None:
        return ""
    return context.language.translate("governance.at_the_end", month=context.language.month(context.month))


def _status(met: bool | None) -> RequirementStatus:  # noqa: FBT001 - a fact, not a switch
    if met is None:
        return RequirementStatus.NOT_KNOWN
    return RequirementStatus.MET if met else RequirementStatus.NOT_MET


def _fetched_at(context: ReportContext) -> datetime:
    return context.api_data.received_at(Endpoint.ORGANIZATION)


def _is_late(context: ReportContext) -> bool:
    return context.api_data.is_late(Endpoint.ORGANIZATION)
