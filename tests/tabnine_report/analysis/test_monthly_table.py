"""Tests of the data frames: absent values stay absent, and large counts stay exact."""

import pandas as pd

from tabnine_report.analysis.monthly_table import ACCOUNTS, COUNTS, SHARES, accounts_frame, usage_frame, value
from tabnine_report.usage_api.records import AccountUtilization, UsageBucketV1, UsageBucketV2

PERIOD = {"from": "2026-10-01T00:00:00Z", "to": "2026-11-01T00:00:00Z"}
LARGEST = 2**53


def test_a_bucket_is_a_row_with_a_column_for_every_field_whether_it_is_there_or_not() -> None:
    bucket = UsageBucketV1.model_validate(PERIOD | {"activeUsers": 3, "chat": {"interactions": 0, "lines": None}})
    frame = usage_frame({"2026-10": bucket})

    assert list(frame.index) == ["2026-10"]
    assert sorted(frame.columns) == sorted([*COUNTS, *SHARES])
    assert value(frame, "2026-10", "activeUsers") == 3
    assert value(frame, "2026-10", "chat.interactions") == 0
    assert value(frame, "2026-10", "chat.lines") is None
    assert value(frame, "2026-10", "agent.activeUsers") is None
    assert value(frame, "2026-09", "activeUsers") is None


def test_a_large_count_beside_an_absent_one_stays_exact() -> None:
    large = UsageBucketV2.model_validate(PERIOD | {"activeUsers": 1, "agent": {"linesAdded": LARGEST}})
    absent = UsageBucketV2.model_validate(PERIOD | {"activeUsers": 1})
    frame = usage_frame({"2026-09": absent, "2026-10": large})

    assert value(frame, "2026-10", "agent.linesAdded") == LARGEST
    assert value(frame, "2026-09", "agent.linesAdded") is None
    assert frame.dtypes["agent.linesAdded"] == pd.Int64Dtype()


def test_shares_are_floats_and_counts_integers() -> None:
    bucket = UsageBucketV1.model_validate(PERIOD | {"activeUsers": 3, "productivityFactor": 0.433})
    frame = usage_frame({"2026-10": bucket})

    assert value(frame, "2026-10", "productivityFactor") == 0.433
    assert type(value(frame, "2026-10", "activeUsers")) is int


def test_no_buckets_give_no_rows_and_all_columns() -> None:
    assert usage_frame({}).shape == (0, len(COUNTS) + len(SHARES))
    assert accounts_frame([]).shape == (0, len(ACCOUNTS))


def test_months_of_accounts_are_sorted_and_of_two_rows_counts_what_they_agree_on() -> None:
    rows = [
        {"year": 2026, "month": 9, "registered": 5, "active": 4},
        {"year": 2025, "month": 11, "registered": 4, "active": 3},
        {"year": 2026, "month": 9, "registered": 6, "active": 4},
    ]
    frame = accounts_frame([AccountUtilization.model_validate(row) for row in rows])

    # `month` counts from 0: 9 is October, 11 December.
    assert list(frame.index) == ["2025-12", "2026-10"]
    assert value(frame, "2026-10", "registered") is None
    assert value(frame, "2026-10", "active") == 4
    assert value(frame, "2026-10", "pending") is None
