"""The list of accounts for admins contains the right accounts and no spreadsheet formulas."""

import csv
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from tabnine_report.archive.people_list import people_csv
from tabnine_report.usage_api.endpoints.users import (
    USERS_DEACTIVATED_IN_TEAMS,
    USERS_DEACTIVATED_WITHOUT_TEAM,
    USERS_REGISTERED_IN_TEAMS,
    USERS_REGISTERED_WITHOUT_TEAM,
)
from tabnine_report.usage_api.snapshot import Failure, Fetch, Response, Snapshot

AT = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)
QUERIES = (
    USERS_REGISTERED_IN_TEAMS,
    USERS_REGISTERED_WITHOUT_TEAM,
    USERS_DEACTIVATED_IN_TEAMS,
    USERS_DEACTIVATED_WITHOUT_TEAM,
)

Json = dict[str, Any]


def response_to(query: str, users: list[Json], total: int | None = None) -> Response:
    rows = [{"id": f"{query}-{number}", **user} for number, user in enumerate(users)]
    body = {"data": rows, "meta": {"total": len(users) if total is None else total}}
    path = "/api/v1/organization/users"
    return Response(
        query=query, path=path, params={}, status=200, received_at=AT, elapsed_seconds=0.1, body=json.dumps(body)
    )


def snapshot(*answers: Response, failure: Failure | None = None) -> Snapshot:
    given = {response.query for response in answers}
    rest = () if failure else tuple(response_to(query, []) for query in QUERIES if query not in given)
    fetch = Fetch(endpoint="users", started_at=AT, ended_at=AT, responses=(*answers, *rest), failure=failure)
    return Snapshot(month="2026-10", host="console.example", fetches={"users": fetch})


def rows(content: bytes | None) -> list[list[str]]:
    assert content is not None
    return list(csv.reader(content.decode("utf-8-sig").splitlines()))


def test_it_lists_only_deactivated_users_and_users_in_no_team() -> None:
    table = people_csv(
        snapshot(
            response_to(USERS_REGISTERED_IN_TEAMS, [{"username": "everyone else", "team": "Core"}]),
            response_to(USERS_REGISTERED_WITHOUT_TEAM, [{"username": "Ann Ö", "email": "ann@acme.example"}]),
            response_to(
                USERS_DEACTIVATED_IN_TEAMS,
                [
                    {
                        "username": "Bob",
                        "email": "bob@acme.example",
                        "team": "Core",
                        "deactivatedAt": "2026-09-30T22:00:00.5+00:00",
                        "updatedAt": "2026-10-01T08:00:00Z",
                    }
                ],
            ),
            response_to(USERS_DEACTIVATED_WITHOUT_TEAM, [{}]),
        )
    )

    assert rows(table) == [
        ["user_name", "email", "team", "state", "deactivated_at", "updated_at"],
        ["Ann Ö", "ann@acme.example", "", "registered", "", ""],
        ["Bob", "bob@acme.example", "Core", "deactivated", "2026-09-30T22:00:00Z", "2026-10-01T08:00:00Z"],
        ["", "", "", "deactivated", "", ""],
    ]


def test_pages_are_joined() -> None:
    pages = [response_to(USERS_REGISTERED_WITHOUT_TEAM, [{"id": name, "username": name}], total=2) for name in "ab"]

    assert [row[0] for row in rows(people_csv(snapshot(*pages)))] == ["user_name", "a", "b"]


def test_without_such_accounts_the_list_has_only_a_header() -> None:
    assert rows(people_csv(snapshot())) == [
        ["user_name", "email", "team", "state", "deactivated_at", "updated_at"],
    ]


def test_users_that_were_only_counted_or_not_fetched_produce_no_list() -> None:
    counted = snapshot(response_to(USERS_REGISTERED_WITHOUT_TEAM, [{"username": "first of five"}], total=5))
    failed = snapshot(failure=Failure(error="NoResponse", message="No answer."))

    assert people_csv(counted) is None
    assert people_csv(failed) is None
    assert people_csv(Snapshot(month="2026-10", host="console.example", fetches={})) is None


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\uff1d1+1", "'\uff1d1+1"),
        (" \t=1", "'=1"),
        ("\r\n=1", "'=1"),
        ("\u200b=1", "'=1"),
        ("a;=1+1", "a;'=1+1"),
        ("a, =1+1", "a,' =1+1"),
        ("a\n=1", "a =1"),
        ("ann-marie@acme.example", "ann-marie@acme.example"),
        ("O'Neil, Ann", "O'Neil, Ann"),
    ],
)
def test_no_name_is_read_as_a_spreadsheet_formula(name: str, written: str) -> None:
    table = rows(people_csv(snapshot(response_to(USERS_REGISTERED_WITHOUT_TEAM, [{"username": name, "team": name}]))))

    assert (table[1][0], table[1][2]) == (written, written)


def test_an_unpaired_surrogate_in_a_name_is_replaced() -> None:
    table = rows(people_csv(snapshot(response_to(USERS_REGISTERED_WITHOUT_TEAM, [{"username": "a\ud800b"}]))))

    assert table[1][0] == "a\ufffdb"
