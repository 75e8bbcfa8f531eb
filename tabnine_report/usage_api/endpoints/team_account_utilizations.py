"""`team/account-utilizations`: the number of accounts in each team, as of the request."""

from collections.abc import Mapping

from tabnine_report.usage_api.base_records import Record
from tabnine_report.usage_api.endpoints.spec import EndpointSpec
from tabnine_report.usage_api.field_types import Count
from tabnine_report.usage_api.query import Query
from tabnine_report.usage_api.response_reading import read_by_team, read_response, unexpected_response
from tabnine_report.usage_api.snapshot import Failure, Fetch

_FIELDS = {"registered", "deactivated", "invited"}


class TeamAccounts(Record):
    """The accounts of one team."""

    registered: Count | None = None


def _read(fetch: Fetch) -> Mapping[str, TeamAccounts | Failure]:
    """Return the accounts by team id."""
    return read_by_team(fetch, lambda response: read_response(TeamAccounts, response, fetch.endpoint))


def _validate(fetch: Fetch) -> None:
    """Read the responses, and reject one that has no field of the API: it would read as a team without any number."""
    _read(fetch)
    for response in fetch.responses:
        if not _FIELDS & response.json_body().keys():
            raise unexpected_response(fetch.endpoint, response, "registered", "is missing")


TEAM_ACCOUNT_UTILIZATIONS = EndpointSpec(
    name="team-account-utilizations",
    path="/api/v1/team/account-utilizations",
    permission="count accounts",
    queries=lambda scope: tuple(Query(team_id, {"teamId": team_id}) for team_id in scope.team_ids),
    read=_read,
    validate=_validate,
    required=frozenset(),
    as_of=True,
    per_team=True,
)
