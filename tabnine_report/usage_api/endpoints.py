"""What is asked of the API for a month: every endpoint, and the questions put to it.

The one place that knows paths and parameters. An endpoint is fetched as a whole: when one of its questions cannot be
answered, the endpoint is taken as failed. Only what is asked of every team stands for itself, team by team.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from http import HTTPStatus

from tabnine_report.model.month import Month
from tabnine_report.profile.usage_api_settings import People

HISTORY_MONTHS = 13
"""How many months a report looks at, the reported one included: enough for the same month a year before."""


class Endpoint(StrEnum):
    """The endpoints that a report is made from, by the names used in snapshots, errors and the report."""

    ORGANIZATION = "organization"
    TEAMS = "teams"
    LICENSE = "license"
    PERMISSIONS = "permissions"
    ACCOUNT_UTILIZATIONS = "account-utilizations"
    USAGE_V1 = "usage-v1"
    USAGE_V2 = "usage-v2"
    USERS = "users"
    AGENT_USAGE = "agent-usage"
    TEAM_ACCOUNTS = "team-account-utilizations"
    TEAM_USAGE_V1 = "team-usage-v1"
    TEAM_USAGE_V2 = "team-usage-v2"
    TEAM_AGENT_USAGE = "team-agent-usage"


PATHS: Mapping[Endpoint, str] = {
    Endpoint.ORGANIZATION: "/api/v1/organization",
    Endpoint.TEAMS: "/api/v1/organization/teams",
    Endpoint.LICENSE: "/api/v1/license",
    Endpoint.PERMISSIONS: "/api/v1/instance/permissions",
    Endpoint.ACCOUNT_UTILIZATIONS: "/api/v1/organization/account-utilizations",
    Endpoint.USAGE_V1: "/api/v1/organization/usage",
    Endpoint.USAGE_V2: "/api/v2/organization/usage",
    Endpoint.USERS: "/api/v1/organization/users",
    Endpoint.AGENT_USAGE: "/api/v1/organization/agent-usage",
    Endpoint.TEAM_ACCOUNTS: "/api/v1/team/account-utilizations",
    Endpoint.TEAM_USAGE_V1: "/api/v1/team/usage",
    Endpoint.TEAM_USAGE_V2: "/api/v2/team/usage",
    Endpoint.TEAM_AGENT_USAGE: "/api/v1/team/agent-usage",
}

TEAM_ENDPOINTS = (Endpoint.TEAM_ACCOUNTS, Endpoint.TEAM_USAGE_V1, Endpoint.TEAM_USAGE_V2, Endpoint.TEAM_AGENT_USAGE)
"""Endpoints that are asked once for every team, when the teams are known."""

ORGANIZATION_ENDPOINTS = tuple(endpoint for endpoint in Endpoint if endpoint not in TEAM_ENDPOINTS)
"""Endpoints that are asked about the organization as a whole."""

_NO_COST = frozenset({HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND, HTTPStatus.INTERNAL_SERVER_ERROR})
_MEANS_NOT_OFFERED: Mapping[str, frozenset[HTTPStatus]] = {
    Endpoint.USAGE_V2: frozenset({HTTPStatus.NOT_FOUND}),
    Endpoint.AGENT_USAGE: _NO_COST,
    Endpoint.TEAM_AGENT_USAGE: _NO_COST,
}

NOW_ENDPOINTS = frozenset(
    {
        Endpoint.ORGANIZATION,
        Endpoint.TEAMS,
        Endpoint.LICENSE,
        Endpoint.PERMISSIONS,
        Endpoint.USERS,
        Endpoint.TEAM_ACCOUNTS,
    }
)
"""Endpoints that tell only of the moment of asking, whatever month is meant."""


class PageSelection(StrEnum):
    """How much of a list is asked for."""

    NONE = "none"
    """The endpoint is no list: one request, one answer."""
    ALL = "all"
    """Every row."""
    TOTAL = "total"
    """Only how many rows there are: one page of one row, for its `meta.total`."""


@dataclass(frozen=True)
class Query:
    """One question to an endpoint: a request, or the requests for the pages of a list.

    Attributes:
        name: What tells it from the endpoint's other questions.
        path: The path from the base URL.
        params: Query parameters, without those for paging.
        pages: How much of a list is asked for.
        instead: What to ask where this is refused as asking too much; None where there is nothing smaller.
    """

    name: str
    path: str
    params: Mapping[str, str] = field(default_factory=dict)
    pages: PageSelection = PageSelection.NONE
    instead: "Query | None" = None


def is_not_offered(endpoint: str, status: int | None) -> bool:
    """Tell whether a status means that an organization does not have the endpoint: an answer, not a failure.

    Version 2 of usage says so with 404; what agents cost is told where it is licensed, and 403, 404 and 500 all mean
    that it is not told, or not for this month.
    """
    return status in _MEANS_NOT_OFFERED.get(endpoint, ())


# What a report asks of both versions of the usage endpoint; and, but for the days, of what agents cost. The month's
# people are asked for with one bucket over the exact month, because people must never be added up over time.
USAGE_MONTH, USAGE_HISTORY, USAGE_DAYS = "month", "history", "days"

USERS_REGISTERED_IN_TEAMS = "registered-in-teams"
USERS_REGISTERED_WITHOUT_TEAM = "registered-without-team"
USERS_DEACTIVATED_IN_TEAMS = "deactivated-in-teams"
USERS_DEACTIVATED_WITHOUT_TEAM = "deactivated-without-team"


def queries(endpoint: Endpoint, month: Month, organization_id: str, people: People) -> tuple[Query, ...]:
    """Give the questions that a month's report puts to one of `ORGANIZATION_ENDPOINTS`.

    Args:
        endpoint: The endpoint.
        month: The month reported.
        organization_id: The `id` that `organization` answered; not needed for `organization` itself.
        people: Whether users are counted or listed.
    """
    path = PATHS[endpoint]
    match endpoint:
        case Endpoint.TEAMS:
            return (Query("teams", path, pages=PageSelection.ALL),)
        case Endpoint.PERMISSIONS:
            return (Query("admins", path, {"role": "Admin"}),)
        case Endpoint.ACCOUNT_UTILIZATIONS:
            return (Query("months", path, {"startDate": str(month.back(HISTORY_MONTHS - 1))}),)
        case Endpoint.USAGE_V1 | Endpoint.USAGE_V2 | Endpoint.AGENT_USAGE:
            asked = _agent_usage_queries if endpoint is Endpoint.AGENT_USAGE else _usage_queries
            return asked(path, month, organization_id)
        case Endpoint.USERS:
            return _users_queries(
                path, organization_id, PageSelection.ALL if people == "lists" else PageSelection.TOTAL
            )
        case _:
            return (Query(str(endpoint), path),)


def team_queries(endpoint: Endpoint, month: Month, organization_id: str, team_ids: Iterable[str]) -> tuple[Query, ...]:
    """Give the questions that a month's report puts to one of `TEAM_ENDPOINTS`: one a team, named by the team's id.

    One question about usage covers the month and the one before: they are told as two buckets.

    Args:
        endpoint: The endpoint.
        month: The month reported.
        organization_id: The `id` that `organization` answered.
        team_ids: The teams.
    """
    asked: dict[str, str] = {}
    if endpoint is not Endpoint.TEAM_ACCOUNTS:
        asked = _window(organization_id, month.back(1), month, "monthly")
    return tuple(Query(team_id, PATHS[endpoint], {"teamId": team_id, **asked}) for team_id in team_ids)


def _usage_queries(path: str, month: Month, organization_id: str) -> tuple[Query, ...]:
    def asked(name: str, first: Month, granularity: str, instead: Query | None = None) -> Query:
        return Query(name, path, _window(organization_id, first, month, granularity), instead=instead)

    first = month.back(HISTORY_MONTHS - 1)
    return (
        asked(USAGE_MONTH, month, "all"),
        asked(USAGE_HISTORY, first, "monthly"),
        # How long a window of days may be is not documented.
        asked(USAGE_DAYS, first, "daily", instead=asked(USAGE_DAYS, month, "daily")),
    )


def _agent_usage_queries(path: str, month: Month, organization_id: str) -> tuple[Query, ...]:
    """Ask as of usage: the models may be told for a whole period only, and how long a history may be is not known."""
    month_alone, history, _ = _usage_queries(path, month, organization_id)
    two_months = replace(history, params=_window(organization_id, month.back(1), month, "monthly"))
    return (month_alone, replace(history, instead=two_months))


def _window(organization_id: str, first: Month, last: Month, granularity: str) -> dict[str, str]:
    window = {"from": instant(first.start), "to": instant(last.end)}
    return {"organizationId": organization_id, **window, "granularity": granularity}


def _users_queries(path: str, organization_id: str, pages: PageSelection) -> tuple[Query, ...]:
    def asked(name: str, *, team_member: bool, active: bool) -> Query:
        flags = {"teamMember": str(team_member).lower(), "active": str(active).lower()}
        return Query(name, path, {"organizationId": organization_id, **flags}, pages)

    return (
        asked(USERS_REGISTERED_IN_TEAMS, team_member=True, active=True),
        asked(USERS_REGISTERED_WITHOUT_TEAM, team_member=False, active=True),
        asked(USERS_DEACTIVATED_IN_TEAMS, team_member=True, active=False),
        asked(USERS_DEACTIVATED_WITHOUT_TEAM, team_member=False, active=False),
    )


def instant(moment: datetime) -> str:
    """Write an aware UTC instant as the API takes it: whole seconds and a `Z`; it refuses fractions."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
