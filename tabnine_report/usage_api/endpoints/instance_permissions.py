"""`instance/permissions`: the accounts with the Admin role, as of the request. Personal data."""

from tabnine_report.usage_api.base_records import Record
from tabnine_report.usage_api.endpoints.spec import EndpointSpec
from tabnine_report.usage_api.field_types import Text
from tabnine_report.usage_api.query import Query
from tabnine_report.usage_api.response_reading import Rows, read_array
from tabnine_report.usage_api.snapshot import Fetch


class Admin(Record):
    """One account with the Admin role."""

    username: Text


def _read(fetch: Fetch) -> Rows[Admin]:
    return read_array(Admin, fetch)


PERMISSIONS = EndpointSpec(
    name="permissions",
    path="/api/v1/instance/permissions",
    permission="list admins",
    queries=lambda _: (Query("admins", {"role": "Admin"}),),
    read=_read,
    as_of=True,
    count_rows=len,
)
