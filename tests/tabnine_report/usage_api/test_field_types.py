import json
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from tabnine_report.usage_api.field_types import UNLIMITED, Amount, Count, Id, Instant, LicenseEnd, Seats, Share, Text
from tabnine_report.usage_api.snapshot import parse_json

OCTOBER = datetime(2026, 10, 1, tzinfo=UTC)
INVALID = "invalid"


def all_read_as(expected: object, *values: object) -> list[tuple[object, object]]:
    return [(value, expected) for value in values]


def read(kind: Any, value: object) -> object:
    try:
        return TypeAdapter(kind).validate_python(parse_json(json.dumps(value).encode()))
    except ValidationError:
        return INVALID


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        *all_read_as(1237, 1237, 1237.0, "1237"),
        (0, 0),
        *all_read_as(INVALID, True, False, -1, "-1", 1.5, "1.5", "1,237", "", " ", "many", [], {}, None),
        *all_read_as(INVALID, float("nan"), float("inf"), -float("inf"), 10**20, "9" * 20, 2**53 + 1),
    ],
)
def test_count(value: object, expected: object) -> None:
    assert read(Count, value) == expected


@pytest.mark.parametrize("text", ["1e400", "-1e400", "9" * 5000, "-" + "9" * 5000, "NaN", "Infinity"])
def test_number_beyond_every_limit_is_invalid_and_costs_no_json(text: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(Count).validate_python(parse_json(text.encode()))


@pytest.mark.parametrize("kind", [Share, Amount])
@pytest.mark.parametrize(
    ("value", "expected"),
    [
        *all_read_as(0.433, 0.433, "0.433"),
        *all_read_as(1, 1, "1", "1.00"),
        *all_read_as(INVALID, -0.1, True, "-1", "1e3", "1,5", ".5", "", "free", float("nan"), float("inf"), 1e300, []),
    ],
)
def test_share_and_amount(kind: Any, value: object, expected: object) -> None:
    assert read(kind, value) == expected


@pytest.mark.parametrize(
    "value",
    [
        "2026-10-01T00:00:00Z",
        "2026-10-01T00:00:00",
        "2026-10-01T02:00:00+02:00",
        "2026-10-01t00:00:00z",
        " 2026-10-01 00:00 ",
        "2026-10-01",
        *(f"2026-10-01T00:00:00.{'0' * digits}Z" for digits in range(1, 10)),
        1790812800,
        1790812800.0,
        "1790812800",
        1790812800000,
    ],
)
def test_instant(value: object) -> None:
    assert read(Instant, value) == OCTOBER
    assert read(LicenseEnd, value) == OCTOBER


@pytest.mark.parametrize(
    "value",
    [
        *("", "soon", "2026-13-01", "1999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00+05:00"),
        *(0, -1, 5, 1.5, 10**15, 10**30, "9" * 30, True, [], {}, float("nan"), float("inf")),
    ],
)
def test_absurd_instant_is_invalid(value: object) -> None:
    assert read(Instant, value) == INVALID
    assert read(LicenseEnd, value) == INVALID


@pytest.mark.parametrize(
    "value",
    ["9999-12-31T23:59:59Z", "9999-12-31", 253402214400, 253402214400000, "2100-01-01", "unlimited", "Unlimited"],
)
def test_license_end_in_the_far_future_is_no_end(value: object) -> None:
    assert read(LicenseEnd, value) == UNLIMITED
    assert read(Instant, value) == INVALID


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        *all_read_as(2311, 2311, 2311.0, "2311"),
        *all_read_as(UNLIMITED, "unlimited", "UNLIMITED", -1, -1.0, "-1"),
        *all_read_as(None, None),
        *all_read_as(INVALID, True, -2, 1.5, "many", "", [], {}, float("nan"), 10**20),
    ],
)
def test_seats(value: object, expected: object) -> None:
    assert read(Seats, value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a", "a"),
        (7, "7"),
        *all_read_as(INVALID, "", " ", None, True, 1.5, float("nan"), [], {}),
    ],
)
def test_text(value: object, expected: object) -> None:
    assert read(Text, value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("7f8a-ü 1", "7f8a-ü 1"),
        (17, "17"),
        ("x" * 200, "x" * 200),
        *all_read_as(INVALID, "x" * 201, "x" * 70_000, "a\nb", "a\x1b[31mb", "a\x7f", "a\u202eb", "a\u2028b", "\ud800"),
        *all_read_as(INVALID, "", " ", None, 1.5, True, [], {}),
    ],
)
def test_id(value: object, expected: object) -> None:
    assert read(Id, value) == expected
