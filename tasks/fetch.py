"""Fetch a month from the Usage Metrics API: the organization, then its other endpoints, then its teams."""

import asyncio
import logging
from collections.abc import Coroutine, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Literal, cast

from prefect.client.schemas.objects import State
from prefect.states import AwaitingRetry, Cancelled  # codespell:ignore - Prefect's spelling

from tabnine_report.model.errors import FeatureNotAvailable, UsageApiError
from tabnine_report.runs import clock
from tabnine_report.runs.context import RunContext
from tabnine_report.runs.patience import Patience, RunPostponed
from tabnine_report.usage_api.client import UsageApi
from tabnine_report.usage_api.endpoints import ORGANIZATION_ENDPOINTS, Endpoint
from tabnine_report.usage_api.endpoints.organization import ORGANIZATION
from tabnine_report.usage_api.query import Query, QueryScope
from tabnine_report.usage_api.retrying import SIDE_SECONDS
from tabnine_report.usage_api.snapshot import FailedQuery, Failure, Fetch, Snapshot
from tabnine_report.usage_api.team_endpoint_selection import team_endpoints, team_ids
from tasks import step
from tasks.notify_admins import notify_admins_of_outage

Part = Literal["required", "further", "all"]
"""Which of an endpoint's queries to send: those that it requires, the others, or all."""

_log = logging.getLogger(__name__)


async def fetch_month(run: RunContext, patience: Patience) -> Snapshot:
    """Fetch every endpoint for a month; a failed endpoint is part of the snapshot and does not fail the run.

    First come the queries that the report needs. All others are optional and together have `SIDE_SECONDS`. Single teams
    are queried only if the run builds a full edition, the only one that shows them.

    Args:
        run: The run.
        patience: How long the run waits for what the report needs.

    Raises:
        UsageApiError: If `organization` failed, because every other query needs the organization's id.
        RunPostponed: If the run has to continue later.
    """
    settings, network = run.profile.usage_api, run.profile.network
    # In a thread, because opening the client reads certificates.
    client = await asyncio.to_thread(UsageApi, settings, network, clock=clock.now)
    async with client as api:
        scope = QueryScope(run.month, people=run.profile.privacy.people)
        organization = await fetch_required(Endpoint.ORGANIZATION, api, scope, run, patience)
        scope = replace(scope, organization_id=ORGANIZATION.read(organization).id)
        others = [endpoint for endpoint in ORGANIZATION_ENDPOINTS if endpoint is not Endpoint.ORGANIZATION]
        fetches = {Endpoint.ORGANIZATION: organization} | await _fetch_concurrently(
            {
                endpoint: fetch_required(endpoint, api, scope, run, patience)
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


@step("fetch-required", "fetch {endpoint}")
async def fetch_required(
    endpoint: Endpoint, api: UsageApi, scope: QueryScope, run: RunContext, patience: Patience
) -> Fetch:
    """Fetch what the report needs from one endpoint; wait and request it again while the API is down.

    While the task waits, its state in Prefect is AwaitingRetry. If the run has to continue later instead of waiting,
    the state is Postponed, with a `RunPostponed` as its data.

    Args:
        endpoint: One of the essential endpoints.
        api: The open client, shared by all fetches of a run; it limits the concurrent requests.
        scope: What the queries are about.
        run: The run, whose admins are notified of a long outage.
        patience: How long the run waits.

    Returns:
        The responses, or a failure if the organization does not have the endpoint.

    Raises:
        UsageApiError: If the endpoint failed otherwise, or the patience is used up.
    """
    try:
        return await _fetch(endpoint, api, _queries(endpoint, scope, "required"), None)
    except UsageApiError as error:
        now = clock.now()
        next_attempt = now + timedelta(seconds=patience.pause(error, now))
        if patience.needs_notice(now):
            patience.is_notified = True
            await notify_admins_of_outage(run, error, patience.ends_at)
        if patience.postpones(next_attempt):
            # A task that raises is red, with a traceback in the log, although nothing is wrong with the run.
            later = RunPostponed(error, next_attempt)
            state: State[Any]
            state = Cancelled(name="Postponed", message=str(error), data=later)  # codespell:ignore - as above
            return cast("Fetch", state)
        _log.warning("Fetching %s failed, retrying at %s: %s", endpoint, f"{next_attempt:%H:%M:%S} UTC", error)
        # Prefect runs the task again at this time. A retry delay could not know the error, which may request a wait.
        again = AwaitingRetry(State[Any], scheduled_time=clock.in_real_time(next_attempt), message=str(error))
        return cast("Fetch", again)


@step("fetch-endpoint", "fetch {endpoint}")
async def fetch_endpoint(endpoint: Endpoint, api: UsageApi, scope: QueryScope, part: Part, ends_at: float) -> Fetch:
    """Fetch optional data from one endpoint of the organization, or from one for every team.

    Args:
        endpoint: The endpoint.
        api: See `fetch_required`.
        scope: See `fetch_required`.
        part: Which of the endpoint's queries to send.
        ends_at: When to give up, on the event loop's clock.

    Returns:
        The responses and the queries that failed, or a failure if the organization does not have the endpoint.

    Raises:
        UsageApiError: If the endpoint failed otherwise.
    """
    fetch = await _fetch(endpoint, api, _queries(endpoint, scope, part), ends_at)
    for failed in fetch.failed_queries:
        _log.warning("Fetching %s failed for the query %r: %s", endpoint, failed.query, failed.message)
    return fetch


fetch_further_queries = step("fetch-endpoint", "fetch {endpoint}, other periods")(fetch_endpoint.fn)
"""Fetch the optional queries of an endpoint, after the others."""


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


async def _fetch(endpoint: Endpoint, api: UsageApi, queries: Sequence[Query], ends_at: float | None) -> Fetch:
    started_at = clock.now()
    try:
        fetch = await api.fetch(endpoint, queries, ends_at=ends_at)
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
