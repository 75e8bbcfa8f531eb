"""`organization/teams`: the list of teams, as of the request."""

from tabnine_report.usage_api.base_records import Row
from tabnine_report.usage_api.endpoints.spec import EndpointSpec
from tabnine_report.usage_api.field_types import Count, Text
from tabnine_report.usage_api.query import PageSelection, Query
from tabnine_report.usage_api.response_reading import Rows, read_rows
from tabnine_report.usage_api.snapshot import Fetch


class Team(Row):
    """One team; the default team may have no users.

    Attributes:
        id: Its id.
        name: Its name.
        users_count: Its users; whether deactivated ones are included is not documented.
    """

    name: Text
    users_count: Count | None = None


def _read(fetch: Fetch) -> Rows[Team]:
    return read_rows(Team, fetch.responses, fetch.endpoint)


TEAMS = EndpointSpec(
    name="teams",
    path="/api/v1/organization/teams",
    permission="list teams",
    queries=lambda _: (Query("teams", pages=PageSelection.ALL),),
    read=_read,
    as_of=True,
    count_rows=len,
)
