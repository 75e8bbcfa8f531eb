"""The fetching of a month: the organization first, then every other endpoint at once, then its teams."""

import asyncio
import logging
from collections.abc import Coroutine, Mapping
from datetime import datetime
from typing import Any

from tabnine_report.model.errors import UsageApiError
from tabnine_report.runs import clock
from tabnine_report.runs.context import RunContext
from tabnine_report.usage_api import reading
from tabnine_report.usage_api.client import UsageApi
from tabnine_report.usage_api.endpoints import ORGANIZATION_ENDPOINTS, Endpoint
from tabnine_report.usage_api.snapshot import Failure, Fetch, Snapshot
from tabnine_report.usage_api.team_requests import team_endpoints, team_ids
from tasks.fetch import RETRIES, RETRY_DELAY_SECONDS, fetch_endpoint, fetch_of_teams

_log = logging.getLogger(__name__)


async def fetch_month(run: RunContext) -> Snapshot:
    """Fetch every endpoint for a month; one that cannot be had is a failure in the snapshot, not of the run.

    Single teams are asked about only where somebody gets the full edition: what nobody reads is not asked.

    Raises:
        UsageApiError: If `organization` cannot be had: without its id nothing else can be asked.
    """
    settings, network = run.profile.usage_api, run.profile.network
    # All tries of an endpoint, Prefect's among them, end within the profile's time.
    budget_seconds = (settings.timeout_seconds - RETRIES * RETRY_DELAY_SECONDS) / (RETRIES + 1)
    # In a thread, because the client reads certificates.
    client = await asyncio.to_thread(UsageApi, settings, network, clock=clock.now, budget_seconds=budget_seconds)
    async with client as api:
        people = run.profile.privacy.people
        first = await fetch_endpoint(Endpoint.ORGANIZATION, api, run.month, people, "")
        organization_id = reading.organization(first).id
        others = [endpoint for endpoint in ORGANIZATION_ENDPOINTS if endpoint is not Endpoint.ORGANIZATION]
        fetches = {Endpoint.ORGANIZATION: first} | await _at_once(
            {endpoint: fetch_endpoint(endpoint, api, run.month, people, organization_id) for endpoint in others}
        )
        if "full" in run.profile.editions and (teams := team_ids(fetches)):
            fetches |= await _at_once(
                {
                    endpoint: fetch_of_teams(endpoint, api, run.month, organization_id, teams)
                    for endpoint in team_endpoints(fetches, run.month)
                }
            )
    return Snapshot(month=str(run.month), host=settings.host, fetches=fetches)


async def _at_once(fetching: Mapping[Endpoint, Coroutine[Any, Any, Fetch]]) -> dict[Endpoint, Fetch]:
    began_at = clock.now()
    answers = await asyncio.gather(*fetching.values(), return_exceptions=True)
    return {endpoint: _fetch(endpoint, answer, began_at) for endpoint, answer in zip(fetching, answers, strict=True)}


def _fetch(endpoint: Endpoint, answer: Fetch | BaseException, began_at: datetime) -> Fetch:
    """Keep a failure of the API as a part of the snapshot; any other error is a bug and ends the run."""
    if isinstance(answer, Fetch):
        return answer
    if not isinstance(answer, UsageApiError):
        raise answer
    _log.warning("%s could not be fetched: %s", endpoint, answer)
    return Fetch(endpoint=endpoint, started_at=began_at, ended_at=clock.now(), failure=Failure.of(answer))
