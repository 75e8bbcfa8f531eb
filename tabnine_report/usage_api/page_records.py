"""A page of a list, as records: what stands around the rows of every list that the API gives in pages."""

from typing import Annotated, Generic, TypeVar

from pydantic import BeforeValidator, FailFast

from tabnine_report.usage_api.field_types import Count, Identifier
from tabnine_report.usage_api.records import Record


class NextPage(Record):
    """Where the next page begins."""

    offset: Count


class PageMeta(Record):
    """What a page says of itself.

    Attributes:
        total: The rows of the whole list; None when the server does not count them.
        next: The next page; None when this is the last one or the server does not say.
    """

    total: Count | None = None
    next: NextPage | None = None


class Row(Record):
    """One row of a list, whatever it is."""

    id: Identifier


ListRow = TypeVar("ListRow", bound=Record)


class Page(Record, Generic[ListRow]):
    """One page of a list."""

    data: Annotated[tuple[ListRow, ...], FailFast()]
    meta: Annotated[PageMeta, BeforeValidator(lambda meta: {} if meta is None else meta)] = PageMeta()
