"""Choose which endpoints are queried per team, after the organization's endpoints were fetched."""

from collections.abc import Mapping

from tabnine_report.model.month import Month
from tabnine_report.usage_api.endpoints import Endpoint
from tabnine_report.usage_api.endpoints.account_utilizations import ACCOUNT_UTILIZATIONS
from tabnine_report.usage_api.endpoints.teams import TEAMS
from tabnine_report.usage_api.endpoints.usage import Version, usage_by_month
from tabnine_report.usage_api.query import HISTORY_MONTHS
from tabnine_report.usage_api.snapshot import Fetch
from tabnine_report.usage_api.versions import Usage, decide

_TEAM_USAGE: Mapping[Version, Endpoint] = {"v1": Endpoint.TEAM_USAGE_V1, "v2": Endpoint.TEAM_USAGE_V2}


def team_ids(fetches: Mapping[Endpoint, Fetch]) -> tuple[str, ...]:
    """Return the ids of the teams in the API's order; empty if the list of teams failed."""
    teams = fetches[Endpoint.TEAMS]
    return () if teams.failure else tuple(team.id for team in TEAMS.read(teams))


def team_endpoints(fetches: Mapping[Endpoint, Fetch], month: Month) -> tuple[Endpoint, ...]:
    """Return the endpoints to query per team.

    The accounts are always queried. A version of usage is queried only if it serves the organization in the reported
    month or the one before, and agent usage only if the organization's agent usage was fetched: otherwise they have no
    data for teams either.

    Args:
        fetches: The organization's endpoints.
        month: The reported month.
    """
    v1, v2 = _usage(fetches[Endpoint.USAGE_V1]), _usage(fetches[Endpoint.USAGE_V2])
    servings = decide(month.last(HISTORY_MONTHS), v1, v2, _registered(fetches[Endpoint.ACCOUNT_UTILIZATIONS]))
    serving = {servings.by_month[recent].version for recent in month.last(2)}
    usage = (endpoint for version, endpoint in _TEAM_USAGE.items() if version in serving)
    agents = (Endpoint.TEAM_AGENT_USAGE,) if fetches[Endpoint.AGENT_USAGE].failure is None else ()
    return (Endpoint.TEAM_ACCOUNT_UTILIZATIONS, *usage, *agents)


def _usage(fetch: Fetch) -> Usage:
    return fetch.failure or usage_by_month(fetch)


def _registered(fetch: Fetch) -> dict[Month, int] | None:
    if fetch.failure:
        return None
    return {row.month: row.registered for row in ACCOUNT_UTILIZATIONS.read(fetch) if row.registered is not None}
