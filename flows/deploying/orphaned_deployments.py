"""Find orphaned deployments: those whose profile no longer exists. Each of them would fail every month."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterTags
from prefect.client.schemas.responses import DeploymentResponse

from flows.deploying.deployment_marks import PROFILES_VARIABLE, TAG
from tabnine_report.model.errors import SettingsError
from tabnine_report.runs.profile_file import deployment_settings_of, profile_path, profiles_folder

_PAGE = 200


@dataclass(frozen=True)
class OrphanedDeployment:
    """A deployment whose profile no longer exists, or now belongs to another organization.

    Attributes:
        id: Its ID.
        name: The names of its flow and its own, such as `monthly-report/acme`.
        reason: Why it is orphaned.
        is_ours: Whether it was created from this profiles folder. Only then can it be deleted here.
    """

    id: UUID
    name: str
    reason: str
    is_ours: bool


def orphaned_deployments(client: SyncPrefectClient) -> Iterator[OrphanedDeployment]:
    """Yield the deployments whose profile no longer exists, or now belongs to another organization."""
    ours = profiles_folder().resolve()
    for deployment in _deployments(client):
        if "profile" not in deployment.parameters:  # the watchdog's
            continue
        profile = str(deployment.parameters["profile"])
        folder = Path(deployment.job_variables.get("env", {}).get(PROFILES_VARIABLE, ""))
        reason = _reason(profile, deployment.name) if folder == ours else _reason_elsewhere(profile, folder)
        if reason:
            name = f"{client.read_flow(deployment.flow_id).name}/{deployment.name}"
            yield OrphanedDeployment(deployment.id, name, reason, folder == ours)


def _deployments(client: SyncPrefectClient) -> Iterator[DeploymentResponse]:
    tagged = DeploymentFilter(tags=DeploymentFilterTags(all_=[TAG]))
    offset = 0
    while page := client.read_deployments(deployment_filter=tagged, limit=_PAGE, offset=offset):
        yield from page
        offset += _PAGE


def _reason(profile: str, organization: str) -> str:
    """Return why a deployment from this profiles folder is orphaned; empty if it is not."""
    try:
        profile_path(profile)
    except SettingsError:
        return f"there is no profile {profile}"
    try:
        name = deployment_settings_of(profile).name
    except SettingsError:
        return ""  # The invalid profile is reported. Its deployment may be correct again when the profile is corrected.
    return "" if name == organization else f"the profile {profile} now belongs to {name}"


def _reason_elsewhere(profile: str, folder: Path) -> str:
    """Return why a deployment from another profiles folder is orphaned; empty if it is not."""
    exists = any(file.is_file() for file in (folder / f"{profile}.toml", Path(profile)))
    return "" if exists else f"created from another folder, {folder}"
