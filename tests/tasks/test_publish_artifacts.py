"""Artifacts are optional: if the Prefect server fails or does not respond, a run lacks only its artifacts."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from prefect.server.database.configurations import AioSqliteConfiguration
from prefect.settings import PREFECT_API_URL, temporary_settings
from profile_file import write_profile
from sample_report import sample_report
from upath import UPath

from tabnine_report.model.errors import SettingsError
from tabnine_report.runs import process_end
from tabnine_report.runs.result import RunOutput, RunResult
from tabnine_report.runs.status import RunStatus
from tasks import publish_artifacts as module
from tasks import shows_details
from tasks.publish_artifacts import publish_artifacts, publish_failed_start
from tasks.read_profile import open_run

AT = datetime(2026, 11, 2, 6, tzinfo=UTC)
Published = dict[str, dict[str, Any]]


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch) -> Published:
    """Return the artifacts that are published from now on, by key."""
    artifacts: Published = {}

    async def publish(*, key: str, **content: Any) -> None:
        artifacts[key] = content

    monkeypatch.setattr(module, "acreate_markdown_artifact", publish)
    monkeypatch.setattr(module, "acreate_link_artifact", publish)
    return artifacts


def result(*, link: str = "", draft: bool = False) -> RunResult:
    report = sample_report(draft=draft)
    return RunResult.of_report(RunStatus.DRAFT if draft else RunStatus.ARCHIVED, RunOutput(report, UPath(), link))


async def test_the_report_and_its_link_are_published(published: Published, tmp_path: Path) -> None:
    run = open_run(write_profile(tmp_path), "2026-10", draft=False, at=AT)

    assert await publish_artifacts.fn(run, result(link="https://reports.example/r1")) == ""

    assert published["monthly-report-acme"]["description"] == "acme, 2026-10, r1, Archived"
    assert published["monthly-report-acme-link"]["link"] == "https://reports.example/r1"


async def test_a_draft_has_no_revision(published: Published, tmp_path: Path) -> None:
    run = open_run(write_profile(tmp_path), "2026-10", draft=True, at=AT)

    await publish_artifacts.fn(run, result(draft=True))

    assert {key: content["description"] for key, content in published.items()} == {
        "monthly-report-acme": "acme, 2026-10, draft, Draft"
    }


async def test_a_run_that_cannot_start_is_published_under_the_name_of_its_file(published: Published) -> None:
    error = SettingsError("Profile Acme & Co.toml", ["there is no such file"])

    assert await publish_failed_start.fn("/nowhere/Acme & Co.toml", "2026-10", AT, error) == ""

    (artifact,) = published.values()
    assert list(published) == ["monthly-report-acme-co"]
    assert "there is no such file" in artifact["markdown"]


async def respond_never(**_: Any) -> None:
    await asyncio.Event().wait()


async def fail(**_: Any) -> None:
    raise RuntimeError("https://prefect.example/hush")


@pytest.mark.parametrize(
    ("server", "seconds", "why"),
    [(respond_never, 0.01, "the Prefect server did not respond within 0.01 seconds"), (fail, 30.0, "RuntimeError")],
)
async def test_a_server_that_fails_or_hangs_is_reported_and_does_not_fail_the_run(
    *,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    server: Any,
    seconds: float,
    why: str,
) -> None:
    monkeypatch.setattr(module, "acreate_markdown_artifact", server)
    monkeypatch.setattr(module, "TIME_LIMIT_SECONDS", seconds)
    run = open_run(write_profile(tmp_path), "2026-10", draft=False, at=AT)

    assert await publish_artifacts.fn(run, result()) == f"The artifacts could not be published: {why}."
    assert why in caplog.text
    assert "hush" not in caplog.text


@pytest.mark.parametrize(
    ("setting", "server", "shown"),
    [
        (None, "http://127.0.0.1:4200/api", True),
        (None, "https://api.prefect.cloud/api/accounts/a/workspaces/w", False),
        ("full", "https://api.prefect.cloud/api/accounts/a/workspaces/w", True),
        ("status", "http://127.0.0.1:4200/api", False),
    ],
)
def test_by_default_only_prefect_cloud_shows_no_details(
    tmp_path: Path, setting: str | None, server: str, *, shown: bool
) -> None:
    more = f'[prefect]\nartifacts = "{setting}"' if setting else ""
    run = open_run(write_profile(tmp_path, more), "2026-10", draft=False, at=AT)

    with temporary_settings({PREFECT_API_URL: server}):
        assert shows_details(run.profile) is shown


@pytest.mark.parametrize(
    ("server", "shown"), [("http://127.0.0.1:4200/api", True), ("https://api.prefect.cloud/api", False)]
)
def test_without_a_profile_the_server_decides(server: str, *, shown: bool) -> None:
    with temporary_settings({PREFECT_API_URL: server}):
        assert shows_details(None) is shown


@pytest.mark.parametrize("seconds", [module.TIME_LIMIT_SECONDS, process_end.REPORT_SECONDS])
async def test_a_run_waits_for_a_server_twice_as_long_as_the_server_waits_for_its_sqlite_database(
    seconds: float, tmp_path: Path
) -> None:
    database = AioSqliteConfiguration(f"sqlite+aiosqlite:///{tmp_path}/prefect.db")
    async with (await database.engine()).connect() as connection:
        milliseconds = (await connection.exec_driver_sql("PRAGMA busy_timeout")).scalar_one()
    assert seconds > 2 * milliseconds / 1000 > 0
