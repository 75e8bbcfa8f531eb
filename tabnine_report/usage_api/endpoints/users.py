"""`organization/users`: the accounts, as of the request. Personal data."""

from collections.abc import Iterator, Mapping

from tabnine_report.usage_api.base_records import Row
from tabnine_report.usage_api.endpoints.spec import EndpointSpec
from tabnine_report.usage_api.field_types import Instant, NameOrObject, Text
from tabnine_report.usage_api.query import TOTAL_PAGE, PageSelection, Query, QueryScope
from tabnine_report.usage_api.response_reading import Rows, counts_rows_of_page, read_page_size, read_rows, responses_to
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

USERS_TO_REVIEW = (USERS_REGISTERED_WITHOUT_TEAM, USERS_DEACTIVATED_IN_TEAMS, USERS_DEACTIVATED_WITHOUT_TEAM)
"""The queries for the accounts that the admins should review."""


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
    pages = [read_page_size(response, fetch.endpoint) for response in responses]
    if pages[0].total is not None and not counts_rows_of_page(pages):
        return pages[0].total
    if responses[0].params.items() >= TOTAL_PAGE.items():
        return None
    return sum(page.rows for page in pages)


def list_users(fetch: Fetch, query: str) -> Iterator[Rows[User]]:
    """Yield the accounts of each page that match a query; read one by one, the pages take little memory."""
    for response in responses_to(fetch, query):
        yield read_rows(User, (response,), fetch.endpoint)


def _queries(scope: QueryScope) -> tuple[Query, ...]:
    """Return the query of each filter: those of accounts to review list them if the profile asks for lists."""
    listed = USERS_TO_REVIEW if scope.people == "lists" else ()
    return tuple(
        Query(
            name,
            {"organizationId": scope.organization_id, **filters},
            PageSelection.ALL_IF_POSSIBLE if name in listed else PageSelection.TOTAL,
        )
        for name, filters in _FILTERS.items()
    )


def _read(fetch: Fetch) -> Mapping[str, int | None]:
    """Return the number of accounts by query; None if it is not known."""
    _validate(fetch)
    return {query: count_users(fetch, query) for query in _FILTERS}


def _validate(fetch: Fetch) -> None:
    """Read each page, only for the problems in its rows."""
    for response in fetch.responses:
        read_rows(User, (response,), fetch.endpoint)


USERS = EndpointSpec(
    name="users",
    path="/api/v1/organization/users",
    permission="list users",
    queries=_queries,
    read=_read,
    validate=_validate,
    as_of=True,
    count_rows=lambda totals: None if None in totals.values() else sum(totals.values()),
)
