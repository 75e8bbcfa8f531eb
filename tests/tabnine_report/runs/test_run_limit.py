"""The time limit of a whole run."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from tabnine_report.model.errors import ReportingError
from tabnine_report.profile.report_settings import ReportSettings
from tabnine_report.runs.run_limit import run_limit

AT = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)
SETTINGS = ReportSettings(run_limit_minutes=240)


async def test_a_run_that_waits_too_long_ends_with_the_setting() -> None:
    with pytest.raises(ReportingError, match=r"longer than 0\.001 minutes \(report\.run_limit_minutes\)"):
        async with run_limit(ReportSettings(run_limit_minutes=0.001), AT, AT):
            await asyncio.Event().wait()


async def test_the_time_of_the_runs_that_a_run_continues_counts() -> None:
    with pytest.raises(ReportingError, match="longer than 240 minutes"):
        async with run_limit(SETTINGS, AT - timedelta(minutes=241), AT):
            await asyncio.Event().wait()


async def test_a_run_in_time_is_not_ended_and_its_own_timeouts_stay() -> None:
    async with run_limit(SETTINGS, AT - timedelta(minutes=239), AT):
        await asyncio.sleep(0)
    with pytest.raises(TimeoutError, match="of a step"):
        async with run_limit(SETTINGS, AT, AT):
            raise TimeoutError("of a step")
