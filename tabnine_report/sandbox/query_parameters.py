"""Define the query parameters of the endpoints, checked as strictly as the service does."""

import re
from datetime import UTC, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic.alias_generators import to_camel

from tabnine_report.sandbox.world import Granularity

_INSTANT_PATTERN = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$"
_MONTH_PATTERN = r"^\d{4}-\d{2}$"
_MONTHS_PER_YEAR = 12


def _parse_instant(text: object) -> int:
    if not isinstance(text, str) or not re.match(_INSTANT_PATTERN, text, re.ASCII):
        raise ValueError("must be a UTC time such as 2026-10-01T00:00:00Z, without a fraction of a second")
    return int(datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp())


def _parse_month(text: object) -> int:
    if not isinstance(text, str) or not re.match(_MONTH_PATTERN, text, re.ASCII):
        raise ValueError("must be a month such as 2026-10")
    year, month = map(int, text.split("-"))
    if not 1 <= month <= _MONTHS_PER_YEAR:
        raise ValueError("must be a month from 01 to 12")
    return _MONTHS_PER_YEAR * year + month - 1


Instant = Annotated[
    int,
    BeforeValidator(_parse_instant),
    WithJsonSchema({"type": "string", "format": "date-time", "pattern": _INSTANT_PATTERN}),
]
"""A UNIX second, written `YYYY-MM-DDTHH:MM:SSZ`."""

Month = Annotated[int, BeforeValidator(_parse_month), WithJsonSchema({"type": "string", "pattern": _MONTH_PATTERN})]
"""The number of a month, written `YYYY-MM`."""


class _Query(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel)


class UsageQuery(_Query):
    """The window of a usage request: `from` is included, `to` excluded."""

    organization_id: str
    start: Instant = Field(alias="from")
    end: Instant = Field(alias="to")
    granularity: Granularity

    @property
    def window(self) -> tuple[int, int]:
        """The first instant and the first instant after, in UNIX seconds."""
        return self.start, self.end


class TeamUsageQuery(UsageQuery):
    """The window of a usage request for one team."""

    team_id: str


class AgentUsageQuery(UsageQuery):
    """The window of a request for tokens and cost; one bucket by default."""

    granularity: Granularity = "all"


class TeamAgentUsageQuery(AgentUsageQuery):
    """The window of a request for tokens and cost of one team."""

    team_id: str


class TeamsQuery(_Query):
    """A page of teams; a limit of 0 means the default."""

    offset: int = Field(0, ge=0)
    limit: int = Field(50, ge=0)


class PageQuery(_Query):
    """A page of users: both parameters are required."""

    offset: int = Field(ge=0)
    limit: int = Field(ge=1)


class UsersQuery(PageQuery):
    """Users in any team or in none, active or deactivated."""

    team_member: bool
    active: bool
    organization_id: str | None = None


class PermissionsQuery(_Query):
    """Permissions by role."""

    role: Literal["Admin"]


class AccountUtilizationsQuery(_Query):
    """The first month; without one, the last 12."""

    start_date: Month | None = None


class TeamQuery(_Query):
    """One team."""

    team_id: str
