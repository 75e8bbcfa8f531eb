"""A timestamp in a header is read or ignored, whatever its text."""

from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tabnine_report.usage_api.http_date import read_http_date


@pytest.mark.parametrize(
    "text",
    [
        "Sun, 01 Nov 2026 07:00:00 GMT",
        "Sun, 01 Nov 2026 08:00:00 +0100",
        "Sun, 01 Nov 2026 07:00:00 -0000",
        "Sunday, 01-Nov-26 07:00:00 GMT",
    ],
)
def test_a_timestamp_is_read_in_utc(text: str) -> None:
    assert read_http_date(text) == datetime(2026, 11, 1, 7, tzinfo=UTC)


NUMBER = st.sampled_from(["0", "1", "07", "24", "31", "61", "99", "2026", "9999", "10000", "9" * 30])
ZONE = st.sampled_from(["GMT", "", "+0100", "+2359", "-2359", "+9999", "-" + "9" * 30, "EST"])


@settings(deadline=None)
@given(day=NUMBER, year=NUMBER, hour=NUMBER, zone=ZONE)
@example(day="01", year="0001", hour="00", zone="+2359")
@example(day="31", year="9999", hour="23", zone="-2359")
@example(day="31", year="9" * 30, hour="23", zone="GMT")
def test_a_timestamp_out_of_range_is_ignored(day: str, year: str, hour: str, zone: str) -> None:
    instant = read_http_date(f"Sun, {day} Dec {year} {hour}:00:00 {zone}")

    assert instant is None or instant.tzinfo is UTC


@settings(deadline=None)
@given(st.text())
def test_any_other_text_is_ignored(text: str) -> None:
    instant = read_http_date(text)

    assert instant is None or instant.tzinfo is UTC
