"""Ping the monitor of `admins.heartbeat_url` when a run begins and ends."""

import asyncio
from contextlib import suppress

from tabnine_report.deliver.heartbeat import Signal, ping
from tabnine_report.profile.reading import read_admin_contacts
from tabnine_report.runs.context import RunContext
from tabnine_report.runs.profile_file import profile_path
from tabnine_report.runs.result import RunResult
from tasks.read_profile import resolve_reference


async def ping_start(run: RunContext) -> None:
    """Report that a run has begun. A monitor does not expect drafts."""
    if not run.draft:
        await ping(run.profile.admins, run.profile.network, Signal.START)


async def ping_end(run: RunContext, result: RunResult) -> None:
    """Report how a run ended."""
    if not run.draft:
        signal = Signal.FAIL if result.status.is_failure else Signal.SUCCESS
        await ping(run.profile.admins, run.profile.network, signal)


async def ping_failed_start(profile: str) -> None:
    """Report that a run could not start, if its profile names a monitor."""
    with suppress(Exception):  # the profile cannot be read
        path = profile_path(profile)
        contacts = await asyncio.to_thread(read_admin_contacts, path, resolve_reference)
        await ping(contacts.admins, contacts.network, Signal.FAIL)
