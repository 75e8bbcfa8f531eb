"""Fetch a month from the Usage Metrics API: the organization, then its other endpoints, then its teams."""

import asyncio
import logging
from collections.abc import Coroutine, Mapping, Sequence
from datetime import datetime
from typing import Any

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.tasks import Task

from tabnine_report.model.errors import FeatureNotAvailable, ReportingError, UsageApiError
from tabnine_report.model.month import Month
from tabnine_report.profile.usage_api_settings import People
from tabnine_report.runs import clock
from tabnine_report.runs.context import RunContext
from tabnine_report.usage_api.client import UsageApi
from tabnine_report.usage_api.endpoints import ORGANIZATION_ENDPOINTS, Endpoint, queries, team_queries
from tabnine_report.usage_api.endpoints.organization import ORGANIZATION
from tabnine_report.usage_api.snapshot import Failure, Fetch, Snapshot
from tabnine_report.usage_api.team_endpoint_selection import team_endpoints, team_ids

RETRIES = 1
RETRY_DELAY_SECONDS = 3
_log = logging.getLogger(__name__)


async def fetch_month(run: RunContext) -> Snapshot:
    """Fetch every endpoint for a month; a failed endpoint is part of the snapshot and does not fail the run.

    Single teams are queried only if the run makes a full edition, the only one that shows them.

    Raises:
        UsageApiError: If `organization` failed, because every other query needs the organization's id.
    """
    settings, network = run.profile.usage_api, run.profile.network
    # All attempts of an endpoint, including Prefect's retry, must end within the profile's timeout.
    budget_seconds = (settings.timeout_seconds - RETRIES * RETRY_DELAY_SECONDS) / (RETRIES + 1)
    # In a thread, because opening the client reads certificates.
    client = await asyncio.to_thread(UsageApi, settings, network, clock=clock.now, budget_seconds=budget_seconds)
    async with client as api:
        people = run.profile.privacy.people
        organization = await fetch_endpoint(Endpoint.ORGANIZATION, api, run.month, people, "")
        organization_id = ORGANIZATION.read(organization).id
        others = [endpoint for endpoint in ORGANIZATION_ENDPOINTS if endpoint is not Endpoint.ORGANIZATION]
        fetches = {Endpoint.ORGANIZATION: organization} | await _fetch_concurrently(
            {endpoint: fetch_endpoint(endpoint, api, run.month, people, organization_id) for endpoint in others}
        )
        if "full" in run.profile.editions and (teams := team_ids(fetches)):
            fetches |= await _fetch_concurrently(
                {
                    endpoint: fetch_team_endpoint(endpoint, api, run.month, organization_id, teams)
                    for endpoint in team_endpoints(fetches, run.month)
                }
            )
    return Snapshot(month=str(run.month), host=settings.host, fetches=fetches)


async def is_retryable(_task: Task[..., Any], _run: TaskRun, state: State[Any]) -> bool:
    """Return whether Prefect should retry a failed task: only if the error's class is marked `retryable`."""
    try:
        await state.aresult()
    except ReportingError as error:
        return error.retryable
    except Exception:  # noqa: BLE001 - any other error is a bug, and a retry would fail in the same way
        return False
    return False


_OPTIONS: dict[str, Any] = {
    "task_run_name": "fetch {endpoint}",
    "cache_policy": NO_CACHE,
    "retries": RETRIES,
    "retry_delay_seconds": RETRY_DELAY_SECONDS,
    "retry_condition_fn": is_retryable,
}


@task(name="fetch-endpoint", **_OPTIONS)
async def fetch_endpoint(
    endpoint: Endpoint, api: UsageApi, month: Month, people: People, organization_id: str
) -> Fetch:
    """Fetch one endpoint of the organization.

    Args:
        endpoint: One of `ORGANIZATION_ENDPOINTS`.
        api: The open client, shared by all fetches of a run.
        month: The reported month.
        people: Whether users are counted or listed.
        organization_id: The id returned by `organization`; empty when fetching that.

    Returns:
        The responses, or a failure if the organization does not have the endpoint.

    Raises:
        UsageApiError: If the endpoint failed otherwise.
    """
    return await _fetch_if_offered(endpoint, api.fetch(endpoint, queries(endpoint, month, organization_id, people)))


@task(name="fetch-team-endpoint", **_OPTIONS)
async def fetch_team_endpoint(
    endpoint: Endpoint, api: UsageApi, month: Month, organization_id: str, teams: Sequence[str]
) -> Fetch:
    """Fetch one endpoint for every team; a team that fails is a failed query of the fetch.

    Args:
        endpoint: One of `TEAM_ENDPOINTS`.
        api: The open client, shared by all fetches of a run; it limits the concurrent requests.
        month: The reported month.
        organization_id: The id returned by `organization`.
        teams: The ids of the teams, at least one.

    Returns:
        The responses, or a failure if the organization does not have the endpoint.

    Raises:
        UsageApiError: If every team failed.
    """
    team_requests = team_queries(endpoint, month, organization_id, teams)
    fetch = await _fetch_if_offered(endpoint, api.fetch_each(endpoint, team_requests))
    for team_id, failure in fetch.failed_queries.items():
        _log.warning("Fetching %s failed for team %s: %s", endpoint, team_id, failure.message)
    return fetch


async def _fetch_if_offered(endpoint: Endpoint, fetching: Coroutine[Any, Any, Fetch]) -> Fetch:
    started_at = clock.now()
    try:
        fetch = await fetching
    except FeatureNotAvailable as error:
        _log.info("%s is not offered to this organization", endpoint)
        return _failed_fetch(endpoint, error, started_at)
    seconds = (fetch.ended_at - fetch.started_at).total_seconds()
    _log.info("Fetched %s in %.1f s (responses: %d)", endpoint, seconds, len(fetch.responses))
    return fetch


async def _fetch_concurrently(fetching: Mapping[Endpoint, Coroutine[Any, Any, Fetch]]) -> dict[Endpoint, Fetch]:
    """Run fetches concurrently; an error of the API becomes a failed fetch, any other error is a bug and is raised."""
    started_at = clock.now()
    results = await asyncio.gather(*fetching.values(), return_exceptions=True)
    fetches = {}
    for endpoint, result in zip(fetching, results, strict=True):
        if isinstance(result, UsageApiError):
            _log.warning("Fetching %s failed: %s", endpoint, result)
            fetches[endpoint] = _failed_fetch(endpoint, result, started_at)
        elif isinstance(result, BaseException):
            raise result
        else:
            fetches[endpoint] = result
    return fetches


def _failed_fetch(endpoint: Endpoint, error: UsageApiError, started_at: datetime) -> Fetch:
    return Fetch(endpoint=endpoint, started_at=started_at, ended_at=clock.now(), failure=Failure.of(error))
