"""Every response agrees with the vendor's specification, written down in vendor_responses.schema.json.

The specification is what the vendor publishes: the reference page and the OpenAPI files. It is independent of the
schemas in the sandbox, so that an error in those does not go unnoticed.
"""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator

from tabnine_report.sandbox.endpoints import ENDPOINTS
from tabnine_report.sandbox.quirks import Quirks
from tabnine_report.sandbox.server import RunningSandbox, serve_sandbox
from tabnine_report.sandbox.world import World

SPECIFICATION = json.loads((Path(__file__).parent / "vendor_responses.schema.json").read_text(encoding="utf-8"))
ANSWERS = {
    "organization": "organization",
    "organization/teams": "teams",
    "license": "license",
    "instance/permissions": "permissions",
    "organization/account-utilizations": "accountUtilizations",
    "organization/usage": "usageV1",
    "team/usage": "usageV1",
    "v2/organization/usage": "usageV2",
    "v2/team/usage": "usageV2",
    "organization/users": "users",
    "team/{teamId}/users": "teamUsers",
    "team/account-utilizations": "teamAccountUtilizations",
    "organization/agent-usage": "agentUsage",
    "team/agent-usage": "agentUsage",
}
QUIRKS = Quirks(
    last_page="absent", denied=frozenset({"license"}), agent_usage_version="older", agent_prices="some", most_days=31,
    long_window="timeout",
)  # fmt: skip
WINDOW = {"from": "2025-08-01T00:00:00Z", "to": "2026-11-01T00:00:00Z"}


def problems(response: str, document: object) -> list[str]:
    """Return how a document differs from the specification of an response."""
    schema = {**SPECIFICATION, "$ref": f"#/$defs/{response}"}
    validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(document)]


@pytest.fixture(scope="module")
def quirky(world: World, now: datetime) -> Iterator[RunningSandbox]:
    with serve_sandbox(world, now=lambda: now, quirks=QUIRKS) as running:
        yield running


def get(sandbox: RunningSandbox, name: str, **params: str) -> httpx.Response:
    """Request an endpoint with the parameters of all endpoints; each ignores those of the others."""
    team = sandbox.world.teams[1].id
    path = (name if name.startswith("v2/") else f"v1/{name}").replace("{teamId}", team)
    every_parameter = {
        **WINDOW, "organizationId": sandbox.world.id, "teamId": team, "granularity": "all", "role": "Admin",
        "offset": "0", "limit": "60", "teamMember": "true", "active": "true", "startDate": "2025-01",
    }  # fmt: skip
    headers = {"Authorization": f"Bearer {sandbox.token}"}
    return httpx.get(
        f"{sandbox.base_url}/api/{path}", params={**every_parameter, **params}, headers=headers, timeout=60
    )


def test_the_specification_is_a_schema_and_covers_every_endpoint() -> None:
    Draft202012Validator.check_schema(SPECIFICATION)

    assert set(ANSWERS) == set(ENDPOINTS)
    assert set(ANSWERS.values()) <= set(SPECIFICATION["$defs"])


@pytest.mark.parametrize("name", ANSWERS)
def test_every_answer_agrees_with_the_specification(sandbox: RunningSandbox, name: str) -> None:
    assert problems(ANSWERS[name], get(sandbox, name).raise_for_status().json()) == []


@pytest.mark.parametrize("granularity", ["daily", "weekly", "monthly"])
@pytest.mark.parametrize("name", [name for name in ANSWERS if name.endswith("usage")])
def test_buckets_of_every_granularity_agree(sandbox: RunningSandbox, name: str, granularity: str) -> None:
    response = get(sandbox, name, granularity=granularity).raise_for_status().json()

    assert len(response["usage"]["data"]) > 1
    assert problems(ANSWERS[name], response) == []


@pytest.mark.parametrize("params", [{"limit": "3"}, {"teamMember": "false"}, {"active": "false"}, {"offset": "5000"}])
@pytest.mark.parametrize("name", ["organization/teams", "organization/users", "team/{teamId}/users"])
def test_every_page_agrees(sandbox: RunningSandbox, quirky: RunningSandbox, name: str, params: dict[str, str]) -> None:
    for server in (sandbox, quirky):
        assert problems(ANSWERS[name], get(server, name, **params).raise_for_status().json()) == []


@pytest.mark.parametrize("role", SPECIFICATION["$defs"]["role"]["enum"])
def test_permissions_of_every_role_agree(sandbox: RunningSandbox, role: str) -> None:
    response = get(sandbox, "instance/permissions", role=role).raise_for_status().json()

    assert response
    assert problems("permissions", response) == []


@pytest.mark.parametrize("granularity", ["all", "day", "week", "month"])
@pytest.mark.parametrize("name", ["organization/agent-usage", "team/agent-usage"])
def test_agent_usage_of_an_older_installation_agrees(quirky: RunningSandbox, name: str, granularity: str) -> None:
    window = {"from": "2026-10-01T00:00:00Z", "to": "2026-11-01T00:00:00Z"}
    response = get(quirky, name, **window, granularity=granularity).raise_for_status().json()

    assert response["usage"]["granularity"] == granularity
    assert problems("agentUsage", response) == []


@pytest.mark.parametrize(("name", "status"), [("license", 403), ("v2/organization/usage", 504)])
def test_errors_with_a_code_agree(quirky: RunningSandbox, name: str, status: int) -> None:
    response = get(quirky, name, granularity="daily")

    assert response.status_code == status
    assert problems("error", response.json()) == []


@pytest.mark.parametrize(
    ("name", "change", "problem"),
    [
        ("v2/organization/usage", {"activeUsers": "12"}, "$.usage.data[0].activeUsers: '12' is not of type 'integer'"),
        ("v2/organization/usage", {"activeusers": 12}, "$.usage.data[0]: Additional properties are not allowed"),
        ("organization/usage", {"from": "2026-10-01"}, "$.usage.data[0].from: '2026-10-01' does not match"),
        ("organization/agent-usage", {"totalCost": -1}, "$.usage.data[0].totalCost: -1 is less than the minimum of 0"),
        ("organization/agent-usage", {"modelBreakdown": [{}]}, "$.usage.data[0].modelBreakdown[0]: 'model' is a"),
    ],
)
def test_a_difference_is_found(sandbox: RunningSandbox, name: str, change: dict[str, Any], problem: str) -> None:
    response = get(sandbox, name).json()
    response["usage"]["data"][0] |= change

    assert problems(ANSWERS[name], response)[0].startswith(problem)
