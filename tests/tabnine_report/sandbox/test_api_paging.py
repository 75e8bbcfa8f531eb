"""Pages contain every row exactly once, with any limit."""

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tabnine_report.sandbox.paging import LastPage, page
from tabnine_report.sandbox.server import RunningSandbox

Fetch = Callable[..., httpx.Response]


def follow_pages(total: int, limit: int, last_page: LastPage) -> Iterator[dict[str, Any]]:
    parameters: dict[str, int] | None = {"offset": 0, "limit": limit}
    while parameters:
        response = page(range(total), parameters["offset"], parameters["limit"], list, last_page)
        yield response
        parameters = response["meta"].get("next")


@given(st.integers(0, 60), st.integers(1, 70), st.sampled_from(["null", "absent"]))
def test_following_next_returns_every_row_once_in_order(total: int, limit: int, last_page: LastPage) -> None:
    pages = list(follow_pages(total, limit, last_page))

    assert list(range(total)) == [row for response in pages for row in response["data"]]
    assert {total} == {response["meta"]["total"] for response in pages}
    assert all(len(response["data"]) == response["meta"]["count"] <= limit for response in pages)


def test_next_is_null_or_absent_on_the_last_page() -> None:
    assert page(range(3), 2, 2, list, "null")["meta"] == {"count": 1, "total": 3, "next": None}
    assert page(range(3), 2, 2, list, "absent")["meta"] == {"count": 1, "total": 3}
    assert page(range(3), 0, 2, list, "absent")["meta"] == {"count": 2, "total": 3, "next": {"limit": 2, "offset": 2}}


def test_an_offset_beyond_the_end_returns_an_empty_last_page() -> None:
    assert page(range(3), 9, 2, list, "null") == {"data": [], "meta": {"count": 0, "total": 3, "next": None}}


@pytest.mark.parametrize("limit", [1, 7, 1000])
def test_all_pages_of_users_contain_each_user_once(fetch: Fetch, sandbox: RunningSandbox, limit: int) -> None:
    rows, parameters = [], {"offset": 0, "limit": limit}
    while parameters:
        response = fetch("v1/organization/users", **parameters, teamMember="true", active="false").json()
        rows += [user["id"] for user in response["data"]]
        parameters = response["meta"]["next"]

    assert response["meta"]["total"] == len(rows) == len(set(rows)) > 7


def test_teams_have_a_default_limit(fetch: Fetch) -> None:
    by_default = fetch("v1/organization/teams").json()

    assert by_default == fetch("v1/organization/teams", offset=0, limit=0).json()
    assert by_default == fetch("v1/organization/teams", offset=0, limit=50).json()


@pytest.mark.parametrize(
    ("path", "params"),
    [
        ("v1/organization/users", {"offset": 0, "limit": 1001, "teamMember": "true", "active": "true"}),
        ("v1/organization/teams", {"offset": 0, "limit": 501}),
    ],
)
def test_a_limit_above_the_largest_is_rejected_with_the_largest(
    fetch: Fetch, path: str, params: dict[str, Any]
) -> None:
    response = fetch(path, **params)

    assert response.status_code == 400
    assert [f"limit: must be at most {params['limit'] - 1}"] == response.json()["error"]["errors"]
