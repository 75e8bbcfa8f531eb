"""Define the query parameters that several endpoints have in common, checked as strictly as the service does."""

import re
from datetime import UTC, datetime
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic.alias_generators import to_camel

from tabnine_report.sandbox.world import Granularity

_INSTANT_PATTERN = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$"


def _parse_instant(text: object) -> int:
    if not isinstance(text, str) or not re.match(_INSTANT_PATTERN, text, re.ASCII):
        raise ValueError("must be a UTC time such as 2026-10-01T00:00:00Z, without a fraction of a second")
    return int(datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp())


Instant = Annotated[
    int,
    BeforeValidator(_parse_instant),
    WithJsonSchema({"type": "string", "format": "date-time", "pattern": _INSTANT_PATTERN}),
]
"""A UNIX second, written `YYYY-MM-DDTHH:MM:SSZ`."""


class Parameters(BaseModel):
    """Base of the parameters of every endpoint: camelCase names."""

    model_config = ConfigDict(alias_generator=to_camel)


class UsageQuery(Parameters):
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
