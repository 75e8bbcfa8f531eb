"""Fetch a snapshot from a sandbox and build a report from it, without Prefect."""

import asyncio
from collections.abc import Coroutine, Mapping
from datetime import UTC, datetime
from typing import Any, TypeAlias

from tabnine_report.analysis.report_assembly import build_report
from tabnine_report.model.answers import Note
from tabnine_report.model.errors import UsageApiError
from tabnine_report.model.month import Month
from tabnine_report.model.prior_reports import NO_PRIOR_REPORTS, PriorReports
from tabnine_report.model.report import MonthlyReport
from tabnine_report.profile.profile import Profile
from tabnine_report.profile.usage_api_settings import NetworkSettings
from tabnine_report.sandbox.server import serve_sandbox
from tabnine_report.sandbox.world import World
from tabnine_report.usage_api.client import UsageApi
from tabnine_report.usage_api.endpoints import ORGANIZATION_ENDPOINTS, Endpoint, queries, team_queries
from tabnine_report.usage_api.endpoints.organization import ORGANIZATION
from tabnine_report.usage_api.snapshot import Failure, Fetch, Snapshot
from tabnine_report.usage_api.team_endpoint_selection import team_endpoints, team_ids

Table: TypeAlias = Mapping[str, object]
"""One table of a profile, such as `report` or `targets`."""

MONTH = Month(2026, 10)
AT = datetime(2026, 11, 2, 6, tzinfo=UTC)
"""The time of every run: the morning on which October's report is due."""


def fetch(world: World) -> Snapshot:
    """Fetch from a world everything that the flow fetches."""
    with serve_sandbox(world, now=lambda: AT) as running:
        return asyncio.run(_fetch(_profile(usage_api={"base_url": running.base_url, "token": running.token})))


def report_of(
    snapshot: Snapshot, *, prior_reports: PriorReports = NO_PRIOR_REPORTS, note: Note | None = None, **tables: Table
) -> MonthlyReport:
    """Build the report of a snapshot; `tables` are tables of the profile, such as `report` and `targets`."""
    api = {"base_url": "https://console.example", "token": "none"}
    revision = prior_reports.earlier_revision.revision + 1 if prior_reports.earlier_revision else 1
    profile = _profile(usage_api=api, **tables)
    return build_report(snapshot, profile, revision=revision, draft=False, prior_reports=prior_reports, note=note)


def _profile(**tables: Table) -> Profile:
    return Profile.model_validate({"name": "acme", "time_zone": "Europe/Berlin", "archive": {}, **tables})


async def _fetch(profile: Profile) -> Snapshot:
    async with UsageApi(profile.usage_api, NetworkSettings(), clock=lambda: AT) as api:
        first = await api.fetch(Endpoint.ORGANIZATION, queries(Endpoint.ORGANIZATION, MONTH, "", "counts"))
        organization = ORGANIZATION.read(first).id
        requests: dict[Endpoint, Coroutine[Any, Any, Fetch]] = {
            endpoint: api.fetch(endpoint, queries(endpoint, MONTH, organization, "counts"))
            for endpoint in ORGANIZATION_ENDPOINTS
            if endpoint is not Endpoint.ORGANIZATION
        }
        fetches = {Endpoint.ORGANIZATION: first} | {
            endpoint: await _fetch_or_failure(endpoint, request) for endpoint, request in requests.items()
        }
        teams = team_ids(fetches)
        for endpoint in team_endpoints(fetches, MONTH) if teams else ():
            fetches[endpoint] = await api.fetch(endpoint, team_queries(endpoint, MONTH, organization, teams))
    return Snapshot(
        month=str(MONTH), host="console.example", fetches={str(endpoint): fetch for endpoint, fetch in fetches.items()}
    )


async def _fetch_or_failure(endpoint: Endpoint, request: Coroutine[Any, Any, Fetch]) -> Fetch:
    """Return the response or, as the flow does, the failure of an endpoint that an installation does not offer."""
    try:
        return await request
    except UsageApiError as error:
        return Fetch(endpoint=endpoint, started_at=AT, ended_at=AT, failure=Failure.of(error))
