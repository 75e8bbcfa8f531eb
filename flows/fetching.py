"""The fetching of a month: the organization first, then every other endpoint at once."""

import asyncio
import logging
from datetime import datetime

from reporting.errors import UsageApiError
from reporting.snapshot import Failure, Fetch, Snapshot
from reporting.usage_api import reading
from reporting.usage_api.client import UsageApi
from reporting.usage_api.endpoints import Endpoint
from tasks import clock
from tasks.fetch import RETRIES, RETRY_DELAY_SECONDS, fetch_endpoint
from tasks.run import Run

_log = logging.getLogger(__name__)


async def fetch_month(run: Run) -> Snapshot:
    """Fetch every endpoint for a month; one that cannot be had is a failure in the snapshot, not of the run.

    Raises:
        UsageApiError: If `organization` cannot be had: without its id nothing else can be asked.
    """
    settings, network = run.profile.usage_api, run.profile.network
    # All tries of an endpoint, Prefect's among them, end within the profile's time.
    budget_seconds = (settings.timeout_seconds - RETRIES * RETRY_DELAY_SECONDS) / (RETRIES + 1)
    async with UsageApi(settings, network, clock=clock.now, budget_seconds=budget_seconds) as api:
        people = run.profile.privacy.people
        first = await fetch_endpoint(Endpoint.ORGANIZATION, api, run.month, people, "")
        organization_id = reading.organization(first).id
        others = [endpoint for endpoint in Endpoint if endpoint is not Endpoint.ORGANIZATION]
        began_at = clock.now()
        answers = await asyncio.gather(
            *(fetch_endpoint(endpoint, api, run.month, people, organization_id) for endpoint in others),
            return_exceptions=True,
        )
    fetches = {Endpoint.ORGANIZATION: first}
    for endpoint, answer in zip(others, answers, strict=True):
        fetches[endpoint] = _fetch(endpoint, answer, began_at)
    return Snapshot(month=str(run.month), host=settings.host, fetches=fetches)


def _fetch(endpoint: Endpoint, answer: Fetch | BaseException, began_at: datetime) -> Fetch:
    """Keep a failure of the API as a part of the snapshot; any other error is a bug and ends the run."""
    if isinstance(answer, Fetch):
        return answer
    if not isinstance(answer, UsageApiError):
        raise answer
    _log.warning("%s could not be fetched: %s", endpoint, answer)
    return Fetch(endpoint=endpoint, started_at=began_at, ended_at=clock.now(), failure=Failure.of(answer))
