"""The endpoints that a report uses, one module each: add an endpoint by adding a module and its line in `Endpoint`.

If one query of an endpoint fails, the whole endpoint fails. Only an endpoint that is queried per team can fail for
single teams.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Any, Self

from tabnine_report.model.month import Month
from tabnine_report.profile.usage_api_settings import People
from tabnine_report.usage_api.endpoints.account_utilizations import ACCOUNT_UTILIZATIONS
from tabnine_report.usage_api.endpoints.agent_usage import AGENT_USAGE, TEAM_AGENT_USAGE
from tabnine_report.usage_api.endpoints.instance_permissions import PERMISSIONS
from tabnine_report.usage_api.endpoints.license import LICENSE
from tabnine_report.usage_api.endpoints.organization import ORGANIZATION
from tabnine_report.usage_api.endpoints.spec import EndpointSpec
from tabnine_report.usage_api.endpoints.team_account_utilizations import TEAM_ACCOUNT_UTILIZATIONS
from tabnine_report.usage_api.endpoints.teams import TEAMS
from tabnine_report.usage_api.endpoints.usage import TEAM_USAGE_V1, TEAM_USAGE_V2, USAGE_V1, USAGE_V2
from tabnine_report.usage_api.endpoints.users import USERS
from tabnine_report.usage_api.query import Query, QueryScope


class Endpoint(StrEnum):
    """The registry of endpoints, in the order in which the report lists them.

    Each member is a string, the endpoint's name, and carries its specification.
    """

    spec: EndpointSpec[Any]

    ORGANIZATION = ORGANIZATION
    TEAMS = TEAMS
    LICENSE = LICENSE
    PERMISSIONS = PERMISSIONS
    ACCOUNT_UTILIZATIONS = ACCOUNT_UTILIZATIONS
    USAGE_V1 = USAGE_V1
    USAGE_V2 = USAGE_V2
    USERS = USERS
    AGENT_USAGE = AGENT_USAGE
    TEAM_ACCOUNT_UTILIZATIONS = TEAM_ACCOUNT_UTILIZATIONS
    TEAM_USAGE_V1 = TEAM_USAGE_V1
    TEAM_USAGE_V2 = TEAM_USAGE_V2
    TEAM_AGENT_USAGE = TEAM_AGENT_USAGE

    def __new__(cls, spec: EndpointSpec[Any]) -> Self:
        """Return the member for a specification; its value is the endpoint's name."""
        member = str.__new__(cls, spec.name)
        member._value_ = spec.name
        member.spec = spec
        return member

    @property
    def path(self) -> str:
        """The path from the base URL."""
        return self.spec.path


TEAM_ENDPOINTS = tuple(endpoint for endpoint in Endpoint if endpoint.spec.per_team)
"""Endpoints that are queried once per team, after the teams are known."""

ORGANIZATION_ENDPOINTS = tuple(endpoint for endpoint in Endpoint if not endpoint.spec.per_team)
"""Endpoints that are queried for the organization as a whole."""

AS_OF_ENDPOINTS = frozenset(endpoint for endpoint in Endpoint if endpoint.spec.as_of)
"""Endpoints that describe the time of the request, whichever month is reported."""


def queries(endpoint: Endpoint, month: Month, organization_id: str, people: People) -> tuple[Query, ...]:
    """Return the queries that a month's report sends to one of `ORGANIZATION_ENDPOINTS`."""
    return endpoint.spec.queries(QueryScope(month, organization_id, people))


def team_queries(endpoint: Endpoint, month: Month, organization_id: str, team_ids: Sequence[str]) -> tuple[Query, ...]:
    """Return the queries that a month's report sends to one of `TEAM_ENDPOINTS`, one per team."""
    return endpoint.spec.queries(QueryScope(month, organization_id, team_ids=team_ids))
