"""`instance/permissions`: the accounts with the Admin role, as of the request. Personal data."""

from collections.abc import Iterable

from tabnine_report.usage_api.base_records import Record
from tabnine_report.usage_api.endpoints.spec import EndpointSpec
from tabnine_report.usage_api.field_types import Id, Text
from tabnine_report.usage_api.query import Query
from tabnine_report.usage_api.response_reading import Rows, read_array
from tabnine_report.usage_api.snapshot import Fetch


class Admin(Record):
    """An account with the Admin role in an organization.

    Attributes:
        username: The account.
        organization_id: The organization.
    """

    username: Text
    organization_id: Id | None = None


def _read(fetch: Fetch) -> Rows[Admin]:
    return read_array(Admin, fetch)


def admins_of(admins: Iterable[Admin], organization_id: str) -> frozenset[str]:
    """Return the accounts that are admins of an organization, each once.

    An installation may have several organizations, and return the admins of all. If no row has the id of the
    organization, the rows have ids of another kind, and all of them count.
    """
    rows = list(admins)
    own = [row for row in rows if row.organization_id in (None, organization_id)]
    return frozenset(row.username for row in own or rows)


PERMISSIONS = EndpointSpec(
    name="permissions",
    path="/api/v1/instance/permissions",
    permission="list admins",
    queries=lambda _: (Query("admins", {"role": "Admin"}),),
    read=_read,
    as_of=True,
    count_rows=len,
)
