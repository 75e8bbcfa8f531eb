"""Fetching one endpoint of the Usage Metrics API."""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.tasks import Task

from tabnine_report.model.errors import ReportingError, RequestRejected
from tabnine_report.model.month import Month
from tabnine_report.profile.usage_api_settings import People
from tabnine_report.runs import clock
from tabnine_report.usage_api.client import UsageApi
from tabnine_report.usage_api.endpoints import Endpoint, is_not_offered, queries, team_queries
from tabnine_report.usage_api.snapshot import Failure, Fetch

RETRIES = 1
RETRY_DELAY_SECONDS = 3
_log = logging.getLogger(__name__)


async def may_succeed_later(_task: Task[..., Any], _run: TaskRun, state: State[Any]) -> bool:
    """Tell Prefect whether to try a failed task again: only for errors whose class says so."""
    try:
        await state.aresult()
    except ReportingError as error:
        return error.retryable
    except Exception:  # noqa: BLE001 - an error that is not ours is a bug; the same bug would come again
        return False
    return False


_OPTIONS: dict[str, Any] = {
    "task_run_name": "fetch {endpoint}",
    "cache_policy": NO_CACHE,
    "retries": RETRIES,
    "retry_delay_seconds": RETRY_DELAY_SECONDS,
    "retry_condition_fn": may_succeed_later,
}


@task(name="fetch", **_OPTIONS)
async def fetch_endpoint(
    endpoint: Endpoint, api: UsageApi, month: Month, people: People, organization_id: str
) -> Fetch:
    """Put a month's questions to one endpoint.

    Args:
        endpoint: The endpoint.
        api: The open client, shared by all fetches of a run.
        month: The reported month.
        people: Whether users are counted or listed.
        organization_id: What `organization` answered; empty when that is what is asked.

    Returns:
        The answers; for an endpoint that an organization need not have, the failure that says so.

    Raises:
        UsageApiError: If there is no answer to build on.
    """
    started_at = clock.now()
    try:
        fetch = await api.fetch(endpoint, queries(endpoint, month, organization_id, people))
    except RequestRejected as refusal:
        if not is_not_offered(endpoint, refusal.status):
            raise
        return _not_offered(endpoint, refusal, started_at)
    _log_fetched(fetch)
    return fetch


@task(name="fetch-of-teams", **_OPTIONS)
async def fetch_of_teams(
    endpoint: Endpoint, api: UsageApi, month: Month, organization_id: str, team_ids: Sequence[str]
) -> Fetch:
    """Put a month's question about every team to one endpoint; a team that gets no answer is a failure in the fetch.

    Args:
        endpoint: One of the endpoints of teams.
        api: The open client, shared by all fetches of a run; it bounds how many questions are open at once.
        month: The reported month.
        organization_id: What `organization` answered.
        team_ids: The teams, at least one.

    Returns:
        The answers; for an endpoint that an organization need not have, the failure that says so.

    Raises:
        UsageApiError: If no team was answered.
    """
    started_at = clock.now()
    try:
        fetch = await api.fetch_each(endpoint, team_queries(endpoint, month, organization_id, team_ids))
    except RequestRejected as refusal:
        if not is_not_offered(endpoint, refusal.status):
            raise
        return _not_offered(endpoint, refusal, started_at)
    for team_id, failure in fetch.unanswered.items():
        _log.warning("%s of team %s could not be fetched: %s", endpoint, team_id, failure.message)
    _log_fetched(fetch)
    return fetch


def _not_offered(endpoint: Endpoint, refusal: RequestRejected, started_at: datetime) -> Fetch:
    _log.info("%s is not offered to this organization", endpoint)
    return Fetch(endpoint=endpoint, started_at=started_at, ended_at=clock.now(), failure=Failure.of(refusal))


def _log_fetched(fetch: Fetch) -> None:
    seconds = (fetch.ended_at - fetch.started_at).total_seconds()
    _log.info("Fetched %s in %.1f s (answers: %d)", fetch.endpoint, seconds, len(fetch.answers))
