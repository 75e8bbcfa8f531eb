"""A bundle contains the inputs, and the list of users if the profile asks for it."""

import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from profile_file import write_profile
from sample_report import sample_report

from tabnine_report.archive import Bundle
from tabnine_report.model.month import Month
from tabnine_report.model.prior_reports import PriorReports, UnreadableReport
from tabnine_report.profile.reading import load_profile
from tabnine_report.usage_api.endpoints import Endpoint, queries
from tabnine_report.usage_api.snapshot import Fetch, Response, Snapshot
from tasks.seal_bundle import seal_bundle

INPUTS = PriorReports(unreadable_reports=(UnreadableReport(month="2026-09", revision=1),))
AT = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)
ANN = '{"data": [{"id": "1", "username": "Ann"}], "meta": {"total": %d}}'


async def sealed(folder: Path, *, people: str, total: int = 1) -> Bundle:
    path = write_profile(folder, f'[privacy]\npeople = "{people}"')
    october = Month(2026, 10)
    responses = tuple(
        Response(
            query=query.name,
            path=Endpoint.USERS.path,
            params={},
            status=200,
            received_at=AT,
            elapsed_seconds=0.1,
            body=ANN % total,
        )
        for query in queries(Endpoint.USERS, october, "org-1", "lists")
    )
    users = Fetch(endpoint=Endpoint.USERS, started_at=AT, ended_at=AT, responses=responses)
    snapshot = Snapshot(month=str(october), host="console.example", fetches={Endpoint.USERS: users})
    profile = load_profile(Path(path), lambda _kind, _name: None)
    bundle: Bundle = await seal_bundle.fn(profile, sample_report(), snapshot, INPUTS, {"report.html": b"<p>412"})
    return bundle


async def test_the_list_of_users_is_readable_only_by_its_owner(tmp_path: Path) -> None:
    bundle = await sealed(tmp_path, people="lists")

    assert bundle.read("restricted/people.csv").count(b'"Ann"') == 3
    assert stat.S_IMODE(bundle.path("restricted/people.csv").stat().st_mode) == 0o600
    assert list(bundle.documents()) == ["report.html"]


async def test_prior_reports_are_archived_and_are_not_documents(tmp_path: Path) -> None:
    bundle = await sealed(tmp_path, people="counts")

    assert bundle.prior_reports() == INPUTS
    assert list(bundle.documents()) == ["report.html"]


async def test_a_profile_with_counts_archives_no_list_of_users(tmp_path: Path) -> None:
    bundle = await sealed(tmp_path, people="counts")

    assert not (bundle.folder / "restricted" / "people.csv").exists()


async def test_an_incomplete_list_of_users_is_logged_and_not_archived(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    bundle = await sealed(tmp_path, people="lists", total=5)

    assert not (bundle.folder / "restricted" / "people.csv").exists()
    assert "The list of users is not archived" in caplog.text
