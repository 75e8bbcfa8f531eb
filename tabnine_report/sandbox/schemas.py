"""Define what the schemas of several answers have in common; the server validates them, `/openapi.json` shows them.

Only fields that the API guarantees are required. All others may be absent, and absent is not zero.
"""

from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from tabnine_report.sandbox.world import Granularity

Json = dict[str, Any]
Row = TypeVar("Row")


class Answer(BaseModel):
    """Base of all answers: camelCase names, no other fields."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid")


class NextPage(Answer):
    """The parameters of the next page."""

    limit: int
    offset: int


class PageMeta(Answer):
    """Rows on this page, rows in total, and the next page: null or absent on the last one."""

    count: int
    total: int
    next: NextPage | None = None


class Page(Answer, Generic[Row]):
    """One page of a list."""

    data: list[Row]
    meta: PageMeta


class Period(Answer):
    """The first instant of a bucket and the first one after it, UTC."""

    from_: str = Field(alias="from")
    to: str


class Usage(Answer, Generic[Row]):
    """The buckets of a window."""

    granularity: Granularity
    data: list[Row]


class UsageEnvelope(Period, Generic[Row]):
    """The requested window and its buckets; `teamId` if a team was requested."""

    organization_id: str
    team_id: str | None = None
    usage: Usage[Row]
