"""`organization`: the organization that owns the token, and how its users sign in."""

from tabnine_report.usage_api.endpoints.spec import EndpointSpec
from tabnine_report.usage_api.field_types import Identifier, Setting
from tabnine_report.usage_api.query import Query
from tabnine_report.usage_api.record_types import Record
from tabnine_report.usage_api.response_reading import read_single
from tabnine_report.usage_api.snapshot import Fetch


class Organization(Record):
    """The organization.

    A sign-in setting of another shape reads as None, because without this endpoint there is no report at all.
    """

    id: Identifier
    name: str
    saml_enabled: Setting = None
    smtp_configured: Setting = None
    username_password_enabled: Setting = None
    oauth_enabled: Setting = None


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
