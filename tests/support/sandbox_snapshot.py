"""Fetches the snapshot of a month from a running sandbox in the same way as the flow."""

from datetime import datetime

from tabnine_report.model.month import Month
from tabnine_report.profile.usage_api_settings import NetworkSettings, UsageApiSettings
from tabnine_report.sandbox.server import RunningSandbox
from tabnine_report.usage_api.client import UsageApi
from tabnine_report.usage_api.endpoints import ORGANIZATION_ENDPOINTS, Endpoint, queries, team_queries
from tabnine_report.usage_api.snapshot import Fetch, Snapshot
from tabnine_report.usage_api.team_endpoint_selection import team_endpoints, team_ids


async def snapshot_of(month: Month, sandbox: RunningSandbox, now: datetime) -> Snapshot:
    settings = UsageApiSettings.model_validate({"base_url": sandbox.base_url, "token": sandbox.token})
    organization_id = sandbox.world.id
    fetches: dict[Endpoint, Fetch] = {}
    async with UsageApi(settings, NetworkSettings(), clock=lambda: now) as api:
        for endpoint in ORGANIZATION_ENDPOINTS:
            fetches[endpoint] = await api.fetch(endpoint, queries(endpoint, month, organization_id, "counts"))
        for endpoint in team_endpoints(fetches, month):
            per_team = team_queries(endpoint, month, organization_id, team_ids(fetches))
            fetches[endpoint] = await api.fetch(endpoint, per_team)
    return Snapshot(month=str(month), host="127.0.0.1", fetches={str(name): fetch for name, fetch in fetches.items()})
