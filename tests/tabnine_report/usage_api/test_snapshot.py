"""Snapshots are stored and restored unchanged, including failures."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tabnine_report.model.errors import ServerError
from tabnine_report.usage_api.snapshot import Failure, Fetch, Response, Snapshot

START = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)


def response(query: str = "teams", body: str = "[]") -> Response:
    return Response(
        query=query,
        path="/api/v1/organization/teams",
        params={"offset": "0", "limit": "50"},
        status=200,
        received_at=START,
        elapsed_seconds=0.25,
        body=body,
    )


def fetch(
    endpoint: str = "teams", minutes: int = 0, responses: tuple[Response, ...] = (), failure: Failure | None = None
) -> Fetch:
    at = START + timedelta(minutes=minutes)
    return Fetch(
        endpoint=endpoint, started_at=at, ended_at=at + timedelta(seconds=30), responses=responses, failure=failure
    )


@given(st.text())
def test_every_body_is_restored_unchanged(body: str) -> None:
    snapshot = Snapshot(
        month="2026-10", host="console.example", fetches={"teams": fetch(responses=(response(body=body),))}
    )

    assert Snapshot.read(snapshot.files()) == snapshot


def test_failure_keeps_the_details_of_the_error() -> None:
    error = ServerError("It returned 503. Try again later.", endpoint="license", status=503, request_id="r-1")
    failure = Failure.of(error)

    assert failure == Failure(
        error="ServerError", message="It returned 503. Try again later.", status=503, request_id="r-1"
    )
    snapshot = Snapshot(month="2026-10", host="h", fetches={"license": fetch("license", failure=failure)})
    assert Snapshot.read(snapshot.files()).fetches["license"].failure == failure


def test_there_is_one_file_per_endpoint_and_one_for_the_snapshot() -> None:
    snapshot = Snapshot(month="2026-10", host="h", fetches={"teams": fetch(), "users": fetch("users")})

    assert set(snapshot.files()) == {"raw/snapshot.json", "raw/teams.json", "raw/users.json"}


def test_snapshot_lasts_from_the_first_request_to_the_last_response() -> None:
    snapshot = Snapshot(month="2026-10", host="h", fetches={"teams": fetch(minutes=3), "users": fetch("users")})

    assert snapshot.started_at == START
    assert snapshot.ended_at == START + timedelta(minutes=3, seconds=30)


def test_responses_are_found_by_query() -> None:
    pages = (response("a", "1"), response("b", "2"), response("a", "3"))

    assert [page.body for page in fetch(responses=pages).responses_to("a")] == [b"1", b"3"]
    assert fetch(responses=pages).responses_to("c") == ()


def test_bodies_are_not_in_the_repr_because_they_may_contain_names() -> None:
    assert "ann@acme.example" not in repr(fetch(responses=(response(body='["ann@acme.example"]'),)))


def test_missing_file_and_broken_file_raise_different_errors() -> None:
    files = Snapshot(month="2026-10", host="h", fetches={"teams": fetch()}).files()

    with pytest.raises(KeyError):
        Snapshot.read({name: content for name, content in files.items() if name != "raw/teams.json"})
    with pytest.raises(ValueError, match="Field required"):
        Snapshot.read(files | {"raw/teams.json": b"{}"})


def test_timestamp_without_a_zone_is_rejected() -> None:
    with pytest.raises(ValueError, match="timezone"):
        Fetch(endpoint="teams", started_at=datetime(2026, 11, 2), ended_at=START)  # noqa: DTZ001 - that is the point
