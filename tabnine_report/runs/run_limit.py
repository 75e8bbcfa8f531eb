"""The time limit of a whole run, which includes its patience with the API and with the mail server."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime

from tabnine_report.model.errors import ReportingError
from tabnine_report.profile.report_settings import ReportSettings


@asynccontextmanager
async def run_limit(settings: ReportSettings, began_at: datetime, now: datetime) -> AsyncIterator[None]:
    """End the block when the run's time is used up.

    Args:
        settings: The profile's settings.
        began_at: When the run began, or the first of the runs that it continues.
        now: The current time.

    Raises:
        ReportingError: If the time is used up.
    """
    minutes = settings.run_limit_minutes
    remaining = minutes * 60 - (now - began_at).total_seconds()
    try:
        async with asyncio.timeout(max(remaining, 0.0)) as limit:
            yield
    except TimeoutError:
        if not limit.expired():
            raise
        raise ReportingError(
            f"The run was ended because it took longer than {minutes:g} minutes (report.run_limit_minutes). "
            "The ledger shows which recipients have the report."
        ) from None
