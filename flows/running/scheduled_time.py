"""The time that a flow run was scheduled for, which decides its month even if it starts late."""

from datetime import datetime

from prefect import runtime

from tabnine_report.runs import clock


def scheduled_at() -> datetime:
    """Return the scheduled time of the run, which decides its month even if the run starts late."""
    if clock.is_rehearsing():
        return clock.now()
    scheduled: datetime | None = runtime.flow_run.scheduled_start_time
    return scheduled or clock.now()
