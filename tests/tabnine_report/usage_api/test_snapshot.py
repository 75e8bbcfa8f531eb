"""Snapshots: what was fetched is written down and read back as it was, failures included."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tabnine_report.model.errors import ServerError
from tabnine_report.usage_api.snapshot import Failure, Fetch, Response, Snapshot

START = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)


def answer(query: str = "teams", body: str = "[]") -> Response:
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
    endpoint: str = "teams", minutes: int = 0, answers: tuple[Response, ...] = (), failure: Failure | None = None
) -> Fetch:
    at = START + timedelta(minutes=minutes)
    return Fetch(
        endpoint=endpoint, started_at=at, ended_at=at + timedelta(seconds=30), answers=answers, failure=failure
    )


@given(st.text())
def test_every_body_is_read_back_as_it_came(body: str) -> None:
    snapshot = Snapshot(month="2026-10", host="console.example", fetches={"teams": fetch(answers=(answer(body=body),))})

    assert Snapshot.read(snapshot.files()) == snapshot


def test_failures_are_kept_with_what_the_error_said() -> None:
    error = ServerError("It answered 503; try again later.", endpoint="license", status=503, request_id="r-1")
    failure = Failure.of(error)

    assert failure == Failure(
        error="ServerError", message="It answered 503; try again later.", status=503, request_id="r-1"
    )
    snapshot = Snapshot(month="2026-10", host="h", fetches={"license": fetch("license", failure=failure)})
    assert Snapshot.read(snapshot.files()).fetches["license"].failure == failure


def test_there_is_a_file_for_each_endpoint_and_one_for_the_rest() -> None:
    snapshot = Snapshot(month="2026-10", host="h", fetches={"teams": fetch(), "users": fetch("users")})

    assert set(snapshot.files()) == {"raw/snapshot.json", "raw/teams.json", "raw/users.json"}


def test_a_snapshot_began_with_its_first_request_and_ended_with_its_last_answer() -> None:
    snapshot = Snapshot(month="2026-10", host="h", fetches={"teams": fetch(minutes=3), "users": fetch("users")})

    assert snapshot.started_at == START
    assert snapshot.ended_at == START + timedelta(minutes=3, seconds=30)


def test_the_pages_of_a_question_are_told_from_those_of_another() -> None:
    pages = (answer("a", "1"), answer("b", "2"), answer("a", "3"))

    assert [one.body for one in fetch(answers=pages).to("a")] == ["1", "3"]
    assert fetch(answers=pages).to("c") == ()


def test_bodies_stay_out_of_the_representation_because_they_may_hold_names() -> None:
    assert "ann@acme.example" not in repr(fetch(answers=(answer(body='["ann@acme.example"]'),)))


def test_a_missing_file_and_a_broken_one_are_told_apart() -> None:
    files = Snapshot(month="2026-10", host="h", fetches={"teams": fetch()}).files()

    with pytest.raises(KeyError):
        Snapshot.read({name: content for name, content in files.items() if name != "raw/teams.json"})
    with pytest.raises(ValueError, match="Field required"):
        Snapshot.read(files | {"raw/teams.json": b"{}"})


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="timezone"):
        Fetch(endpoint="teams", started_at=datetime(2026, 11, 2), ended_at=START)  # noqa: DTZ001 - that is the point
