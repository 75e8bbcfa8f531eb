"""Invalid requests get the right status and error format."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tabnine_report.sandbox.server import RunningSandbox

Fetch = Callable[..., httpx.Response]

USAGE = "v1/organization/usage"


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic c2FuZGJveA=="}])
def test_a_request_without_a_valid_token_is_unauthorized(sandbox: RunningSandbox, headers: dict[str, str]) -> None:
    response = httpx.get(f"{sandbox.base_url}/api/v1/organization", headers=headers)

    assert response.status_code == 401
    assert {
        "error": "UNAUTHORIZED",
        "message": "Unauthorized",
        "status": 401,
        "requestId": response.headers["X-Request-Id"],
        "details": {},
    } == response.json()


def test_the_token_is_checked_before_the_parameters(sandbox: RunningSandbox) -> None:
    assert httpx.get(f"{sandbox.base_url}/api/{USAGE}").status_code == 401


@pytest.mark.parametrize("organization", [None, "another"])
def test_usage_of_another_organization_is_unauthorized(
    fetch: Fetch, october: dict[str, str], organization: str | None
) -> None:
    params = {**october, "granularity": "all"}
    del params["organizationId"]
    response = fetch(USAGE, **params, **({"organizationId": organization} if organization else {}))

    assert response.status_code == 401
    assert response.json() == {"message": "Unauthorized: Invalid organization.", "status": 401}


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        ({"from": "2026-10-01T00:00:00.000Z"}, "from"),
        ({"from": "2026-10-01"}, "from"),
        ({"from": "2026-02-30T00:00:00Z"}, "from"),
        ({"to": "2026-11-01T00:00:00+00:00"}, "to"),
        ({"to": ""}, "to"),
        ({"granularity": "yearly"}, "granularity"),
        ({"granularity": ""}, "granularity"),
        ({"from": "2026-11-01T00:00:00Z"}, "from"),
        ({"from": "2026-12-01T00:00:00Z"}, "from"),
    ],
)
def test_an_invalid_parameter_is_named(
    fetch: Fetch, october: dict[str, str], changed: dict[str, str], name: str
) -> None:
    response = fetch(USAGE, **{**october, "granularity": "all", **changed})
    error = response.json()["error"]

    assert (response.status_code, error["status"], error["message"]) == (400, 400, "Bad Request")
    assert [name] == [reason.partition(":")[0] for reason in error["errors"]]


@pytest.mark.parametrize("missing", ["from", "to", "granularity"])
def test_a_missing_parameter_is_named(fetch: Fetch, october: dict[str, str], missing: str) -> None:
    params = {**october, "granularity": "all"}
    del params[missing]
    response = fetch(USAGE, **params)

    assert response.status_code == 400
    assert [f"{missing}: Field required"] == response.json()["error"]["errors"]


@pytest.mark.parametrize(
    ("path", "params"),
    [
        ("v1/organization/users", {"offset": 0, "limit": 0, "teamMember": "true", "active": "true"}),
        ("v1/organization/users", {"offset": -1, "limit": 5, "teamMember": "true", "active": "true"}),
        ("v1/organization/users", {"limit": 5, "teamMember": "true", "active": "true"}),
        ("v1/organization/users", {"offset": 0, "limit": 5, "active": "true"}),
        ("v1/organization/users", {"offset": 0, "limit": 5, "teamMember": "true", "active": "perhaps"}),
        ("v1/organization/teams", {"offset": 0, "limit": -1}),
        ("v1/instance/permissions", {}),
        ("v1/instance/permissions", {"role": "King"}),
        ("v1/organization/account-utilizations", {"startDate": "2026-13"}),
        ("v1/organization/account-utilizations", {"startDate": "October"}),
        ("v1/team/account-utilizations", {}),
    ],
)
def test_other_invalid_requests_are_bad_requests(fetch: Fetch, path: str, params: dict[str, Any]) -> None:
    response = fetch(path, **params)

    assert response.status_code == 400
    assert len(response.json()["error"]["errors"]) == 1


def test_accounts_of_a_future_month_are_unprocessable(fetch: Fetch) -> None:
    response = fetch("v1/organization/account-utilizations", startDate="2026-12")

    assert response.status_code == 422
    assert response.json()["error"]["errors"] == ["startDate: must not lie in the future"]


def test_an_unknown_team_or_path_is_not_found(fetch: Fetch, october: dict[str, str]) -> None:
    for response in (
        fetch("v1/team/usage", **october, teamId="nobody", granularity="all"),
        fetch("v1/team/account-utilizations", teamId="nobody"),
        fetch("v1/team/nobody/users", offset=0, limit=5),
    ):
        assert (response.status_code, response.json()) == (404, {"message": "Team not found.", "status": 404})
    unknown = fetch("v1/organization/nothing")
    assert (unknown.status_code, unknown.json()) == (404, {"message": "Not Found", "status": 404})


def test_only_get_is_allowed(sandbox: RunningSandbox) -> None:
    response = httpx.post(f"{sandbox.base_url}/api/v1/license", headers={"Authorization": f"Bearer {sandbox.token}"})

    assert (response.status_code, response.json()) == (405, {"message": "Method Not Allowed", "status": 405})


def test_every_answer_has_its_own_request_id(fetch: Fetch) -> None:
    responses = [fetch("v1/license"), fetch("v1/license"), fetch("v1/nothing"), fetch(USAGE), fetch("/docs")]

    assert len(responses) == len({response.headers["X-Request-Id"] for response in responses})
