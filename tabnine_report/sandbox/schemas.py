"""Define what the parameters and responses of several endpoints have in common; the server checks them.

Only fields that the API guarantees are required. All others may be absent, and absent is not zero.
"""

from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

Json = dict[str, Any]
Row = TypeVar("Row")


class Parameters(BaseModel):
    """Base of the parameters of every endpoint: camelCase names; unknown ones are ignored."""

    model_config = ConfigDict(alias_generator=to_camel)


class ResponseModel(BaseModel):
    """Base of all responses: camelCase names, no other fields."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid")


class NextPage(ResponseModel):
    """The parameters of the next page."""

    limit: int
    offset: int


class PageMeta(ResponseModel):
    """Rows on this page, rows in total, and the next page: null or absent on the last one."""

    count: int
    total: int
    next: NextPage | None = None


class Page(ResponseModel, Generic[Row]):
    """One page of a list."""

    data: list[Row]
    meta: PageMeta
