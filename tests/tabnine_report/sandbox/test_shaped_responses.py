"""The sandbox serves responses in the shape of a file: statuses in their order, formats, kinds, periods and pages."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from pydantic import ValidationError

from tabnine_report.sandbox.server import serve_sandbox
from tabnine_report.sandbox.shape_file import ShapeFile

NOW = datetime(2026, 11, 22, tzinfo=UTC)
PATH = "/api/v1/license"
WINDOW = {"from": "2025-10-01T00:00:00Z", "to": "2026-11-01T00:00:00Z"}


def place(*kinds: str, **parts: object) -> dict[str, Any]:
    return {"seen": dict.fromkeys(kinds, 1), **parts}


def rows_of(count: int, *kinds: str, **parts: object) -> dict[str, Any]:
    return place("array", rows=count, items={"seen": dict.fromkeys(kinds, count), **parts})


def responses(status: int | None, body: Mapping[str, Any] | None = None, **changes: object) -> dict[str, Any]:
    found: dict[str, Any] = {
        "status": status,
        "formats": ["json"],
        "content_types": ["application/json"],
        "headers": [],
        "other_headers": False,
        "codes": [],
        "bytes": 10,
        "seconds": 0.1,
        "body": body or place("object"),
    }
    return found | changes


def request(*found: Mapping[str, Any], **changes: object) -> dict[str, Any]:
    shaped: dict[str, Any] = {
        "path": PATH,
        "parameters": [],
        "values": {},
        "months": None,
        "statuses": [{"status": each["status"], "times": 1} for each in found],
        "responses": list(found),
    }
    return shaped | changes


@contextmanager
def served(*requests: Mapping[str, Any]) -> Iterator[httpx.Client]:
    content = {"shape_version": 1, "program": "x", "endpoints": {}, "answers": requests}
    shape = ShapeFile.model_validate(content)
    with (
        serve_sandbox(now=lambda: NOW, shape=shape) as sandbox,
        httpx.Client(base_url=sandbox.base_url, headers={"Authorization": f"Bearer {sandbox.token}"}) as client,
    ):
        yield client


def body_of(body: Mapping[str, Any], **params: str | int) -> Any:
    with served(request(responses(200, body))) as client:
        return client.get(PATH, params=params).json()


def test_statuses_come_in_their_order_and_the_last_one_stays() -> None:
    shaped = request(
        responses(503, headers=["retry-after"]),
        responses(403, codes=["FEATURE_NOT_AVAILABLE"], body=place("object", fields={"error": place("text")})),
        statuses=[{"status": 503, "times": 2}, {"status": 403, "times": 1}],
    )
    with served(shaped) as client:
        found = [client.get(PATH) for _ in range(4)]
    assert [response.status_code for response in found] == [503, 503, 403, 403]
    assert found[0].headers["retry-after"] == "1"
    assert found[3].json() == {"error": "FEATURE_NOT_AVAILABLE"}


@pytest.mark.parametrize(
    "broken",
    [responses(None, formats=[], content_types=[]), responses(200, formats=["incomplete"], body=place())],
    ids=["no-response", "incomplete"],
)
def test_a_broken_connection_is_broken(broken: Mapping[str, Any]) -> None:
    with served(request(broken)) as client, pytest.raises(httpx.RemoteProtocolError):
        client.get(PATH)


@pytest.mark.parametrize(
    ("body_format", "content_type", "header", "text"),
    [
        ("html", "text/html", "text/html; charset=utf-8", "<!doctype html>"),
        ("text", "none", None, "Not JSON."),
        ("empty", "other", "application/octet-stream", ""),
        ("json", "text/plain", "text/plain; charset=utf-8", "{}"),
    ],
)
def test_a_body_has_its_format_and_media_type(
    body_format: str, content_type: str, header: str | None, text: str
) -> None:
    with served(request(responses(200, formats=[body_format], content_types=[content_type]))) as client:
        response = client.get(PATH)
    assert response.headers.get("content-type") == header
    assert response.text.startswith(text)


@pytest.mark.parametrize(
    ("path", "params", "token", "status"),
    [(PATH, {}, "wrong", 401), ("/api/v1/other", {}, None, 404), (PATH, {"limit": "x"}, None, 400)],
)
def test_a_request_that_cannot_be_served_is_an_error(
    path: str, params: dict[str, str], token: str | None, status: int
) -> None:
    with served(request(responses(200))) as client:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        assert client.get(path, params=params, headers=headers).status_code == status


def test_the_most_similar_request_is_answered() -> None:
    usage = {"parameters": ["from", "granularity", "to"]}
    with served(
        request(responses(201), **usage, values={"granularity": "all"}, months=13),
        request(responses(202), **usage, values={"granularity": "daily"}, months=1),
        request(responses(203), **usage, values={"granularity": "daily"}, months=13),
        request(responses(204)),
    ) as client:
        params = [{}, WINDOW | {"granularity": "all"}, WINDOW | {"granularity": "daily"}, {"teamId": "1"}]
        assert [client.get(PATH, params=each).status_code for each in params] == [204, 201, 203, 204]


@pytest.mark.parametrize(
    ("granularity", "expected"),
    [
        ("all", [("2025-10-01T00:00:00Z", "2026-11-01T00:00:00Z")] * 2),
        ("daily", [("2026-10-30T00:00:00Z", "2026-10-31T00:00:00Z"), ("2026-10-31T00:00:00Z", "2026-11-01T00:00:00Z")]),
        ("week", [("2026-10-18T00:00:00Z", "2026-10-25T00:00:00Z"), ("2026-10-25T00:00:00Z", "2026-11-01T00:00:00Z")]),
        (
            "monthly",
            [("2026-09-01T00:00:00Z", "2026-10-01T00:00:00Z"), ("2026-10-01T00:00:00Z", "2026-11-01T00:00:00Z")],
        ),
    ],
)
def test_periods_end_with_the_window(granularity: str, expected: list[tuple[str, str]]) -> None:
    times = {"from": {"seen": {"timestamp": 2}}, "to": {"seen": {"timestamp": 2}}}
    body = body_of(rows_of(2, "object", fields=times), **WINDOW, granularity=granularity)
    assert [(row["from"], row["to"]) for row in body] == expected


def test_months_of_accounts_end_with_the_current_month() -> None:
    body = body_of(rows_of(2, "object", fields={"year": {"seen": {"integer": 2}}, "month": {"seen": {"integer": 2}}}))
    assert body == [{"year": 2026, "month": 9}, {"year": 2026, "month": 10}]


def page_shape(next_place: dict[str, Any], rows: int = 5) -> dict[str, Any]:
    meta = {"total": place("integer"), "count": place("integer"), "next": next_place}
    data = rows_of(rows, "object", fields={"id": {"seen": {"uuid": rows}}})
    return place("object", fields={"data": data, "meta": place("object", fields=meta)})


def test_pages_add_up() -> None:
    with served(request(responses(200, page_shape(place("null"))))) as client:
        pages = [client.get(PATH, params={"offset": offset, "limit": 3}).json() for offset in (0, 3)]
    assert [page["meta"] for page in pages] == [
        {"total": 5, "count": 3, "next": {"limit": 3, "offset": 3}},
        {"total": 5, "count": 2, "next": None},
    ]
    assert len({row["id"] for page in pages for row in page["data"]}) == 5


def test_a_last_page_without_next_and_a_list_without_it_stay_without() -> None:
    assert "next" not in body_of(page_shape(place("object")), offset=3, limit=3)["meta"]
    assert "next" not in body_of(page_shape(place("absent")), offset=0, limit=3)["meta"]


def test_a_request_for_one_row_returns_a_total() -> None:
    body = body_of(page_shape(place("object"), rows=1), offset=0, limit=1)
    assert (len(body["data"]), body["meta"]["total"]) == (1, 10)


def test_a_list_that_is_not_one_has_no_pages() -> None:
    shape = place("object", fields={"data": place("null"), "meta": place("object")})
    assert body_of(shape, offset=0, limit=3) == {"data": None, "meta": {}}
    shape = place("object", fields={"data": place("empty array"), "meta": place("null")})
    assert body_of(shape, offset=0, limit=3) == {"data": [], "meta": None}


@pytest.mark.parametrize(
    ("invalid", "problem"),
    [
        (request(responses(200), statuses=[{"status": 500, "times": 1}]), "a status that responses does not have"),
        (request(responses(200, formats=[])), "formats and content_types must not be empty"),
        (request(responses(200, body=place())), "body has no kind of value"),
        (request(responses(200, body={"seen": {"ann": 1}})), "Input should be"),
    ],
)
def test_a_file_that_contradicts_itself_is_invalid(invalid: dict[str, Any], problem: str) -> None:
    content = {"shape_version": 1, "program": "x", "endpoints": {}, "answers": [invalid]}
    with pytest.raises(ValidationError, match=problem):
        ShapeFile.model_validate(content)


def test_ids_differ_between_requests_for_different_rows() -> None:
    with served(request(responses(200, page_shape(place("null"))))) as client:
        pages = [client.get(PATH, params={"active": active, "limit": 9}).json() for active in ("true", "false")]
    assert len({row["id"] for page in pages for row in page["data"]}) == 10


def test_an_invalid_organization_is_named() -> None:
    body = place("object", fields={"message": place("text"), "status": place("integer")})
    with served(request(responses(401, body, codes=["INVALID_ORGANIZATION"]))) as client:
        assert client.get(PATH).json() == {"message": "Unauthorized: Invalid organization.", "status": 401}


def test_a_usage_endpoint_of_teams_that_was_not_queried_is_answered_as_that_of_the_organization() -> None:
    bucket = place("object", fields={"from": place("timestamp"), "to": place("timestamp")})
    usage = place("object", fields={"usage": place("object", fields={"data": place("array", rows=1, items=bucket)})})
    v1, v2 = "/api/v1/organization/usage", "/api/v2/organization/usage"
    with served(request(responses(200, usage), path=v1), request(responses(403), path=v2)) as client:
        found = {
            path: client.get(path, params=WINDOW | {"granularity": "monthly"})
            for path in ("/api/v1/team/usage", "/api/v2/team/usage", "/api/v1/team/account-utilizations")
        }

    assert [response.status_code for response in found.values()] == [200, 403, 404]
    assert found["/api/v1/team/usage"].json()["usage"]["data"]
