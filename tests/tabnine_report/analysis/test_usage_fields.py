"""Fields of a usage bucket: an absent one is None, and numbers stay exact."""

from tabnine_report.analysis.usage_figures import field_value
from tabnine_report.usage_api.endpoints.usage import UsageBucketV1, UsageBucketV2

PERIOD = {"from": "2026-10-01T00:00:00Z", "to": "2026-11-01T00:00:00Z"}
LARGEST = 2**53


def test_zero_is_a_value_and_an_absent_field_or_block_is_none() -> None:
    bucket = UsageBucketV1.model_validate(PERIOD | {"activeUsers": 3, "chat": {"interactions": 0, "lines": None}})

    assert field_value(bucket, "activeUsers") == 3
    assert field_value(bucket, "chat.interactions") == 0
    assert field_value(bucket, "chat.lines") is None
    assert field_value(bucket, "agent.activeUsers") is None
    assert field_value(None, "activeUsers") is None


def test_large_counts_are_exact_integers() -> None:
    bucket = UsageBucketV2.model_validate(PERIOD | {"activeUsers": 1, "agent": {"linesAdded": LARGEST}})

    assert field_value(bucket, "agent.linesAdded") == LARGEST
    assert type(field_value(bucket, "activeUsers")) is int


def test_shares_are_floats() -> None:
    bucket = UsageBucketV1.model_validate(PERIOD | {"activeUsers": 3, "productivityFactor": 0.433})

    assert field_value(bucket, "productivityFactor") == 0.433
