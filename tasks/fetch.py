"""Fetch a month from the Usage Metrics API: the organization, then its other endpoints, then its teams."""

import asyncio
import logging
from collections.abc import Coroutine, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.tasks import Task

from tabnine_report.model.errors import FeatureNotAvailable, ReportingError, UsageApiError
from tabnine_report.runs import clock
from tabnine_report.runs.context import RunContext
from tabnine_report.usage_api.client import UsageApi
from tabnine_report.usage_api.endpoints import ORGANIZATION_ENDPOINTS, Endpoint
from tabnine_report.usage_api.endpoints.organization import ORGANIZATION
from tabnine_report.usage_api.query import Query, QueryScope
from tabnine_report.usage_api.snapshot import FailedQuery, Failure, Fetch, Snapshot
from tabnine_report.usage_api.team_endpoint_selection import team_endpoints, team_ids

SIDE_SECONDS = 120.0
"""The time for all queries together that the report can do without."""

RETRIES = 1
RETRY_DELAY_SECONDS = 3

Part = Literal["required", "further", "all"]
"""Which of an endpoint's queries to send: those that it requires, the others, or all."""

_log = logging.getLogger(__name__)


async def fetch_month(run: RunContext) -> Snapshot:
    """Fetch every endpoint for a month; a failed endpoint is part of the snapshot and does not fail the run.

    First come the queries that the report cannot do without. All others together have `SIDE_SECONDS`. Single teams are
    queried only if the run makes a full edition, the only one that shows them.

    Raises:
        UsageApiError: If `organization` failed, because every other query needs the organization's id.
    """
    settings, network = run.profile.usage_api, run.profile.network
    # In a thread, because opening the client reads certificates.
    client = await asyncio.to_thread(UsageApi, settings, network, clock=clock.now)
    async with client as api:
        scope = QueryScope(run.month, people=run.profile.privacy.people)
        organization = await fetch_endpoint(Endpoint.ORGANIZATION, api, scope, "required", None)
        scope = replace(scope, organization_id=ORGANIZATION.read(organization).id)
        others = [endpoint for endpoint in ORGANIZATION_ENDPOINTS if endpoint is not Endpoint.ORGANIZATION]
        fetches = {Endpoint.ORGANIZATION: organization} | await _fetch_concurrently(
            {
                endpoint: fetch_endpoint(endpoint, api, scope, "required", None)
                for endpoint in others
                if endpoint.spec.essential
            }
        )
        ends_at = asyncio.get_running_loop().time() + SIDE_SECONDS
        further = await _fetch_concurrently(
            {
                endpoint: fetch_further_queries(endpoint, api, scope, "further", ends_at)
                if endpoint in fetches
                else fetch_endpoint(endpoint, api, scope, "all", ends_at)
                for endpoint in others
                if endpoint not in fetches or _has_further_queries(endpoint, scope, fetches[endpoint])
            }
        )
        fetches |= {
            endpoint: _joined(fetches[endpoint], fetch, _queries(endpoint, scope, "further"))
            if endpoint in fetches
            else fetch
            for endpoint, fetch in further.items()
        }
        if "full" in run.profile.editions and (teams := team_ids(fetches)):
            scope = replace(scope, team_ids=teams)
            fetches |= await _fetch_concurrently(
                {
                    endpoint: fetch_endpoint(endpoint, api, scope, "all", ends_at)
                    for endpoint in team_endpoints(fetches, run.month)
                }
            )
    by_name = {str(endpoint): fetches[endpoint] for endpoint in Endpoint if endpoint in fetches}
    return Snapshot(month=str(run.month), host=settings.host, fetches=by_name)


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
    endpoint: Endpoint, api: UsageApi, scope: QueryScope, part: Part, ends_at: float | None
) -> Fetch:
    """Fetch one endpoint of the organization, or one for every team.

    Args:
        endpoint: The endpoint.
        api: The open client, shared by all fetches of a run; it limits the concurrent requests.
        scope: What the queries are about.
        part: Which of the endpoint's queries to send.
        ends_at: When to give up, on the event loop's clock; None for queries that the report cannot do without.

    Returns:
        The responses and the queries that failed, or a failure if the organization does not have the endpoint.

    Raises:
        UsageApiError: If the endpoint failed otherwise.
    """
    fetch = await _fetch_if_offered(endpoint, api.fetch(endpoint, _queries(endpoint, scope, part), ends_at=ends_at))
    for failed in fetch.failed_queries:
        _log.warning("Fetching %s failed for the query %r: %s", endpoint, failed.query, failed.message)
    return fetch


fetch_further_queries = fetch_endpoint.with_options(task_run_name="fetch {endpoint}, other periods")
"""Fetch the queries of an endpoint that the report can do without, after the others."""


def _queries(endpoint: Endpoint, scope: QueryScope, part: Part) -> tuple[Query, ...]:
    queries = endpoint.spec.queries(scope)
    if part == "all":
        return queries
    return tuple(query for query in queries if endpoint.spec.requires(query.name) == (part == "required"))


def _has_further_queries(endpoint: Endpoint, scope: QueryScope, required: Fetch) -> bool:
    return required.failure is None and bool(_queries(endpoint, scope, "further"))


def _joined(required: Fetch, further: Fetch, sent: Iterable[Query]) -> Fetch:
    """Return the fetch of an endpoint's required queries together with that of the others, which may have failed."""
    if further.failure is not None:
        failure = further.failure.model_dump()
        failed = tuple(FailedQuery(**failure, query=query.name, params=query.params) for query in sent)
        further = further.model_copy(update={"failed_queries": failed})
    return required.with_further_queries(further)


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
