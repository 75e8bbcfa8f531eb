"""`license`: the license, as of the request."""

from pydantic import Field

from tabnine_report.usage_api.base_records import Record
from tabnine_report.usage_api.endpoints.spec import EndpointSpec
from tabnine_report.usage_api.field_types import Instant, LicenseEnd, Seats
from tabnine_report.usage_api.query import Query
from tabnine_report.usage_api.response_reading import read_single
from tabnine_report.usage_api.snapshot import Fetch


class License(Record):
    """The license.

    Attributes:
        seats: The number of seats bought (inferred: `seatsCap`, a technical upper bound, can be far larger), or
            `UNLIMITED`; None if unknown.
        expires_at: `exp`, when the license ends, or `UNLIMITED` if it has no end; None if unknown.
        issued_at: `iat`, when the license was issued.
    """

    seats: Seats = None
    expires_at: LicenseEnd = Field(default=None, alias="exp")
    issued_at: Instant | None = Field(default=None, alias="iat")


class _LicenseEnvelope(Record):
    license: License


def _read(fetch: Fetch) -> License:
    return read_single(_LicenseEnvelope, fetch).license


LICENSE = EndpointSpec(
    name="license",
    path="/api/v1/license",
    permission="read the license",
    queries=lambda _: (Query("license"),),
    read=_read,
    as_of=True,
)
