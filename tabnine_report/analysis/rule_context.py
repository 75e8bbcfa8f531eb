"""What the rules look at, taken from what the report is built from."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date

from tabnine_report.analysis.as_of import is_late
from tabnine_report.analysis.report_context import Material
from tabnine_report.analysis.rules.rule import Grounds, SignIn
from tabnine_report.model.figure import Figure
from tabnine_report.model.kpi import Measure
from tabnine_report.model.sections import TeamRow
from tabnine_report.usage_api.endpoints import Endpoint
from tabnine_report.usage_api.snapshot import Failure


def grounds(
    material: Material, measures: Iterable[Measure], teams: tuple[TeamRow, ...], token_expires: date | None
) -> Grounds:
    """Gather what the rules look at.

    Args:
        material: What the report is built from.
        measures: Every measure of the report.
        teams: The teams that it shows.
        token_expires: When the API token ends, as the profile says.
    """
    return Grounds(
        month=material.month,
        language=material.language,
        measures={measure.key: measure for measure in measures},
        earlier=_earlier(material),
        teams=teams,
        sign_in=_sign_in(material),
        licence_ends=_licence_ends(material),
        token_expires=token_expires,
        notice_by=material.targets.notice_by,
    )


def _earlier(material: Material) -> Mapping[str, Figure]:
    """Give the figures of the month before as it was sealed."""
    months = {month.month: month.figures for month in material.inputs.months}
    return months.get(str(material.previous), {})


def _sign_in(material: Material) -> SignIn | None:
    """Give how people may sign in, unless it was asked too late to be said of the month."""
    organization, answers = material.answers.organization, material.answers
    if is_late(answers.snapshot.fetches[Endpoint.ORGANIZATION], material.month):
        return None
    return SignIn(saml=organization.saml_enabled, password=organization.username_password_enabled)


def _licence_ends(material: Material) -> date | None:
    licence = material.answers.license
    if isinstance(licence, Failure) or licence.expires_at is None or not material.accounts.licence_is_of_the_month():
        return None
    return licence.expires_at.astimezone(UTC).date()
