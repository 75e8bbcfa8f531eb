"""The quirks of an installation, a license or a token."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime
from typing import Any

import httpx
import pytest

from tabnine_report.sandbox.endpoints import ENDPOINTS
from tabnine_report.sandbox.quirks import LongWindow, Quirks
from tabnine_report.sandbox.server import RunningSandbox, serve_sandbox
from tabnine_report.sandbox.world import World


class Installations:
    """Requests sandboxes by their quirks, and starts each of them when it is first requested."""

    def __init__(self, world: World, now: datetime, running: ExitStack) -> None:
        self._world, self._now, self._running = world, now, running
        self._sandboxes: dict[Quirks, RunningSandbox] = {}

    def get(
        self, quirks: Quirks, path: str, *, start: str = "2026-10-01", timeout: float = 30, **params: str
    ) -> httpx.Response:
        """Return the response to a request, which is for usage from `start` to October 2026."""
        window = {"from": f"{start}T00:00:00Z", "to": "2026-11-01T00:00:00Z"}
        if quirks not in self._sandboxes:
            self._sandboxes[quirks] = self._running.enter_context(
                serve_sandbox(self._world, now=lambda: self._now, quirks=quirks)
            )
        sandbox = self._sandboxes[quirks]
        return httpx.get(
            f"{sandbox.base_url}/api/{path}",
            params={"organizationId": self._world.id, "teamId": self._world.teams[1].id, **window, **params},
            headers={"Authorization": f"Bearer {sandbox.token}"},
            timeout=timeout,
        )


@pytest.fixture(scope="module")
def installations(world: World, now: datetime) -> Iterator[Installations]:
    with ExitStack() as running:
        yield Installations(world, now, running)


def test_an_endpoint_that_the_token_has_no_permission_for_is_forbidden(installations: Installations) -> None:
    quirks = Quirks(denied=frozenset({"license", "team/{teamId}/users"}))
    denied = installations.get(quirks, "v1/license")

    assert denied.status_code == 403
    assert denied.json() == {
        "error": "FORBIDDEN",
        "message": "Insufficient permissions",
        "status": 403,
        "requestId": denied.headers["X-Request-Id"],
        "details": {},
    }
    # Before the parameters and the team are checked.
    assert installations.get(quirks, "v1/team/nobody/users").status_code == 403
    assert installations.get(quirks, "v1/organization").status_code == 200


def test_a_token_without_any_permission_still_differs_from_a_wrong_token(
    installations: Installations, world: World, now: datetime
) -> None:
    quirks = Quirks(denied=frozenset(ENDPOINTS))
    with serve_sandbox(world, now=lambda: now, quirks=quirks) as sandbox:
        wrong = httpx.get(f"{sandbox.base_url}/api/v1/license", headers={"Authorization": "Bearer wrong"})

    assert wrong.status_code == 401
    assert {installations.get(quirks, f"v1/{name}").status_code for name in ("license", "organization")} == {403}


def test_an_unknown_endpoint_cannot_be_denied(world: World, now: datetime) -> None:
    with (
        pytest.raises(ValueError, match=r"No endpoint has the name billing. Use instance/permissions, license, "),
        serve_sandbox(world, now=lambda: now, quirks=Quirks(denied=frozenset({"billing"}))),
    ):
        pass


@pytest.mark.parametrize("path", ["v1/organization/agent-usage", "v1/team/agent-usage"])
def test_agent_usage_outside_the_license_is_not_available(installations: Installations, path: str) -> None:
    response = installations.get(Quirks(agent_usage_licensed=False), path)

    assert response.status_code == 403
    assert {"error", "message"} == set(response.json())
    assert response.json()["error"] == "FEATURE_NOT_AVAILABLE"


@pytest.mark.parametrize("path", ["v1/organization/agent-usage", "v1/team/agent-usage"])
@pytest.mark.parametrize(
    ("quirks", "accepted"),
    [
        (Quirks(), ["all", "daily", "weekly", "monthly"]),
        (Quirks(agent_usage_version="older"), ["all", "day", "week", "month"]),
    ],
)
def test_agent_usage_accepts_the_granularities_of_its_version(
    installations: Installations, path: str, quirks: Quirks, accepted: list[str]
) -> None:
    for granularity in ("all", "daily", "weekly", "monthly", "day", "week", "month", "yearly", ""):
        response = installations.get(quirks, path, granularity=granularity)

        if granularity in accepted:
            assert response.json()["usage"]["granularity"] == granularity
        else:
            assert response.status_code == 400
            assert response.json()["error"]["errors"] == [f"granularity: must be one of {', '.join(accepted)}"]


def test_the_older_version_returns_the_same_buckets_without_types_of_agents(installations: Installations) -> None:
    path = "v1/organization/agent-usage"
    older = Quirks(agent_usage_version="older")
    for current_name, older_name in (("daily", "day"), ("weekly", "week"), ("monthly", "month")):
        responses = [
            installations.get(quirks, path, granularity=name).json()["usage"]["data"]
            for quirks, name in ((Quirks(), current_name), (older, older_name))
        ]
        assert responses[1]
        assert [{**bucket, "agentTypeBreakdown": None} for bucket in responses[0]] == [
            {**bucket, "agentTypeBreakdown": None} for bucket in responses[1]
        ]
        assert all("agentTypeBreakdown" in bucket for bucket in responses[0])
        assert not any("agentTypeBreakdown" in bucket for bucket in responses[1])


def costs(response: httpx.Response) -> tuple[Any, list[Any]]:
    (bucket,) = response.json()["usage"]["data"]
    assert all(model["tokensConsumed"] > 0 for model in bucket["modelBreakdown"])
    return bucket["totalCost"], [model["cost"] for model in bucket["modelBreakdown"]]


def test_a_model_without_a_price_costs_nothing(installations: Installations) -> None:
    path = "v1/organization/agent-usage"
    total, models = costs(installations.get(Quirks(), path))
    total_of_some, some_models = costs(installations.get(Quirks(agent_prices="some"), path))

    assert all(models)
    assert some_models == [0, *models[1:]]
    assert total_of_some == pytest.approx(total - models[0])
    assert costs(installations.get(Quirks(agent_prices="none"), path)) == (0, [0, 0, 0])


@pytest.mark.parametrize("path", ["v1/organization/usage", "v2/team/usage", "v1/organization/agent-usage"])
@pytest.mark.parametrize(
    ("quirks", "granularity", "start", "status"),
    [
        (Quirks(most_days=31), "daily", "2026-10-01", 200),
        (Quirks(most_days=31), "daily", "2026-09-30", 400),
        (Quirks(most_days=31), "weekly", "2025-10-01", 200),
        (Quirks(most_days=31), "all", "2025-10-01", 200),
        (Quirks(most_months=12), "monthly", "2025-11-01", 200),
        (Quirks(most_months=12), "monthly", "2025-10-01", 400),
        (Quirks(most_days=31, most_months=12), "daily", "2025-10-01", 400),
    ],
)
def test_a_window_that_is_too_long_is_rejected(  # noqa: PLR0917 - a table
    installations: Installations, path: str, quirks: Quirks, granularity: str, start: str, status: int
) -> None:
    response = installations.get(quirks, path, granularity=granularity, start=start)

    assert response.status_code == status
    if status == 400:
        most = quirks.most_days if granularity == "daily" else quirks.most_months
        assert response.json()["error"]["errors"] == [f"from: must be at most {most} buckets before to"]


@pytest.mark.parametrize(("long_window", "status"), [("answered", 200), ("rejected", 400), ("timeout", 504)])
def test_a_window_that_is_too_long_may_be_slow(
    installations: Installations, long_window: LongWindow, status: int
) -> None:
    path = "v2/organization/usage"
    quirks = Quirks(most_days=30, long_window=long_window, long_window_seconds=0.01)
    assert installations.get(quirks, path, granularity="daily").status_code == status

    quirks = Quirks(most_days=30, long_window=long_window, long_window_seconds=60)
    with pytest.raises(httpx.ReadTimeout):
        installations.get(quirks, path, timeout=0.2, granularity="daily")
    assert installations.get(quirks, path, granularity="monthly").status_code == 200


def test_by_default_nothing_is_denied_and_no_window_is_too_long() -> None:
    assert Quirks() == Quirks(
        users_limit=1_000,
        teams_limit=500,
        last_page="null",
        denied=frozenset(),
        agent_usage_licensed=True,
        agent_usage_version="current",
        agent_prices="all",
        most_days=None,
        most_months=None,
        long_window="rejected",
        long_window_seconds=0.0,
    )
