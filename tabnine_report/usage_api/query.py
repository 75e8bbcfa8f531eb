"""The types of a query: parameters, pages, and what it covers. Each endpoint builds its own queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from tabnine_report.model.month import Month
from tabnine_report.profile.usage_api_settings import People

HISTORY_MONTHS = 13
"""The number of months in a report, including the reported one: enough to show the same month a year earlier."""


class PageSelection(StrEnum):
    """How much of a list a query fetches."""

    NONE = "none"
    """The endpoint does not return a list: one request, one response."""
    ALL = "all"
    """Every row."""
    TOTAL = "total"
    """Only the number of rows: one page of one row, for its `meta.total`."""


@dataclass(frozen=True)
class Query:
    """One query to an endpoint: one request, or one request per page of a list.

    Attributes:
        name: Identifies the query among those of its endpoint.
        params: Query parameters, without those for paging.
        pages: How much of a list to fetch.
        fallback: The smaller query to send if the server rejects this one as too large; None if there is none.
    """

    name: str
    params: Mapping[str, str] = field(default_factory=dict)
    pages: PageSelection = PageSelection.NONE
    fallback: "Query | None" = None


@dataclass(frozen=True)
class QueryScope:
    """What the queries of a report are about.

    Attributes:
        month: The reported month.
        organization_id: The `id` returned by `organization`, which itself does not need it.
        people: Whether users are counted or listed.
        team_ids: The teams to query; used by the endpoints that are queried per team.
    """

    month: Month
    organization_id: str = ""
    people: People = "counts"
    team_ids: Sequence[str] = ()

    def window(self, first: Month, granularity: str) -> dict[str, str]:
        """Return the parameters for the period from a month to the reported one."""
        return {
            "organizationId": self.organization_id,
            "from": format_instant(first.start),
            "to": format_instant(self.month.end),
            "granularity": granularity,
        }

    def team_queries(self, params: Mapping[str, str] | None = None) -> tuple[Query, ...]:
        """Return one query per team, named by the team's id, with the same further parameters for each."""
        return tuple(Query(team_id, {"teamId": team_id, **(params or {})}) for team_id in self.team_ids)


def format_instant(instant: datetime) -> str:
    """Return an aware UTC instant in the API's format: whole seconds and a `Z`, because it rejects fractions."""
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")
