"""What happens when a run cannot start: it is recorded, and the admins and their monitor are notified."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from flows.running.recording import record_in_time
from flows.running.run_heartbeat import ping_failed_start
from tabnine_report.runs.month_record import record_failed_start
from tasks.notify_admins import notify_admins_of_failed_start
from tasks.read_profile import resolve_reference


async def end_failed_start(
    profile: str,
    month: str,
    at: datetime,
    error: Exception,
    notify: Callable[[str, str, datetime, Exception], Awaitable[object]] = notify_admins_of_failed_start,
) -> None:
    """Record that a run could not start, and notify the admins and their monitor.

    Args:
        profile: The profile's name or path, as typed.
        month: The month, as typed.
        at: The scheduled time of the run, UTC.
        error: Why the run could not start.
        notify: Notifies the admins: a task, or its function where no flow runs.
    """
    await record_in_time(record_failed_start, profile, month, at, error, resolve_reference)
    await notify(profile, month, at, error)
    await ping_failed_start(profile)
