"""Find and open the profile that a run or a command names."""

import os
import re
from contextlib import suppress
from pathlib import Path

from tabnine_report.model.errors import SettingsError
from tabnine_report.profile.ephemeral_storage import ephemeral_storage_sign
from tabnine_report.profile.profile import Profile
from tabnine_report.profile.profile_parts import LedgerProfile
from tabnine_report.profile.reading import (
    AnyProfile,
    DeploymentSettings,
    load_part,
    load_profile,
    read_deployment_settings,
)
from tabnine_report.profile.references import ReferenceKind, Resolver
from tabnine_report.text.sanitizing import sanitize

PROFILES = Path(__file__).resolve().parents[2] / "profiles"
EXAMPLE = "example"
"""The profile that people copy; it belongs to no organization."""
DEMO = "demo"
"""The profile of the demo, which needs the sandbox; its reports have no recipients."""
_NAME = re.compile(r"[A-Za-z0-9_-]+")
_SHOWN_LENGTH = 300
"""How many characters of a typed profile an error shows."""


def profiles_folder() -> Path:
    """Return the folder of named profiles: `$TABNINE_REPORT_PROFILES`, or the project's own."""
    return Path(os.environ.get("TABNINE_REPORT_PROFILES") or PROFILES)


def profile_path(profile: str) -> Path:
    """Return the file of a profile.

    Args:
        profile: A name in the profiles folder, or the path of a file.

    Raises:
        SettingsError: If the file does not exist; the message lists the available profiles.
    """
    folder = profiles_folder()
    path = folder / f"{profile}.toml" if _NAME.fullmatch(profile) else Path(profile)
    # An impossible path, such as a too long one, or that of an unknown user's home, is that of no file.
    with suppress(OSError, RuntimeError):
        path = path.expanduser()
        if path.is_file():
            return path
    available = ", ".join(sorted(file.stem for file in folder.glob("*.toml"))) or "none"
    typed, missing = (sanitize(str(text), _SHOWN_LENGTH) for text in (profile, path))
    raise SettingsError(f"Profile {typed}", [f"there is no file {missing}. Profiles in {folder}: {available}"])


def all_profiles() -> list[str]:
    """Return the profiles of the profiles folder, except for the example, as `profile_path` accepts them."""
    files = sorted(file for file in profiles_folder().glob("*.toml") if file.stem != EXAMPLE)
    return [file.stem if _NAME.fullmatch(file.stem) else str(file) for file in files]


def profiles_with_recipients() -> list[str]:
    """Return the same without the demo."""
    return [profile for profile in all_profiles() if profile != DEMO]


def deployed_name(profile: str) -> str:
    """Return a profile as a deployment names it: its name in the profiles folder, or the absolute path of its file.

    Raises:
        SettingsError: If the file does not exist.
    """
    file = profile_path(profile).resolve()
    is_named = file.parent == profiles_folder().resolve() and _NAME.fullmatch(file.stem)
    return file.stem if is_named else str(file)


def deployment_settings_of(profile: str) -> DeploymentSettings:
    """Read what a deployment needs of a profile; use environment variables where they are set, and no secrets.

    Args:
        profile: A name in the profiles folder, or the path of a file.

    Raises:
        SettingsError: With every problem that can be found without the secrets.
    """

    def resolve(kind: ReferenceKind, name: str) -> str | None:
        return os.environ.get(name) if kind == "environment" else None

    return read_deployment_settings(profile_path(profile), resolve)


def variables_of(profile: str) -> list[str]:
    """Return the names of the environment variables that a profile refers to.

    Args:
        profile: A name in the profiles folder, or the path of a file.
    """
    names: set[str] = set()

    def resolve(kind: ReferenceKind, name: str) -> str | None:
        if kind == "environment":
            names.add(name)
        return None

    with suppress(SettingsError):
        read_deployment_settings(profile_path(profile), resolve)
    return sorted(names)


def load_profile_of_run(profile: str, resolve: Resolver) -> Profile:
    """Read and check a profile.

    Args:
        profile: A name in the profiles folder, or the path of a file.
        resolve: Looks up the references to environment variables and secrets.

    Raises:
        SettingsError: With every problem of the profile, or if the ledger would be lost with its container.
    """
    path = profile_path(profile)
    settings = load_profile(path, resolve)
    _check_ledger_file(path, settings)
    return settings


def load_part_of_profile(profile: str, part: type[AnyProfile], resolve: Resolver) -> AnyProfile:
    """Read and check the part of a profile that a command needs.

    Args:
        profile: A name in the profiles folder, or the path of a file.
        part: The part; the secrets of other parts are not looked up.
        resolve: Looks up the references to environment variables and secrets.

    Raises:
        SettingsError: With every problem of this part, or if the ledger would be lost with its container.
    """
    path = profile_path(profile)
    settings = load_part(path, part, resolve)
    if isinstance(settings, LedgerProfile):
        _check_ledger_file(path, settings)
    return settings


def _check_ledger_file(path: Path, settings: LedgerProfile) -> None:
    archive, ledger = settings.archive, settings.archive.ledger_file
    if ledger is not None and not archive.ledger_durable and (sign := ephemeral_storage_sign(ledger, os.environ)):
        problem = (
            f"archive.ledger is a file in a container ({sign}). The delivery record would be lost with the container. "
            "Use a PostgreSQL database. If the file is on durable storage, set archive.ledger_durable = true"
        )
        raise SettingsError(f"Profile {path}", [problem])
