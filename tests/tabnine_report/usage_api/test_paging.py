import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal, Never

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tabnine_report.model.errors import PagingError, RequestRejected, TokenRejected, UnexpectedResponse
from tabnine_report.usage_api import paging
from tabnine_report.usage_api.endpoints import Endpoint
from tabnine_report.usage_api.paging import FetchPage, PagedList
from tabnine_report.usage_api.parsing_thread import ParsingThread
from tabnine_report.usage_api.snapshot import Fetch, Response

Fetching = Callable[..., Awaitable[Fetch]]

NOW = datetime(2026, 11, 2, tzinfo=UTC)


@dataclass
class ListServer:
    """A paged list, without HTTP; the fields are the ways in which servers differ."""

    rows: list[str]
    cap: int = 10_000
    caps: list[int] = field(default_factory=list)
    largest_limit: int = 10_000
    next_style: str = "null"
    total: Literal["list", "page", "none"] = "list"
    changes: dict[int, tuple[str, int]] = field(default_factory=dict)
    received: list[tuple[int, int]] = field(default_factory=list)
    present: list[frozenset[str]] = field(default_factory=list)

    async def __call__(self, params: Mapping[str, str]) -> Response:
        offset, limit = int(params["offset"]), int(params["limit"])
        self.received.append((offset, limit))
        number = len(self.received)
        await asyncio.sleep(0)
        if limit > self.largest_limit:
            raise RequestRejected("limit is too large", endpoint="teams", status=400)
        self._change(number)
        self.present.append(frozenset(self.rows))
        cap = self.caps[number % len(self.caps)] if self.caps else self.cap
        page = self.rows[offset : offset + min(limit, cap)]
        meta = {"count": len(page), **self._next(offset, limit, len(page))}
        if self.total != "none":
            meta["total"] = len(self.rows if self.total == "list" else page)
        body = {"data": [{"id": row, "name": row} for row in page], "meta": meta}
        return Response(
            query="teams",
            path="/t",
            params=params,
            status=200,
            received_at=NOW,
            elapsed_seconds=0,
            body=json.dumps(body).encode(),
        )

    def _change(self, number: int) -> None:
        kind, where = self.changes.get(number, ("", 0))
        if kind == "join":
            self.rows.insert(where % (len(self.rows) + 1), f"new-{number}")
        elif kind == "leave" and self.rows:
            self.rows.pop(where % len(self.rows))

    def _next(self, offset: int, limit: int, count: int) -> dict[str, Any]:
        following: dict[str, Any] = {"next": {"limit": limit, "offset": offset + count}}
        last = offset + count >= len(self.rows)
        match self.next_style:
            case "null":
                return {"next": None} if last else following
            case "absent":
                return {} if last else following
            case "by-limit":
                return {"next": None} if last else {"next": {"limit": limit, "offset": offset + limit}}
            case "last":
                return {"next": None}
            case "always":
                return {"next": {"limit": limit, "offset": offset + max(count, 1)}}
            case _:
                return {}


def names(count: int) -> list[str]:
    return [f"row-{n}" for n in range(count)]


async def all_pages(fetch_page: FetchPage) -> tuple[Response, ...]:
    return await PagedList(Endpoint.TEAMS, fetch_page, ParsingThread()).all_pages()


async def total(fetch_page: FetchPage) -> tuple[Response, ...]:
    return await PagedList(Endpoint.TEAMS, fetch_page, ParsingThread()).total()


def ids(responses: Iterable[Response]) -> list[str]:
    return [row["id"] for response in responses for row in response.json_body()["data"]]


servers = st.builds(
    ListServer,
    rows=st.integers(0, 45).map(names),
    cap=st.integers(1, 20),
    caps=st.lists(st.integers(1, 20), max_size=4),
    largest_limit=st.integers(10, 2_000),
    next_style=st.sampled_from(["null", "absent", "by-limit", "always", "never"]),
    total=st.sampled_from(["list", "page", "none"]),
)


@given(servers)
def test_every_row_is_returned_once_and_in_order_for_any_paging(server: ListServer) -> None:
    expected = list(server.rows)
    assert ids(asyncio.run(all_pages(server))) == expected


@given(
    servers,
    st.sampled_from(["join", "leave"]),
    st.dictionaries(st.integers(1, 20), st.integers(0, 50), max_size=6),
)
def test_changing_list_is_complete_or_an_error(server: ListServer, kind: str, moments: dict[int, int]) -> None:
    server.total = "list"
    server.changes = {moment: (kind, where) for moment, where in moments.items()}
    try:
        got = ids(asyncio.run(all_pages(server)))
    except PagingError:
        return
    assert len(set(got)) == len(got)
    assert frozenset(got) in server.present


async def test_list_that_changes_once_is_fetched_again() -> None:
    server = ListServer(names(30), cap=10, changes={2: ("join", 0)})
    assert len(ids(await all_pages(server))) == 31


async def test_list_that_keeps_changing_fails_after_three_passes(caplog: pytest.LogCaptureFixture) -> None:
    server = ListServer(names(30), cap=10, changes=dict.fromkeys(range(100), ("join", 0)))
    with pytest.raises(PagingError, match=r"^teams: the list is incomplete: ") as caught:
        await all_pages(server)
    assert len([1 for offset, _ in server.received if offset == 0]) == 3
    assert len(caplog.records) == 2
    assert caught.value.endpoint == "teams"


async def test_largest_accepted_page_size_is_found() -> None:
    server = ListServer(names(120), largest_limit=100)
    assert ids(await all_pages(server)) == names(120)
    assert server.received == [(0, 1000), (0, 500), (0, 200), (0, 100), (100, 100)]


async def test_offset_advances_by_the_returned_rows() -> None:
    server = ListServer(names(5), cap=2, next_style="by-limit", total="none")
    assert ids(await all_pages(server)) == names(5)
    assert server.received == [(0, 1000), (2, 1000), (4, 1000)]


async def test_short_page_is_completed() -> None:
    server = ListServer(names(6), caps=[3, 3, 1])
    assert ids(await all_pages(server)) == names(6)
    assert sorted(server.received) == [(0, 1000), (3, 3), (4, 2)]


async def test_rejection_of_every_page_size_raises_the_first_error() -> None:
    server = ListServer(names(5), largest_limit=5)
    with pytest.raises(RequestRejected, match="limit is too large"):
        await all_pages(server)
    assert [limit for _, limit in server.received] == [1000, 500, 200, 100, 50, 10]


async def test_other_statuses_do_not_reduce_the_page_size() -> None:
    received: list[Any] = []

    async def fetch_page(params: Mapping[str, str]) -> Never:
        received.append(params)
        raise TokenRejected("expired", endpoint="teams", status=401)

    with pytest.raises(TokenRejected):
        await all_pages(fetch_page)
    assert len(received) == 1


async def test_offset_that_does_not_advance_is_an_error() -> None:
    body = {"data": [{"id": "a"}], "meta": {"next": {"offset": 0, "limit": 1}}}
    with pytest.raises(PagingError, match="the page at offset 0 has 0 as its next offset"):
        await all_pages(_always(body))


async def test_repeated_page_is_an_error() -> None:
    received: list[Any] = []
    body = {"data": [{"id": "a"}, {"id": "b"}]}
    with pytest.raises(PagingError, match="the page at offset 2 repeats a row"):
        await all_pages(_always(body, received))
    assert len(received) == 3 * 2


@pytest.mark.parametrize("row", [{"id": "a"}, {"id": None}, {}, {"name": "a"}, "a", None])
async def test_row_that_is_repeated_or_has_no_id_costs_no_list(row: object) -> None:
    received: list[Any] = []
    body = {"data": [{"id": "a"}, row], "meta": {"total": 2}}
    (page,) = await all_pages(_always(body, received))
    assert len(page.json_body()["data"]) == 2
    assert len(received) == 2  # The second request checks that the list ends there.


@pytest.mark.parametrize(
    "meta", [None, [], {}, {"total": -1}, {"total": "many"}, {"next": []}, {"next": {"offset": ""}}]
)
async def test_unreadable_metadata_costs_no_rows(meta: object) -> None:
    async def fetch_page(params: Mapping[str, str]) -> Response:
        rows = [{"id": "a"}, {"id": "b"}][int(params["offset"]) :]
        return await _always({"data": rows, "meta": meta})(params)

    assert ids(await all_pages(fetch_page)) == ["a", "b"]


@pytest.mark.parametrize(("rows", "total"), [(0, 5), (3, 2), (3, 0)])
async def test_rows_that_contradict_the_total_are_an_error(rows: int, total: int) -> None:
    body = {"data": [{"id": str(n)} for n in range(rows)], "meta": {"total": total}}
    with pytest.raises(PagingError):
        await all_pages(_always(body))


async def test_absurd_total_is_an_error_and_not_a_million_requests() -> None:
    received: list[Any] = []
    with pytest.raises(PagingError, match="reports 1000000000 rows, but its first page has 1"):
        await all_pages(_always({"data": [{"id": "a"}], "meta": {"total": 10**9}}, received))
    assert len(received) == 3


async def test_endless_list_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "MAX_PAGES", 20)
    server = ListServer(names(100), cap=1, total="none")
    with pytest.raises(PagingError, match="has more than 20 pages"):
        await all_pages(server)


async def test_page_of_another_shape_is_an_unexpected_response() -> None:
    with pytest.raises(UnexpectedResponse, match=r"^teams: data is missing"):
        await all_pages(_always({"teams": []}))


@pytest.mark.parametrize("next_style", ["null", "absent", "never", "last"])
async def test_total_of_a_page_does_not_hide_the_rest_of_the_list(next_style: str) -> None:
    server = ListServer(names(120), cap=50, next_style=next_style, total="page")
    assert ids(await all_pages(server)) == names(120)

    assert ids(await total(server)) == names(120)


async def test_server_that_rejects_an_offset_after_the_last_row_has_sent_the_whole_list() -> None:
    received: list[Any] = []
    whole = _always({"data": [{"id": "a"}], "meta": {"total": 1}}, received)

    async def server(params: Mapping[str, str]) -> Response:
        if params["offset"] != "0":
            raise RequestRejected("offset is too large", endpoint="teams", status=400)
        return await whole(params)

    assert len(await all_pages(server)) == 1
    assert len(await total(server)) == 1


async def test_total_needs_one_row() -> None:
    server = ListServer(names(447))
    (response,) = await total(server)
    assert response.json_body()["meta"]["total"] == 447
    assert server.received == [(0, 1)]


async def test_rows_are_fetched_if_there_is_no_total() -> None:
    server = ListServer(names(447), total="none")
    assert len(ids(await total(server))) == 447


async def test_20000_rows_need_20_requests(fetch: Fetching) -> None:
    received: list[Any] = []
    rows = [{"id": f"t{n}", "name": f"Team {n}"} for n in range(20_000)]

    def handler(request: httpx.Request) -> httpx.Response:
        offset, limit = int(request.url.params["offset"]), int(request.url.params["limit"])
        received.append(offset)
        return httpx.Response(200, json={"data": rows[offset : offset + limit], "meta": {"total": len(rows)}})

    got = await fetch(handler, Endpoint.TEAMS)
    assert len(received) == 20
    assert ids(got.responses) == [row["id"] for row in rows]


def _always(body: object, received: list[Mapping[str, str]] | None = None) -> FetchPage:
    async def fetch_page(params: Mapping[str, str]) -> Response:
        if received is not None:
            received.append(params)
        return Response(
            query="teams",
            path="/t",
            params=params,
            status=200,
            received_at=NOW,
            elapsed_seconds=0,
            body=json.dumps(body).encode(),
        )

    return fetch_page
