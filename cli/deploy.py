"""`tabnine-report deploy`: creates the deployments of the profiles in Prefect."""

import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Annotated

from cyclopts import Parameter
from prefect.client.orchestration import SyncPrefectClient
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cli.terminal import print_error, print_line
from flows.deploying.automations import DeployedAutomation, deploy_automations
from flows.deploying.deployments import (
    WORK_POOL,
    Deployed,
    create_work_pool,
    deploy_fleet,
    deploy_profile,
    deploy_watchdog,
    fleet_deployment,
)
from flows.deploying.orphaned_deployments import orphaned_deployments
from flows.prefect_server import prefect_client
from tabnine_report.model.errors import SettingsError
from tabnine_report.profile.reading import DeploymentSettings
from tabnine_report.runs.profile_file import all_profiles, deployed_name, deployment_settings_of, profiles_folder

_INVALID = 2
_UNLIMITED_WIDTH = 1000


def deploy(
    *,
    profile: tuple[str, ...] = (),
    work_pool: str = WORK_POOL,
    fleet: Annotated[bool | None, Parameter(negative="--no-fleet")] = None,
    prune: Annotated[bool, Parameter(negative=())] = False,
) -> int:
    """Create or update in Prefect each profile's report and its admins' forms, and the watchdog with its automations.

    Needs no secrets. Running it again changes nothing.

    Args:
        profile: The profile: a name in the profiles folder, or the path of a file. Repeat the option for several
            profiles; by default, all profiles in the folder, except for the example.
        work_pool: The work pool, which is created if it is missing.
        fleet: Start the reports of all profiles from one schedule, whenever one is due, instead of a schedule for each.
            Default: keep the current mode.
        prune: Delete deployments whose profile no longer exists, instead of only listing them.
    """
    profiles, problems = _read_profiles(profile or all_profiles())
    with prefect_client() as client:
        if create_work_pool(client, work_pool):
            print_line(f"Created the work pool {work_pool}.")
        former_fleet = fleet_deployment(client)
        is_fleet = fleet if fleet is not None else former_fleet is not None
        deployed = [
            deployment
            for name, settings in profiles.items()
            for deployment in deploy_profile(client, name, settings, work_pool, has_schedule=not is_fleet)
        ]
        if profiles:
            deployed.append(deploy_watchdog(client, work_pool))
        if profiles and is_fleet:
            deployed.append(deploy_fleet(client, work_pool))
        rows = [_row(deployment) for deployment in deployed]
        if profiles:
            rows += [_row_of_automation(automation) for automation in deploy_automations(client)]
        if former_fleet is not None and not is_fleet:
            client.delete_deployment(former_fleet)
            rows.append(("due/fleet", "deleted", "each profile has its schedule"))
        _print([*rows, *_orphaned_rows(client, prune=prune)])
    for problem in problems:
        print_error(str(problem))
    return _INVALID if problems else 0


def _read_profiles(names: Iterable[str]) -> tuple[dict[str, DeploymentSettings], list[SettingsError]]:
    """Return the settings of the valid profiles among those named, and the problems of the others."""
    profiles, problems = {}, []
    for name in names:
        try:
            profiles[deployed_name(name)] = deployment_settings_of(name)
        except SettingsError as error:
            problems.append(error)
    if not profiles and not problems:
        problems.append(
            SettingsError(f"Folder {profiles_folder()}", ["contains no profile. Write one with tabnine-report init"])
        )
    organizations = _profiles_by_organization(profiles)
    for profile, settings in list(profiles.items()):
        if others := organizations[settings.name] - {profile}:
            problem = f"has the same organization name as {min(others)} ({settings.name}). Use a unique name"
            problems.append(SettingsError(f"Profile {profile}", [problem]))
            del profiles[profile]
    return profiles, problems


def _profiles_by_organization(profiles: dict[str, DeploymentSettings]) -> dict[str, set[str]]:
    """Return which profiles have which organization's name, among these and all others in the folder."""
    organizations = defaultdict(set)
    for profile in {*profiles, *all_profiles()}:
        with suppress(SettingsError):
            settings = profiles.get(profile) or deployment_settings_of(profile)
            organizations[settings.name].add(profile)
    return organizations


def _row(deployed: Deployed) -> tuple[str, ...]:
    next_run = f"{deployed.next_run:%Y-%m-%d %H:%M}" if deployed.next_run else "paused" if deployed.schedule else ""
    return (deployed.name, deployed.outcome, deployed.schedule or "manually", next_run)


def _row_of_automation(automation: DeployedAutomation) -> tuple[str, ...]:
    return (automation.name, automation.outcome, "by event", "" if automation.is_enabled else "disabled")


def _orphaned_rows(client: SyncPrefectClient, *, prune: bool) -> Iterator[tuple[str, ...]]:
    """Yield the rows of orphaned deployments; delete these deployments if `prune` is set."""
    for orphan in list(orphaned_deployments(client)):
        if prune and orphan.is_ours:
            client.delete_deployment(orphan.id)
            yield orphan.name, "deleted", orphan.reason
        else:
            yield orphan.name, "ORPHANED", f"{orphan.reason}; --prune deletes it" if orphan.is_ours else orphan.reason


def _print(rows: list[tuple[str, ...]]) -> None:
    table = Table("Deployment", "Result", "Schedule", "Next run", box=None, pad_edge=False)
    for row in rows:
        table.add_row(*map(Text, row))
    if rows:
        # Outside a terminal, each row is one line.
        Console(highlight=False, width=None if sys.stdout.isatty() else _UNLIMITED_WIDTH).print(table)
