"""What is asked of every team, once the organization has answered."""

from collections.abc import Mapping

from tabnine_report.model.month import Month
from tabnine_report.usage_api import reading
from tabnine_report.usage_api.endpoints import HISTORY_MONTHS, Endpoint
from tabnine_report.usage_api.records import Version
from tabnine_report.usage_api.snapshot import Fetch
from tabnine_report.usage_api.versions import Usage, decide

_TEAM_USAGE: Mapping[Version, Endpoint] = {"v1": Endpoint.TEAM_USAGE_V1, "v2": Endpoint.TEAM_USAGE_V2}


def team_ids(fetches: Mapping[Endpoint, Fetch]) -> tuple[str, ...]:
    """Give the ids of the teams to ask about, in the API's order; none where the list of teams failed."""
    teams = fetches[Endpoint.TEAMS]
    return () if teams.failure else tuple(team.id for team in reading.teams(teams))


def team_endpoints(fetches: Mapping[Endpoint, Fetch], month: Month) -> tuple[Endpoint, ...]:
    """Give the endpoints to ask about every team.

    Accounts always, and a version of usage only if it serves the organization in the month or the one before: what a
    version does not tell of the organization, it does not tell of a team. So what agents cost is asked only if the
    organization's own was answered.

    Args:
        fetches: What was fetched for the organization.
        month: The month reported.
    """
    v1, v2 = _told(fetches[Endpoint.USAGE_V1]), _told(fetches[Endpoint.USAGE_V2])
    servings = decide(month.last(HISTORY_MONTHS), v1, v2, _registered(fetches[Endpoint.ACCOUNT_UTILIZATIONS]))
    serving = {servings.by_month[one].version for one in month.last(2)}
    usage = (endpoint for version, endpoint in _TEAM_USAGE.items() if version in serving)
    agents = (Endpoint.TEAM_AGENT_USAGE,) if fetches[Endpoint.AGENT_USAGE].failure is None else ()
    return (Endpoint.TEAM_ACCOUNTS, *usage, *agents)


def _told(fetch: Fetch) -> Usage:
    return fetch.failure or reading.usage_by_month(fetch)


def _registered(fetch: Fetch) -> dict[Month, int] | None:
    if fetch.failure:
        return None
    return {row.month: row.registered for row in reading.account_utilizations(fetch) if row.registered is not None}
