"""Read the month's note."""

import asyncio

from prefect import task
from prefect.cache_policies import NO_CACHE

from tabnine_report.runs.context import RunContext, with_note


# The result holds the profile's secrets: it must stay in memory, whatever Prefect's settings say about results.
@task(name="read-note", task_run_name="read the note", cache_policy=NO_CACHE, persist_result=False)
async def read_note(run: RunContext) -> RunContext:
    """Return the run with the month's note.

    Raises:
        SettingsError: With every problem of the note.
    """
    return await asyncio.to_thread(with_note, run)
