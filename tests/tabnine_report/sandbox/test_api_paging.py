"""Pages cover every row exactly once, whatever the limit."""

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tabnine_report.sandbox.paging import LastPage, page
from tabnine_report.sandbox.server import RunningSandbox
from tabnine_report.sandbox.service import Quirks

Ask = Callable[..., httpx.Response]


def walk(total: int, limit: int, last_page: LastPage) -> Iterator[dict[str, Any]]:
    asked: dict[str, int] | None = {"offset": 0, "limit": limit}
    while asked:
        answer = page(range(total), asked["offset"], asked["limit"], list, last_page)
        yield answer
        asked = answer["meta"].get("next")


@settings(deadline=None)
@given(st.integers(0, 60), st.integers(1, 70), st.sampled_from(["null", "absent"]))
def test_following_next_meets_every_row_once_in_order(total: int, limit: int, last_page: LastPage) -> None:
    pages = list(walk(total, limit, last_page))

    assert list(range(total)) == [row for answer in pages for row in answer["data"]]
    assert {total} == {answer["meta"]["total"] for answer in pages}
    assert all(len(answer["data"]) == answer["meta"]["count"] <= limit for answer in pages)


def test_the_last_page_says_so_by_null_or_by_silence() -> None:
    assert page(range(3), 2, 2, list, "null")["meta"] == {"count": 1, "total": 3, "next": None}
    assert page(range(3), 2, 2, list, "absent")["meta"] == {"count": 1, "total": 3}
    assert page(range(3), 0, 2, list, "absent")["meta"] == {"count": 2, "total": 3, "next": {"limit": 2, "offset": 2}}


def test_an_offset_behind_the_end_is_an_empty_last_page() -> None:
    assert page(range(3), 9, 2, list, "null") == {"data": [], "meta": {"count": 0, "total": 3, "next": None}}


@pytest.mark.parametrize("limit", [1, 7, 1000])
def test_users_over_the_wire_are_each_met_once(ask: Ask, sandbox: RunningSandbox, limit: int) -> None:
    met, asked = [], {"offset": 0, "limit": limit}
    while asked:
        answer = ask("v1/organization/users", **asked, teamMember="true", active="false").json()
        met += [user["id"] for user in answer["data"]]
        asked = answer["meta"]["next"]

    assert answer["meta"]["total"] == len(met) == len(set(met)) > 7


def test_teams_without_a_limit_or_with_zero_come_by_the_default(ask: Ask) -> None:
    by_default = ask("v1/organization/teams").json()

    assert by_default == ask("v1/organization/teams", offset=0, limit=0).json()
    assert by_default == ask("v1/organization/teams", offset=0, limit=50).json()


@pytest.mark.parametrize(
    ("path", "params"),
    [
        ("v1/organization/users", {"offset": 0, "limit": 1001, "teamMember": "true", "active": "true"}),
        ("v1/organization/teams", {"offset": 0, "limit": 501}),
    ],
)
def test_a_limit_above_the_largest_is_refused_and_the_largest_named(
    ask: Ask, path: str, params: dict[str, object]
) -> None:
    answer = ask(path, **params)

    assert answer.status_code == 400
    assert [f"limit: must be at most {params['limit'] - 1}"] == answer.json()["error"]["errors"]


def test_limits_may_be_chosen() -> None:
    assert (
        Quirks().users_limit,
        Quirks().teams_limit,
        Quirks().last_page,
        Quirks().agent_usage_licensed,
    ) == (1_000, 500, "null", True)
