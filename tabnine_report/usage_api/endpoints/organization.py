"""`organization`: the organization that owns the token, and how its users sign in."""

from tabnine_report.usage_api.base_records import Record
from tabnine_report.usage_api.endpoints.spec import EndpointSpec
from tabnine_report.usage_api.field_types import Id, Setting, Text
from tabnine_report.usage_api.query import Query
from tabnine_report.usage_api.response_reading import read_single
from tabnine_report.usage_api.snapshot import Fetch


class Organization(Record):
    """The organization. Only its id is needed, for the other queries; without it there is no report at all."""

    id: Id
    name: Text | None = None
    saml_enabled: Setting | None = None
    smtp_configured: Setting | None = None
    username_password_enabled: Setting | None = None
    oauth_enabled: Setting | None = None


def _read(fetch: Fetch) -> Organization:
    return read_single(Organization, fetch)


ORGANIZATION = EndpointSpec(
    name="organization",
    path="/api/v1/organization",
    permission="read the organization",
    queries=lambda _: (Query("organization"),),
    read=_read,
    essential=True,
    as_of=True,
)
