"""Opening a profile by name or path, with the environment and Prefect's secrets behind its references."""

import os
import re
from pathlib import Path
from typing import Any, cast

from tabnine_report.model.errors import SettingsError
from tabnine_report.profile.ephemeral_storage import ephemeral_storage_sign
from tabnine_report.profile.profile import Profile
from tabnine_report.profile.reading import ReferenceKind, load_profile

PROFILES = Path(__file__).resolve().parent.parent / "profiles"
_NAME = re.compile(r"[A-Za-z0-9_-]+")


def profiles_folder() -> Path:
    """Give the folder where profiles are found by name: `$TABNINE_REPORT_PROFILES`, or the project's own."""
    return Path(os.environ.get("TABNINE_REPORT_PROFILES") or PROFILES)


def profile_path(profile: str) -> Path:
    """Give the file that a profile's name or path means.

    Raises:
        SettingsError: If there is no such file; the message names the profiles that there are.
    """
    folder = profiles_folder()
    path = folder / f"{profile}.toml" if _NAME.fullmatch(profile) else Path(profile).expanduser()
    if path.is_file():
        return path
    there = ", ".join(sorted(file.stem for file in folder.glob("*.toml"))) or "none"
    raise SettingsError(f"Profile {profile}", [f"there is no file {path}; profiles known by name in {folder}: {there}"])


def open_profile(profile: str) -> Profile:
    """Read a profile by its name or path. Blocks while secrets are looked up: call it in a thread from a flow.

    Raises:
        SettingsError: With every problem of the profile, or if the ledger would be lost with this container.
    """
    path = profile_path(profile)
    opened = load_profile(path, look_up)
    file = opened.archive.ledger_file
    if file is not None and not opened.archive.durable and (sign := ephemeral_storage_sign(file, os.environ)):
        problem = (
            f"archive.ledger is a file in a container ({sign}), and with it would be lost who had what: name a "
            "PostgreSQL database, or say archive.durable = true where the file stays"
        )
        raise SettingsError(f"Profile {path}", [problem])
    return opened


def look_up(kind: ReferenceKind, name: str) -> str | None:
    """Look a reference up: an environment variable, or a Prefect Secret block. None if it is not there."""
    if kind == "environment":
        return os.environ.get(name)
    from prefect.blocks.system import Secret  # noqa: PLC0415 - only a profile that names a block waits for Prefect

    try:
        block = cast("Secret[Any]", Secret.load(name, _sync=True))  # type: ignore[call-arg]
    except ValueError:
        return None
    except Exception as error:
        problem = f"cannot be looked up ({type(error).__name__}): see that the server of PREFECT_API_URL answers"
        raise SettingsError(f"The secret {name}", [problem]) from error
    value = block.get()
    return value if isinstance(value, str) else None
