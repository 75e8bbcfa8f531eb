"""`organization/users`: the accounts, as of the request. Personal data."""

from collections.abc import Mapping

from tabnine_report.usage_api.base_records import Row
from tabnine_report.usage_api.endpoints.spec import EndpointSpec
from tabnine_report.usage_api.field_types import Instant, NameOrObject, Text
from tabnine_report.usage_api.query import TOTAL_PAGE, PageSelection, Query, QueryScope
from tabnine_report.usage_api.response_reading import Rows, counts_rows_of_page, read_page, read_rows, responses_to
from tabnine_report.usage_api.snapshot import Fetch

USERS_REGISTERED_IN_TEAMS = "registered-in-teams"
USERS_REGISTERED_WITHOUT_TEAM = "registered-without-team"
USERS_DEACTIVATED_IN_TEAMS = "deactivated-in-teams"
USERS_DEACTIVATED_WITHOUT_TEAM = "deactivated-without-team"

_FILTERS: Mapping[str, Mapping[str, str]] = {
    USERS_REGISTERED_IN_TEAMS: {"teamMember": "true", "active": "true"},
    USERS_REGISTERED_WITHOUT_TEAM: {"teamMember": "false", "active": "true"},
    USERS_DEACTIVATED_IN_TEAMS: {"teamMember": "true", "active": "false"},
    USERS_DEACTIVATED_WITHOUT_TEAM: {"teamMember": "false", "active": "false"},
}
"""The filter of each query, by the query's name."""


class User(Row):
    """One account."""

    username: Text | None = None
    email: Text | None = None
    team: NameOrObject = None
    deactivated_at: Instant | None = None
    updated_at: Instant | None = None


def count_users(fetch: Fetch, query: str) -> int | None:
    """Return the number of accounts that match a query: the list's own total, or else the number of rows in its pages.

    None if only the total was requested and it is missing.
    """
    responses = responses_to(fetch, query)
    pages = [read_page(response, fetch.endpoint) for response in responses]
    if pages[0].total is not None and not counts_rows_of_page(pages):
        return pages[0].total
    if responses[0].params.items() >= TOTAL_PAGE.items():
        return None
    return sum(len(page.data) for page in pages)


def list_users(fetch: Fetch, query: str) -> Rows[User]:
    """Return the accounts that match a query, if every row was fetched."""
    return read_rows(User, responses_to(fetch, query), fetch.endpoint)


def _queries(scope: QueryScope) -> tuple[Query, ...]:
    pages = PageSelection.ALL if scope.people == "lists" else PageSelection.TOTAL
    return tuple(
        Query(name, {"organizationId": scope.organization_id, **filters}, pages) for name, filters in _FILTERS.items()
    )


def _read(fetch: Fetch) -> Mapping[str, int | None]:
    """Return the number of accounts by query; None if it is not known."""
    for query in _FILTERS:
        list_users(fetch, query)  # Only for the problems in the rows.
    return {query: count_users(fetch, query) for query in _FILTERS}


USERS = EndpointSpec(
    name="users",
    path="/api/v1/organization/users",
    permission="list users",
    queries=_queries,
    read=_read,
    validate=lambda fetch: read_rows(User, fetch.responses, fetch.endpoint),
    as_of=True,
    count_rows=lambda totals: None if None in totals.values() else sum(totals.values()),
)
