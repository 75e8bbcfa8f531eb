import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Never

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tabnine_report.model.errors import PagingError, RequestRejected, TokenRejected, UnexpectedResponse
from tabnine_report.usage_api import paging
from tabnine_report.usage_api.endpoints import Endpoint
from tabnine_report.usage_api.paging import Ask, total_only, whole_list
from tabnine_report.usage_api.snapshot import Fetch, Response

Fetching = Callable[..., Awaitable[Fetch]]

NOW = datetime(2026, 11, 2, tzinfo=UTC)


@dataclass
class ListServer:
    """A list behind pages, as servers differ: asked directly, without HTTP."""

    rows: list[str]
    cap: int = 10_000
    caps: list[int] = field(default_factory=list)
    largest_limit: int = 10_000
    next_style: str = "null"
    total: bool = True
    changes: dict[int, tuple[str, int]] = field(default_factory=dict)
    asked: list[tuple[int, int]] = field(default_factory=list)
    present: list[frozenset[str]] = field(default_factory=list)

    async def __call__(self, params: Mapping[str, str]) -> Response:
        offset, limit = int(params["offset"]), int(params["limit"])
        self.asked.append((offset, limit))
        number = len(self.asked)
        await asyncio.sleep(0)
        if limit > self.largest_limit:
            raise RequestRejected("limit is too large", endpoint="teams", status=400)
        self._change(number)
        self.present.append(frozenset(self.rows))
        cap = self.caps[number % len(self.caps)] if self.caps else self.cap
        page = self.rows[offset : offset + min(limit, cap)]
        meta = {"count": len(page), **self._next(offset, limit, len(page))}
        if self.total:
            meta["total"] = len(self.rows)
        body = {"data": [{"id": row, "name": row} for row in page], "meta": meta}
        return Response(
            query="teams",
            path="/t",
            params=params,
            status=200,
            received_at=NOW,
            elapsed_seconds=0,
            body=json.dumps(body),
        )

    def _change(self, number: int) -> None:
        kind, where = self.changes.get(number, ("", 0))
        if kind == "joins":
            self.rows.insert(where % (len(self.rows) + 1), f"new-{number}")
        elif kind == "leaves" and self.rows:
            self.rows.pop(where % len(self.rows))

    def _next(self, offset: int, limit: int, count: int) -> dict[str, object]:
        following = {"next": {"limit": limit, "offset": offset + count}}
        last = offset + count >= len(self.rows)
        match self.next_style:
            case "null":
                return {"next": None} if last else following
            case "absent":
                return {} if last else following
            case "by-limit":
                return {"next": None} if last else {"next": {"limit": limit, "offset": offset + limit}}
            case "always":
                return {"next": {"limit": limit, "offset": offset + max(count, 1)}}
            case _:
                return {}


def names(count: int) -> list[str]:
    return [f"row-{n}" for n in range(count)]


def ids(answers: Iterable[Response]) -> list[str]:
    return [row["id"] for answer in answers for row in answer.json_body()["data"]]


servers = st.builds(
    ListServer,
    rows=st.integers(0, 45).map(names),
    cap=st.integers(1, 20),
    caps=st.lists(st.integers(1, 20), max_size=4),
    largest_limit=st.integers(10, 2_000),
    next_style=st.sampled_from(["null", "absent", "by-limit", "always", "never"]),
    total=st.booleans(),
)


@settings(deadline=None)
@given(servers)
def test_every_row_of_a_quiet_list_comes_once_and_in_order_however_the_server_pages(server: ListServer) -> None:
    expected = list(server.rows)
    assert ids(asyncio.run(whole_list("teams", server))) == expected


@settings(deadline=None)
@given(
    servers,
    st.sampled_from(["joins", "leaves"]),
    st.dictionaries(st.integers(1, 20), st.integers(0, 50), max_size=6),
)
def test_while_rows_join_or_leave_none_is_lost_or_twice_or_it_is_an_error(
    server: ListServer, kind: str, moments: dict[int, int]
) -> None:
    server.total = True
    server.changes = {moment: (kind, where) for moment, where in moments.items()}
    try:
        got = ids(asyncio.run(whole_list("teams", server)))
    except PagingError:
        return
    assert len(set(got)) == len(got)
    assert frozenset(got) in server.present


async def test_a_list_that_changes_once_is_read_again_and_comes_whole() -> None:
    server = ListServer(names(30), cap=10, changes={2: ("joins", 0)})
    assert len(ids(await whole_list("teams", server))) == 31


async def test_a_list_that_never_holds_still_is_given_up_after_three_readings(caplog: pytest.LogCaptureFixture) -> None:
    server = ListServer(names(30), cap=10, changes=dict.fromkeys(range(100), ("joins", 0)))
    with pytest.raises(PagingError, match=r"^teams: the list did not come whole: ") as caught:
        await whole_list("teams", server)
    assert len([1 for offset, _ in server.asked if offset == 0]) == 3
    assert len(caplog.records) == 2
    assert caught.value.endpoint == "teams"


async def test_the_largest_page_that_the_server_takes_is_found() -> None:
    server = ListServer(names(120), largest_limit=100)
    assert ids(await whole_list("teams", server)) == names(120)
    assert server.asked == [(0, 1000), (0, 500), (0, 200), (0, 100), (100, 100)]


async def test_pages_go_on_by_the_rows_that_came_not_by_those_asked_for() -> None:
    server = ListServer(names(5), cap=2, next_style="by-limit", total=False)
    assert ids(await whole_list("teams", server)) == names(5)
    assert server.asked == [(0, 1000), (2, 1000), (4, 1000)]


async def test_a_short_page_in_the_middle_is_filled_up() -> None:
    server = ListServer(names(6), caps=[3, 3, 1])
    assert ids(await whole_list("teams", server)) == names(6)
    assert sorted(server.asked) == [(0, 1000), (3, 3), (4, 2)]


async def test_a_refusal_of_every_page_size_is_told_once_as_of_the_first() -> None:
    server = ListServer(names(5), largest_limit=5)
    with pytest.raises(RequestRejected, match="limit is too large"):
        await whole_list("teams", server)
    assert [limit for _, limit in server.asked] == [1000, 500, 200, 100, 50, 10]


async def test_a_refusal_other_than_400_is_not_about_the_page_size() -> None:
    asked = []

    async def ask(params: Mapping[str, str]) -> Never:
        asked.append(params)
        raise TokenRejected("expired", endpoint="teams", status=401)

    with pytest.raises(TokenRejected):
        await whole_list("teams", ask)
    assert len(asked) == 1


async def test_an_offset_that_does_not_advance_is_an_error() -> None:
    body = {"data": [{"id": "a"}], "meta": {"next": {"offset": 0, "limit": 1}}}
    with pytest.raises(PagingError, match="the page at offset 0 names 0 as the next one's"):
        await whole_list("teams", _always(body))


async def test_a_server_that_gives_the_same_page_again_and_again_is_an_error() -> None:
    asked = []
    body = {"data": [{"id": "a"}, {"id": "b"}]}
    with pytest.raises(PagingError, match="a row of the page at offset 2 came twice"):
        await whole_list("teams", _always(body, asked))
    assert len(asked) == 3 * 2


async def test_a_page_with_a_row_twice_is_an_error() -> None:
    body = {"data": [{"id": "a"}, {"id": "a"}], "meta": {"total": 2}}
    with pytest.raises(PagingError, match="came twice"):
        await whole_list("teams", _always(body))


@pytest.mark.parametrize(("rows", "total"), [(0, 5), (3, 2), (3, 0)])
async def test_rows_that_contradict_the_total_are_an_error(rows: int, total: int) -> None:
    body = {"data": [{"id": str(n)} for n in range(rows)], "meta": {"total": total}}
    with pytest.raises(PagingError):
        await whole_list("teams", _always(body))


async def test_an_absurd_total_is_an_error_and_not_a_million_requests() -> None:
    asked = []
    with pytest.raises(PagingError, match="says that there are 1000000000 rows, but gave 1 on its first page"):
        await whole_list("teams", _always({"data": [{"id": "a"}], "meta": {"total": 10**9}}, asked))
    assert len(asked) == 3


async def test_a_list_without_end_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "MOST_PAGES", 20)
    server = ListServer(names(100), cap=1, total=False)
    with pytest.raises(PagingError, match="does not end after 20 pages"):
        await whole_list("teams", server)


async def test_a_page_that_is_no_page_is_misshapen() -> None:
    with pytest.raises(UnexpectedResponse, match=r"^teams: data is missing"):
        await whole_list("teams", _always({"teams": []}))


async def test_a_total_alone_costs_one_row() -> None:
    server = ListServer(names(447))
    (answer,) = await total_only("users", server)
    assert answer.json_body()["meta"]["total"] == 447
    assert server.asked == [(0, 1)]


async def test_without_a_total_the_rows_are_read_to_be_counted() -> None:
    server = ListServer(names(447), total=False)
    assert len(ids(await total_only("users", server))) == 447


async def test_twenty_thousand_rows_come_in_twenty_requests_over_the_client(fetch: Fetching) -> None:
    asked = []
    rows = [{"id": f"t{n}", "name": f"Team {n}"} for n in range(20_000)]

    def handler(request: httpx.Request) -> httpx.Response:
        offset, limit = int(request.url.params["offset"]), int(request.url.params["limit"])
        asked.append(offset)
        return httpx.Response(200, json={"data": rows[offset : offset + limit], "meta": {"total": len(rows)}})

    got = await fetch(handler, Endpoint.TEAMS)
    assert len(asked) == 20
    assert ids(got.answers) == [row["id"] for row in rows]


def _always(body: object, asked: list[Mapping[str, str]] | None = None) -> Ask:
    async def ask(params: Mapping[str, str]) -> Response:
        if asked is not None:
            asked.append(params)
        return Response(
            query="teams",
            path="/t",
            params=params,
            status=200,
            received_at=NOW,
            elapsed_seconds=0,
            body=json.dumps(body),
        )

    return ask
