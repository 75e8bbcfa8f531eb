"""Read the month's note."""

import asyncio

from tabnine_report.runs.context import RunContext, with_note
from tasks import step


# The result contains the profile's secrets, so it must stay in memory, regardless of Prefect's result settings.
@step("read-note", "read the note", persist_result=False)
async def read_note(run: RunContext) -> RunContext:
    """Return the run with the month's note.

    Raises:
        LedgerError: If the ledger, which may have the note, cannot be read.
        SettingsError: With every problem of the note.
    """
    return await asyncio.to_thread(with_note, run)
