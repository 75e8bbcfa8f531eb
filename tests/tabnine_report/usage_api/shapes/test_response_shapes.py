"""The shape of responses has what is needed to reproduce a fault: types, absences, statuses, formats and sizes."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from tabnine_report.usage_api.endpoints import Endpoint
from tabnine_report.usage_api.exchange import Exchange
from tabnine_report.usage_api.shapes.json_shape import JsonShape, kind_of
from tabnine_report.usage_api.shapes.published_shape import magnitude, published_shape
from tabnine_report.usage_api.shapes.response_shapes import ResponseShapes


def shape_of(*documents: object, most_rows: int | None = None) -> dict[str, Any]:
    shape = JsonShape()
    for document in documents:
        shape.add(document)
    return published_shape(shape, most_rows)


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (None, "null"),
        (True, "boolean"),
        (0, "integer"),
        (-1, "negative integer"),
        (2**53 + 1, "large integer"),
        (0.5, "number"),
        (-0.5, "negative number"),
        (1e300, "large number"),
        (float("nan"), "not finite"),
        ("", "empty text"),
        ("12", "digits"),
        ("8d5f1c2e-0b1a-4c3d-9e8f-001122334455", "uuid"),
        ("ann@acme.example", "email"),
        ("2026-10", "month"),
        ("2026-10-01", "date"),
        ("2026-10-01T00:00:00Z", "timestamp"),
        ("2026-10-01T00:00:00.12Z", "timestamp with fraction"),
        ("2026-10-01T00:00:00+02:00", "timestamp with offset"),
        ("ann", "text"),
        ([], "empty array"),
        ([1], "array"),
        ({}, "object"),
    ],
)
def test_a_value_has_a_kind(value: object, kind: str) -> None:
    assert kind_of(value) == kind


def test_absent_and_null_fields_are_counted_in_a_list_of_periods() -> None:
    rows = [{"year": 2026, "month": month, "active": None if month else 3} for month in range(13)]
    del rows[5]["active"]
    shape = shape_of(rows)
    assert shape["rows"] == 13
    assert shape["items"]["fields"]["active"]["seen"] == {"absent": 1, "integer": 1, "null": 11}


def test_a_rare_null_in_a_long_list_is_kept() -> None:
    shape = shape_of([{"id": "a", "team": None if number == 7 else "x"} for number in range(800)])
    assert shape["rows"] == 1000
    assert shape["items"]["fields"]["team"]["seen"] == {"null": 1, "text": 999}


def test_more_kinds_than_occurrences_are_all_kept() -> None:
    assert shape_of(None, True, 1, 1)["seen"] == {"boolean": 1, "integer": 1, "null": 1}


def test_the_pages_of_a_list_are_one_answer() -> None:
    shape = shape_of(
        {"data": [{"id": 1}] * 30, "meta": {"next": {}}}, {"data": [{"id": 1}] * 20, "meta": {"next": None}}
    )
    assert shape["fields"]["data"]["rows"] == 100
    assert shape["fields"]["meta"]["fields"]["next"]["seen"] == {"null": 1, "object": 1}


def test_a_list_has_no_more_rows_than_requested() -> None:
    assert shape_of({"data": [{"id": 1}]}, most_rows=1)["fields"]["data"]["rows"] == 1


def test_nested_lists_do_not_multiply_without_end() -> None:
    value: object = 1
    for _ in range(9):
        value = [{"id": value}]
    text = json.dumps(shape_of(value))
    assert '"rows": 1000000' in text
    assert '"rows": 10000000' not in text


def test_deep_values_are_not_described() -> None:
    value: object = 1
    for _ in range(500):
        value = [value]
    assert json.dumps(shape_of(value)).count("rows") == 20


@pytest.mark.parametrize(
    ("number", "expected"), [(0, 0), (1, 10), (10, 10), (10.5, 100), (11, 100), (100, 100), (4321, 10_000)]
)
def test_magnitude(number: float, expected: int) -> None:
    assert magnitude(number) == expected


def exchange(
    status: int | None,
    body: bytes | None = b"{}",
    params: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Exchange:
    return Exchange(Endpoint.USAGE_V2, params or {}, 0.27, status, headers or {}, body)


def document(*exchanges: Exchange) -> dict[str, Any]:
    shapes = ResponseShapes()
    for each in exchanges:
        shapes.add(each)
    return shapes.document()


def test_statuses_are_in_order_with_the_length_of_failing_runs() -> None:
    found = document(*map(exchange, [503, 503, 200, 200, None]))
    (request,) = found["answers"]
    assert request["statuses"] == [
        {"status": 503, "times": 2},
        {"status": 200, "times": 1},
        {"status": None, "times": 1},
    ]
    assert [response["status"] for response in request["responses"]] == [503, 200, None]


def test_requests_are_distinguished_by_what_decides_on_the_answer() -> None:
    window = {"organizationId": "o", "from": "2025-10-01T00:00:00Z", "to": "2026-11-01T00:00:00Z"}
    found = document(
        exchange(200, params={**window, "granularity": "daily"}),
        exchange(200, params={**window, "granularity": "all"}),
        exchange(200, params={**window, "granularity": "zqmarker"}),
    )
    assert [(request["values"], request["months"]) for request in found["answers"]] == [
        ({}, 13),
        ({"granularity": "all"}, 13),
        ({"granularity": "daily"}, 13),
    ]
    assert found["answers"][0]["parameters"] == ["from", "granularity", "organizationId", "to"]


@pytest.mark.parametrize(
    ("body", "body_format"),
    [
        (b'{"a": 1}', "json"),
        (b"<html></html>", "html"),
        (b"upstream error", "text"),
        (b" ", "empty"),
        (b"[" * 100_000, "text"),
        (None, "incomplete"),
    ],
)
def test_the_format_of_a_body_is_described(body: bytes | None, body_format: str) -> None:
    (response,) = document(exchange(200, body))["answers"][0]["responses"]
    assert response["formats"] == [body_format]


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        ({"error": "FEATURE_NOT_AVAILABLE", "message": "x"}, ["FEATURE_NOT_AVAILABLE"]),
        ({"error": "SOMETHING", "message": "Unauthorized: Invalid organization."}, ["INVALID_ORGANIZATION"]),
        ({"error": {"message": "x"}}, []),
        (["FEATURE_NOT_AVAILABLE"], []),
    ],
)
def test_known_error_codes_are_written(body: object, codes: list[str]) -> None:
    (response,) = document(exchange(403, json.dumps(body).encode()))["answers"][0]["responses"]
    assert response["codes"] == codes


def test_headers_are_written_by_name_and_sizes_rounded() -> None:
    headers = {"Content-Type": "application/JSON; charset=utf-8", "Retry-After": "7", "X-Acme": "1"}
    (response,) = document(exchange(200, b'{"a": "bbb"}', headers=headers))["answers"][0]["responses"]
    assert response["headers"] == ["content-type", "retry-after"]
    assert response["other_headers"] is True
    assert (response["bytes"], response["seconds"]) == (20, 0.5)
