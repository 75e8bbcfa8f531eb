"""The words that a shape may contain: they come from documentation and standards, and never from a tenant."""

import tabnine_report.usage_api.endpoints  # noqa: F401 - defines the records
from tabnine_report.usage_api.base_records import Record

_DOCUMENTED_BUT_NOT_READ = """
    planType domains publicKey isDefaultTeam seatCap pendingInvitationsCount seatsCap audience features settings
    role verified allowedTeams invited count limit granularity ides languages models uniqueUsers
    agentType agentTypeBreakdown error message errors status requestId details
"""


def _names_read(base: type[Record]) -> frozenset[str]:
    """Return the names of the fields that a record and its subclasses read."""
    own = frozenset(field.alias for field in base.model_fields.values() if field.alias is not None)
    return own.union(*map(_names_read, base.__subclasses__()))


DOCUMENTED_NAMES = _names_read(Record).union(_DOCUMENTED_BUT_NOT_READ.split())
"""The names of fields in the vendor's documentation."""

FREE_MAPS = frozenset({"settings", "details", "errors"})
"""Documented fields that may be objects whose names are data."""

OWN_PARAMETERS = {
    "granularity": {"all", "daily", "weekly", "monthly", "day", "week", "month"},
    "teamMember": {"true", "false"},
    "active": {"true", "false"},
    "role": {"Admin"},
    "limit": {"1"},
}
"""Query parameters whose values the program chooses, and the values on which the response depends."""

_HEADERS = """
    age cache-control connection content-encoding content-length content-type date etag location retry-after server
    transfer-encoding vary via www-authenticate
    ratelimit-limit ratelimit-remaining ratelimit-reset
    x-ratelimit-limit x-ratelimit-remaining x-ratelimit-reset
    x-request-id request-id x-correlation-id x-amzn-requestid cf-ray
"""
HEADERS = frozenset(_HEADERS.split())
"""The headers of responses; any other header may have a name that identifies the tenant."""

CONTENT_TYPES = frozenset({"application/json", "text/html", "text/plain", "none"})
"""The media types of responses; `none` if the header is absent."""

_ERROR_CODES = """
    BAD_REQUEST CONFLICT FEATURE_NOT_AVAILABLE FORBIDDEN INTERNAL_SERVER_ERROR INVALID_REQUEST INVALID_TOKEN NOT_FOUND
    SERVICE_UNAVAILABLE TOO_MANY_REQUESTS UNAUTHORIZED UNPROCESSABLE_ENTITY VALIDATION_ERROR
"""
ERROR_CODES = frozenset(_ERROR_CODES.split())
"""The codes of errors."""

INVALID_ORGANIZATION = "INVALID_ORGANIZATION"
"""Our code for an error that states it only in its message."""
