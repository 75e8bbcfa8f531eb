"""Governance: the settings and numbers of accounts that an admin keeps in order, and whether they are.

What each should be is this project's own view, said beside each: docs/metrics.md gives the reasons.
"""

from dataclasses import dataclass
from datetime import datetime

from tabnine_report.analysis.as_of import is_late
from tabnine_report.analysis.report_context import ReportContext
from tabnine_report.model.figure import Figure
from tabnine_report.model.governance import Governance, Requirement, Standing
from tabnine_report.model.kpi import Kpi
from tabnine_report.usage_api.endpoints import Endpoint

FEWEST_ADMINS = 2
"""With one alone, nobody can let people in when that one is away."""
MOST_ADMINS = 10
"""More than can be looked over in one glance."""


@dataclass(frozen=True)
class _Settings:
    """The organization's settings; None where one is not known, for the reason that is given."""

    saml: bool | None
    oauth: bool | None
    password: bool | None
    smtp: bool | None


def governance(context: ReportContext) -> Governance:
    """Build the section on governance; what is not known is never taken for a no."""
    sign_in = _sign_in(context)
    accounts = (
        _admins(context),
        _none_wanted(context, context.as_of_kpi("accounts_without_team", context.accounts.accounts_without_team())),
        _none_wanted(context, context.as_of_kpi("deactivated_in_teams", context.accounts.deactivated_in_teams())),
        _none_wanted(context, context.monthly_kpi("pending")),
    )
    return Governance(title=_title(context, (*sign_in, *accounts)), sign_in=sign_in, accounts=accounts)


def _sign_in(context: ReportContext) -> tuple[Requirement, ...]:
    organization = context.answers.organization
    told = _Settings(
        saml=organization.saml_enabled,
        oauth=organization.oauth_enabled,
        password=organization.username_password_enabled,
        smtp=organization.smtp_configured,
    )
    if _came_late(context):
        told = _Settings(saml=None, oauth=None, password=None, smtp=None)
    return (
        _setting(context, "saml", "samlEnabled", told.saml, met=told.saml),
        _setting(context, "oauth", "oauthEnabled", told.oauth, met=_closed(told.oauth, told.saml)),
        _setting(
            context,
            "password",
            "usernamePasswordEnabled",
            told.password,
            met=_closed(told.password, _either(told.saml, told.oauth)),
        ),
        _setting(context, "smtp", "smtpConfigured", told.smtp, met=told.smtp),
    )


def _closed(way_in: bool | None, better_way: bool | None) -> bool | None:  # noqa: FBT001 - two facts, not switches
    """Tell whether a way in is closed where there is a better one; None where that cannot be told."""
    if way_in is None:
        # Where there is no better way, it may be open; otherwise it depends on what is not known.
        return True if better_way is False else None
    if not way_in:
        return True
    return None if better_way is None else not better_way


def _either(one: bool | None, other: bool | None) -> bool | None:  # noqa: FBT001 - two facts, not switches
    """Tell whether one of two things is so; None where the ones that are known leave it open."""
    if one or other:
        return True
    return False if one is False and other is False else None


def _setting(context: ReportContext, key: str, field: str, told: bool | None, *, met: bool | None) -> Requirement:  # noqa: FBT001 - a fact, not a switch
    translate = context.language.translate
    found = "governance.unknown" if told is None else "governance.on" if told else "governance.off"
    return Requirement(
        key=key,
        label=translate(f"governance.{key}"),
        found=translate(found),
        wanted=translate(f"governance.{key}_wanted"),
        standing=_standing(met),
        as_of=None if told is None else _asked_at(context),
        note=_why_unknown(context, field) if told is None else "",
    )


def _why_unknown(context: ReportContext, field: str) -> str:
    translate = context.language.translate
    if not _came_late(context):
        return translate("reason.field_absent_now", field=field)
    day = context.language.day_of(_asked_at(context))
    return translate("reason.too_late", what=translate("governance.settings"), day=day)


def _admins(context: ReportContext) -> Requirement:
    figure, language = context.accounts.admins(), context.language
    met = None if figure.value is None else FEWEST_ADMINS <= figure.value <= MOST_ADMINS
    wanted = language.translate(
        "governance.admins_wanted", fewest=language.count(FEWEST_ADMINS), most=language.count(MOST_ADMINS)
    )
    return _number(context, context.as_of_kpi("admins", figure), wanted, met=met)


def _none_wanted(context: ReportContext, kpi: Kpi) -> Requirement:
    met = kpi.figure.value == 0 if kpi.figure.known else None
    return _number(context, kpi, context.language.translate("governance.none"), met=met)


def _number(context: ReportContext, kpi: Kpi, wanted: str, *, met: bool | None) -> Requirement:
    return Requirement(
        key=kpi.key,
        label=kpi.label,
        found=context.language.qualified(kpi.figure),
        wanted=wanted,
        standing=_standing(met),
        as_of=kpi.figure.as_of,
        note=kpi.note or _period(context, kpi.figure),
        kpi=kpi,
    )


def _period(context: ReportContext, figure: Figure) -> str:
    """Say of which month's end a number is; nothing where it is of now and has its date."""
    if figure.as_of is not None:
        return ""
    return context.language.translate("governance.at_the_end", month=context.language.month(context.month))


def _standing(met: bool | None) -> Standing:  # noqa: FBT001 - a fact, not a switch
    if met is None:
        return Standing.NOT_KNOWN
    return Standing.MET if met else Standing.NOT_MET


def _asked_at(context: ReportContext) -> datetime:
    return context.answers.received_at(Endpoint.ORGANIZATION)


def _came_late(context: ReportContext) -> bool:
    return is_late(context.answers.snapshot.fetches[Endpoint.ORGANIZATION], context.month)


def _title(context: ReportContext, requirements: tuple[Requirement, ...]) -> str:
    language = context.language
    number = {standing: sum(one.standing is standing for one in requirements) for standing in Standing}
    met, unknown = number[Standing.MET], number[Standing.NOT_KNOWN]
    key = "governance.title_unknown" if unknown else "governance.title"
    return language.translate(
        key,
        count=met,
        met=language.count(met),
        all=language.count(len(requirements)),
        unknown=language.count(unknown),
    )
