"""The secrets of a profile stay in memory, even if Prefect is set to store the results of all tasks."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from prefect import flow
from prefect.settings import PREFECT_LOCAL_STORAGE_PATH, PREFECT_RESULTS_PERSIST_BY_DEFAULT, temporary_settings
from profile_file import write_profile

from tasks.read_note import read_note
from tasks.read_profile import read_profile

pytestmark = pytest.mark.usefixtures("_prefect")


async def test_opening_a_profile_writes_no_secret_to_a_result_or_a_log_line(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = write_profile(tmp_path, token="hush")

    @flow(name="read-a-profile")
    async def read() -> str:
        run = await read_profile(path, "2026-10", draft=False, at=datetime(2026, 11, 2, 6, 0, tzinfo=UTC))
        run = await read_note(run)
        return run.profile.name

    results = tmp_path / "results"
    with temporary_settings({PREFECT_RESULTS_PERSIST_BY_DEFAULT: True, PREFECT_LOCAL_STORAGE_PATH: str(results)}):
        assert await read() == "acme"

    stored = [file.read_bytes() for file in results.rglob("*") if file.is_file()]
    assert stored
    assert not [content for content in stored if b"hush" in content]
    assert "hush" not in caplog.text
