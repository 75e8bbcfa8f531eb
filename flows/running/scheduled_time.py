"""The time that a flow run was scheduled for, which decides its month however late it starts."""

from datetime import datetime

from prefect import runtime

from tabnine_report.runs import clock


def scheduled_at() -> datetime:
    """Return the scheduled time of the run; a run that starts late still reports the month that it was meant for."""
    if clock.is_rehearsing():
        return clock.now()
    scheduled: datetime | None = runtime.flow_run.scheduled_start_time
    return scheduled or clock.now()
