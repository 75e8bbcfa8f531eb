"""Open a profile; environment variables and Prefect's Secret blocks supply its secrets."""

import asyncio
import os
from datetime import datetime
from typing import Any, cast

from tabnine_report.model.errors import SettingsError
from tabnine_report.profile.profile import Profile
from tabnine_report.profile.profile_parts import ArchiveProfile, FormProfile, LedgerProfile
from tabnine_report.profile.references import ReferenceKind
from tabnine_report.runs.context import RunContext, load_context
from tabnine_report.runs.profile_file import load_part_of_profile, load_profile_of_run
from tasks import step

SECRET_SECONDS = 10.0
"""How long the Prefect server may take for one attempt to look up a secret."""
SECRET_RETRIES = 2
"""How often a lookup is repeated; by Prefect's defaults, a silent server would take six minutes for each secret."""


# The result contains the profile's secrets, so it must stay in memory, regardless of Prefect's result settings.
@step("read-profile", "read the profile", persist_result=False)
async def read_profile(profile: str, month: str, draft: bool, at: datetime) -> RunContext:  # noqa: FBT001 - a parameter of the flow
    """Open the profile and choose the month.

    Args:
        profile: A profile's name or path.
        month: `YYYY-MM`, or `last complete month`.
        draft: Whether the run builds a draft.
        at: The scheduled time of the run, UTC.

    Raises:
        SettingsError: With every problem of the profile.
        MonthError: If the month cannot be reported.
    """
    return await asyncio.to_thread(open_run, profile, month, draft=draft, at=at)


def open_run(profile: str, month: str, *, draft: bool, at: datetime) -> RunContext:
    """Open the profile and choose the month, without a task; see `read_profile`."""
    return load_context(profile, month, draft=draft, at=at, resolve=resolve_reference)


def open_profile(profile: str) -> Profile:
    """Open a profile for a command that needs no month.

    Raises:
        SettingsError: With every problem of the profile.
    """
    return load_profile_of_run(profile, resolve_reference)


def open_form_profile(profile: str) -> FormProfile:
    """Open the part of a profile that a form needs: the same as `open_ledger_profile`, and what Prefect may store.

    Raises:
        SettingsError: With every problem of this part.
    """
    return load_part_of_profile(profile, FormProfile, resolve_reference)


def open_ledger_profile(profile: str) -> LedgerProfile:
    """Open the part of a profile that a command on the ledger needs, without the secrets of the API and the channels.

    Raises:
        SettingsError: With every problem of this part.
    """
    return load_part_of_profile(profile, LedgerProfile, resolve_reference)


def open_archive_profile(profile: str) -> ArchiveProfile:
    """Open the part of a profile that a command on the archive needs, which has no secrets.

    Raises:
        SettingsError: With every problem of this part.
    """
    return load_part_of_profile(profile, ArchiveProfile, resolve_reference)


def resolve_reference(kind: ReferenceKind, name: str) -> str | None:
    """Return the value of an environment variable or a Prefect Secret block; None if it does not exist.

    Blocks until the Prefect server responds.

    Raises:
        SettingsError: If the Prefect server cannot be reached.
    """
    if kind == "environment":
        return os.environ.get(name)
    # Only profiles with Secret blocks need their import time.
    from prefect.blocks.system import Secret  # noqa: PLC0415 - see above
    from prefect.exceptions import ObjectNotFound  # noqa: PLC0415 - see above
    from prefect.settings import (  # noqa: PLC0415 - see above
        PREFECT_API_REQUEST_TIMEOUT,
        PREFECT_CLIENT_MAX_RETRIES,
        temporary_settings,
    )

    try:
        limits = {PREFECT_API_REQUEST_TIMEOUT: SECRET_SECONDS, PREFECT_CLIENT_MAX_RETRIES: SECRET_RETRIES}
        with temporary_settings(limits):
            block = cast("Secret[Any]", Secret.load(name, _sync=True))  # type: ignore[call-arg]
    except Exception as error:
        if isinstance(error.__cause__, ObjectNotFound) and _is_prefect_server():
            return None
        problem = (
            f"cannot be looked up ({type(error).__name__}). Check that the server of PREFECT_API_URL is running and, "
            "if it requires a login, PREFECT_API_AUTH_STRING or PREFECT_API_KEY"
        )
        raise SettingsError(f"The secret {name}", [problem]) from error
    value = block.get()
    return value if isinstance(value, str) else None


def _is_prefect_server() -> bool:
    """Return whether a Prefect server responds: a proxy in front of a dead one answers that nothing exists."""
    from prefect import get_client  # noqa: PLC0415 - see above

    with get_client(sync_client=True) as client:
        return client.api_healthcheck() is None
