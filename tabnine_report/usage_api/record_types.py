"""The base classes of the records read from responses, and the page of a list.

Records have only the fields that a report uses. Reading is lenient: unknown fields are ignored, and an absent or null
field is None, never 0. Only fields that every response is certain to have are required. Field names are the API's own
in snake case; each exception has an alias.
"""

from datetime import date, datetime, timedelta
from typing import Annotated, Generic, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, FailFast, Field, RootModel
from pydantic.alias_generators import to_camel

from tabnine_report.model.month import Month
from tabnine_report.usage_api.field_types import Boundary, Count, Identifier


class Record(BaseModel):
    """The base of all records: frozen, lenient, with camel case names in JSON."""

    model_config = ConfigDict(
        frozen=True,
        extra="ignore",
        alias_generator=to_camel,
        populate_by_name=True,
        hide_input_in_errors=True,
        coerce_numbers_to_str=True,
    )


RecordT = TypeVar("RecordT", bound=Record)


class RecordList(RootModel[list[RecordT]], Generic[RecordT]):
    """A response that is a bare array of records."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)


class Period(Record):
    """A record about a period.

    Attributes:
        start: `from`, the period's first instant, UTC.
        end: `to`, the first instant after it, UTC.
    """

    start: Boundary = Field(alias="from")
    end: Boundary = Field(alias="to")

    @property
    def month(self) -> Month:
        """The calendar month of the period, even if it begins at midnight of another time zone."""
        return Month.of(self._inside(timedelta(days=14)))

    @property
    def day(self) -> date:
        """The day of the period, even if it begins at midnight of a time zone up to twelve hours from UTC."""
        return self._inside(timedelta(hours=12)).date()

    def _inside(self, at_most: timedelta) -> datetime:
        """Return an instant well inside the period: its middle, but no later than `at_most` after its start."""
        return self.start + max(timedelta(), min(at_most, (self.end - self.start) / 2))


class NextPage(Record):
    """Where the next page begins."""

    offset: Count


class PageMeta(Record):
    """The metadata of a page.

    Attributes:
        total: The number of rows in the whole list; None if the server does not count them.
        next: The next page; None if this is the last one or the server does not report it.
    """

    total: Count | None = None
    next: NextPage | None = None


class Row(Record):
    """One row of any list."""

    id: Identifier


class Page(Record, Generic[RecordT]):
    """One page of a list."""

    data: Annotated[tuple[RecordT, ...], FailFast()]
    meta: Annotated[PageMeta, BeforeValidator(lambda meta: {} if meta is None else meta)] = PageMeta()
