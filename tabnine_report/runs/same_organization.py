"""Check that a run's responses are those of the organization to which the archived reports of the profile belong."""

from tabnine_report.model.errors import BuildError
from tabnine_report.model.report import MonthlyReport
from tabnine_report.text.sanitizing import NAME_LENGTH, sanitize
from tabnine_report.usage_api.endpoints import Endpoint
from tabnine_report.usage_api.endpoints.organization import ORGANIZATION
from tabnine_report.usage_api.snapshot import Snapshot


def check_organization(snapshot: Snapshot, prior: MonthlyReport | None) -> None:
    """Check that the token is not that of another organization, whose figures the recipients must not receive.

    Args:
        snapshot: The responses.
        prior: An archived report of the profile; None if there is none.

    Raises:
        BuildError: If the token is that of another organization.
    """
    organization = ORGANIZATION.read(snapshot.fetches[Endpoint.ORGANIZATION])
    if prior is None or organization.id == prior.organization.id:
        return
    names = (organization.name or "no name", prior.organization.name)
    new, known = (sanitize(name, NAME_LENGTH) for name in names)
    raise BuildError(
        f"The token is that of another organization: {new} ({organization.id}). The archived report for {prior.month} "
        f"is that of {known} ({prior.organization.id}). Nothing was built or sent. Correct usage_api.token. If the "
        "organization has moved to another installation, give the profile another name."
    )
