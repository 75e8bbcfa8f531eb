"""The types of a query: parameters, pages, and what it covers. Each endpoint builds its own queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from tabnine_report.model.month import Month
from tabnine_report.profile.usage_api_settings import People

HISTORY_MONTHS = 13
"""The number of months in a report, including the reported one: enough to show the same month a year earlier."""

QUARTER_MONTHS = 3
"""The number of months of the quarter that ends with the reported month."""

LONGEST_WINDOW = 12
"""The longest period in months that the vendor's console offers; servers may reject a longer one."""


TOTAL_PAGE: Mapping[str, str] = {"offset": "0", "limit": "1"}
"""The parameters of the page that is requested only for the total of a list."""


class PageSelection(StrEnum):
    """How much of a list a query fetches."""

    NONE = "none"
    """The endpoint does not return a list: one request, one response."""
    ALL = "all"
    """Every row."""
    ALL_IF_POSSIBLE = "all-if-possible"
    """Every row, or only their number if the list is too large."""
    TOTAL = "total"
    """Only the number of rows: one page of one row, for its `meta.total`."""


@dataclass(frozen=True)
class Query:
    """One query to an endpoint: one request, or one request per page of a list.

    Attributes:
        name: Identifies the query among those of its endpoint.
        params: Query parameters, without those for paging.
        pages: How much of a list to fetch.
        respelled: Other spellings of some parameters, for a server that rejects these.
        pieces: Smaller queries that together ask for the same, to send if the server cannot respond to this one. They
            have the same name.
        is_piece: Whether the query is a piece of another.
    """

    name: str
    params: Mapping[str, str] = field(default_factory=dict)
    pages: PageSelection = PageSelection.NONE
    respelled: Mapping[str, str] = field(default_factory=dict)
    pieces: "tuple[Query, ...]" = ()
    is_piece: bool = False


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

    def window(self, first: Month, last: Month, granularity: str) -> dict[str, str]:
        """Return the parameters for the period from one month to another."""
        return {
            "organizationId": self.organization_id,
            "from": format_instant(first.start),
            "to": format_instant(last.end),
            "granularity": granularity,
        }

    def months(
        self,
        name: str,
        number: int,
        *,
        params: Mapping[str, str] | None = None,
        respelled: Mapping[str, str] | None = None,
    ) -> Query:
        """Return the query for the buckets of the months that end with the reported one.

        Its pieces are the longest period that the vendor's console offers and the months before it, then single months.

        Args:
            name: The query's name.
            number: The number of months.
            params: Further parameters.
            respelled: See `Query`.
        """

        def query(first: Month, last: Month, pieces: tuple[Query, ...] = ()) -> Query:
            all_params = {**(params or {}), **self.window(first, last, "monthly")}
            return Query(name, all_params, respelled=respelled or {}, pieces=pieces)

        months = self.month.last(number)
        pieces = tuple(query(month, month) for month in months)
        if number > LONGEST_WINDOW:
            longest = query(months[-LONGEST_WINDOW], self.month, pieces[-LONGEST_WINDOW:])
            pieces = (*pieces[:-LONGEST_WINDOW], longest)
        return query(months[0], self.month, pieces)

    def team_months(self, *, respelled: Mapping[str, str] | None = None) -> tuple[Query, ...]:
        """Return one query per team, named by the team's id, for the reported month and the previous one."""
        return tuple(
            self.months(team_id, 2, params={"teamId": team_id}, respelled=respelled) for team_id in self.team_ids
        )


def format_instant(instant: datetime) -> str:
    """Return an aware UTC instant in the API's format: whole seconds and a `Z`, because it rejects fractions."""
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")
