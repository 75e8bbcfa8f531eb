"""An invalid field affects no other, in every record and every block."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from pydantic import ValidationError

from tabnine_report.usage_api.base_records import Record
from tabnine_report.usage_api.endpoints.account_utilizations import AccountUtilization
from tabnine_report.usage_api.endpoints.agent_usage import AgentUsageBucket
from tabnine_report.usage_api.endpoints.instance_permissions import Admin
from tabnine_report.usage_api.endpoints.license import License
from tabnine_report.usage_api.endpoints.organization import Organization
from tabnine_report.usage_api.endpoints.team_account_utilizations import TeamAccounts
from tabnine_report.usage_api.endpoints.teams import Team
from tabnine_report.usage_api.endpoints.usage import UsageBucketV1, UsageBucketV2
from tabnine_report.usage_api.endpoints.users import User

PERIOD = {"from": "2026-10-01T00:00:00Z", "to": "2026-11-01T00:00:00Z"}
COMPLETIONS = dict.fromkeys(("activeUsers", "completions", "charsCompleted", "keystrokes", "lines"), 5)
V1: dict[str, Any] = PERIOD | {
    "activeUsers": 5,
    "productivityFactor": 0.5,
    "codeCompletions": COMPLETIONS | {"automationFactor": 0.5},
    "chat": dict.fromkeys(
        ("activeUsers", "interactions", "usefulChatInteractions", "lines", "charsCompleted", "messages", "linesAdded"),
        5,
    ),
    "agent": dict.fromkeys(("activeUsers", "interactions", "messages", "linesAdded", "linesAddedAccepted"), 5),
    "instruct": {"acceptedCount": 5},
}
COMPLETE: dict[type[Record], dict[str, Any]] = {
    Organization: {
        "id": "o",
        "name": "ACME",
        **dict.fromkeys(("samlEnabled", "smtpConfigured", "usernamePasswordEnabled", "oauthEnabled"), True),
    },
    License: {"seats": 5, "exp": 1801180800, "iat": 1769644800},
    Team: {"id": "t", "name": "Core"},
    Admin: {"username": "ada"},
    User: {
        "id": "u",
        "username": "ada",
        "email": "ada@acme.example",
        "team": {"name": "Core"},
        "deactivatedAt": "2026-10-05T08:00:00Z",
        "updatedAt": "2026-10-05T08:00:00Z",
    },
    TeamAccounts: {"registered": 5},
    AccountUtilization: {"year": 2026, "month": 9, "registered": 5, "active": 5, "deactivated": 5, "pending": 5},
    UsageBucketV1: V1,
    UsageBucketV2: V1,
    AgentUsageBucket: PERIOD
    | dict.fromkeys(("activeUsers", "totalTokensConsumed", "totalInputTokens", "totalOutputTokens", "totalCost"), 5)
    | {"modelBreakdown": [{"model": "m", "tokensConsumed": 5, "inputTokens": 5, "outputTokens": 5, "cost": 5}]},
}
NEEDED = {"id", "from", "to", "year", "month"} | {"Team.name", "Admin.username"}
WRONG_TEXTS: list[Any] = ["", " ", [1], True, float("nan")]
WRONG_SETTINGS: list[Any] = ["", "true", 1, [], {}]
WRONG_VALUES: list[Any] = ["", "many", -5, float("nan"), float("inf"), 10**30, [1], True, "0001-01-01"]


def paths(data: dict[str, Any], prefix: str = "") -> Iterator[str]:
    """Yield the path of every field, those of blocks included."""
    for name, value in data.items():
        yield prefix + name
        if isinstance(value, dict) and name != "team":
            yield from paths(value, f"{prefix}{name}.")


def damaged(data: dict[str, Any], path: str, value: object) -> dict[str, Any]:
    name, _, rest = path.partition(".")
    return {**data, name: damaged(data[name], rest, value) if rest else value}


def is_needed(record: type[Record], path: str) -> bool:
    return path in NEEDED or f"{record.__name__}.{path}" in NEEDED


def wrong_values(path: str) -> list[Any]:
    if path in ("name", "username", "email", "team"):
        return WRONG_TEXTS
    return WRONG_SETTINGS if path.endswith(("Enabled", "Configured")) else WRONG_VALUES


CASES = [(record, path) for record, data in COMPLETE.items() for path in paths(data)]


def test_complete_records_have_no_invalid_field() -> None:
    for record, data in COMPLETE.items():
        assert [*record.model_validate(data).invalid_fields()] == []


@pytest.mark.parametrize(
    ("record", "path", "value"),
    [(*case, value) for case in CASES if not is_needed(*case) for value in wrong_values(case[1])],
)
def test_invalid_field_is_none_and_all_else_is_read(record: type[Record], path: str, value: object) -> None:
    got = record.model_validate(damaged(COMPLETE[record], path, value))
    assert [*got.invalid_fields()] == [path]
    assert got.is_invalid(path)
    assert not any(got.is_invalid(other) for _, other in CASES if other != path and not other.startswith(f"{path}."))
    shown, expected = got.model_dump(by_alias=True), record.model_validate(COMPLETE[record]).model_dump(by_alias=True)
    assert shown == damaged(expected, path, None)


@pytest.mark.parametrize("record", COMPLETE)
def test_no_field_has_half_a_surrogate_pair(record: type[Record]) -> None:
    """JSON can escape it, but no document could contain it: UTF-8 cannot encode it."""
    read = []
    for path in paths(COMPLETE[record]):
        with suppress(ValidationError):
            read.append(record.model_validate(damaged(COMPLETE[record], path, "A\ud800")))

    assert all(found.model_dump_json() for found in read)


@pytest.mark.parametrize(("record", "path"), [case for case in CASES if is_needed(*case)])
@pytest.mark.parametrize("value", [None, [], -5], ids=repr)
def test_record_without_a_needed_field_is_not_read(record: type[Record], path: str, value: object) -> None:
    if value == -5 and path in ("id", "name", "username"):
        value = ""
    with pytest.raises(ValidationError):
        record.model_validate(damaged(COMPLETE[record], path, value))


@pytest.mark.parametrize("value", [[], "x", 5, True])
@pytest.mark.parametrize("block", ["codeCompletions", "chat", "agent", "instruct"])
def test_block_of_the_wrong_type_costs_the_block(block: str, value: object) -> None:
    got = UsageBucketV2.model_validate(V1 | {block: value})
    assert getattr(got, {"codeCompletions": "code_completions"}.get(block, block)) is None
    assert got.active_users == 5
    assert got.is_invalid(f"{block}.activeUsers")
    assert not got.is_invalid("activeUsers")


@pytest.mark.parametrize("breakdown", [{}, "x", ["x"], [None], [[]]])
def test_breakdown_of_the_wrong_type_costs_the_breakdown(breakdown: object) -> None:
    got = AgentUsageBucket.model_validate(COMPLETE[AgentUsageBucket] | {"modelBreakdown": breakdown})
    assert (got.model_breakdown, got.total_cost, [*got.invalid_fields()]) == (None, 5, ["modelBreakdown"])


def test_invalid_field_of_a_model_costs_only_itself() -> None:
    breakdown = [{"model": "m", "cost": -1, "tokensConsumed": "7"}, {"model": "n", "cost": 2}]
    got = AgentUsageBucket.model_validate(COMPLETE[AgentUsageBucket] | {"modelBreakdown": breakdown})
    assert got.model_breakdown
    assert [(m.model, m.cost, m.tokens_consumed) for m in got.model_breakdown] == [("m", None, 7), ("n", 2, None)]
    assert [*got.invalid_fields()] == ["modelBreakdown.cost"]
