"""The base classes of the records read from responses.

Records have only the fields that a report uses. Reading is lenient: unknown fields are ignored, and an absent or null
field is None, never 0. An invalid field affects no other: it is None too, and the record knows that it is
invalid. Only a field without a default is required: a record is not read without it. Field names are the API's own in
camel case; each exception has an alias.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import cache
from typing import Self, TypeVar, get_args

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    PrivateAttr,
    ValidationError,
    model_validator,
)
from pydantic.alias_generators import to_camel

from tabnine_report.model.month import Month
from tabnine_report.usage_api.field_types import Count, Id, Instant, RowsOrNull


class Record(BaseModel):
    """The base of all records: frozen, lenient, with camel case names in JSON."""

    model_config = ConfigDict(frozen=True, extra="ignore", alias_generator=to_camel, hide_input_in_errors=True)

    _invalid: frozenset[str] = PrivateAttr(default=frozenset())
    """The names of the fields, as in the API, whose value is invalid."""

    @model_validator(mode="wrap")
    @classmethod
    def _read_without_invalid_fields(cls, data: object, handler: ModelWrapValidatorHandler[Self]) -> Self:
        """Read a record; if fields are invalid, read it without them.

        Raises:
            ValidationError: If the data is not an object, or a needed field is invalid or missing.
        """
        try:
            return handler(data)
        except ValidationError as error:
            if not isinstance(data, Mapping):
                raise
            problems = error.errors(include_url=False, include_context=False, include_input=False)
            invalid = {str(problem["loc"][0]) for problem in problems}
            names = {alias: name for alias, name in _names_by_alias(cls).items() if alias in invalid}
            if any(cls.model_fields[name].is_required() for name in names.values()):
                raise
            record = handler({name: value for name, value in data.items() if name not in invalid})
        # None also if the field has another default, which is for an absent field.
        record = record.model_copy(update=dict.fromkeys(names.values()))
        record._invalid = frozenset(invalid)  # noqa: SLF001 - of this class
        return record

    def value_of(self, alias: str) -> object:
        """Return the value of a field by its name in the API; None if the record has no such field."""
        name = _names_by_alias(type(self)).get(alias)
        return getattr(self, name) if name else None

    def is_invalid(self, path: str) -> bool:
        """Return whether the API returned an invalid value for a field.

        Args:
            path: The field as the API names it, as in `activeUsers`, or in a block, as in `chat.activeUsers`.
        """
        alias, _, rest = path.partition(".")
        if alias in self._invalid:
            return True
        return any(record.is_invalid(rest) for name, record in self._inner_records() if name == alias)

    def invalid_fields(self) -> Iterator[str]:
        """Yield the path of each field whose value is invalid, as in `chat.activeUsers`."""
        yield from sorted(self._invalid)
        for name, record in self._inner_records():
            yield from (f"{name}.{path}" for path in record.invalid_fields())

    def _inner_records(self) -> Iterator[tuple[str | None, "Record"]]:
        """Yield the records in the fields, each with the field's name in the API."""
        for name, alias in _fields_of_records(type(self)):
            value = getattr(self, name)
            inner = value if isinstance(value, tuple) else (value,)
            yield from ((alias, record) for record in inner if record is not None)


@cache
def _names_by_alias(model: type[Record]) -> Mapping[str | None, str]:
    return {field.alias: name for name, field in model.model_fields.items()}


@cache
def _fields_of_records(model: type[Record]) -> tuple[tuple[str, str | None], ...]:
    """Return the fields that contain records: their names here and in the API."""
    return tuple((name, field.alias) for name, field in model.model_fields.items() if _has_records(field.annotation))


def _has_records(annotation: object) -> bool:
    if isinstance(annotation, type) and issubclass(annotation, Record):
        return True
    return any(map(_has_records, get_args(annotation)))


RecordT = TypeVar("RecordT", bound=Record)


class Period(Record):
    """A record about a period.

    Attributes:
        start: `from`, the period's first instant, UTC.
        end: `to`, the first instant after it, UTC.
    """

    start: Instant = Field(alias="from")
    end: Instant = Field(alias="to")

    _unreadable: bool = PrivateAttr(default=False)

    @classmethod
    def unreadable(cls, start: datetime, end: datetime) -> Self:
        """Return the record of a period for which the API returned data that could not be read."""
        record = cls.model_validate({"from": start.isoformat(), "to": end.isoformat()})
        record._unreadable = True  # noqa: SLF001 - of this class
        return record

    @property
    def is_unreadable(self) -> bool:
        """Whether the API returned data for the period that could not be read, so that no field is known."""
        return self._unreadable

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


class Page(Record):
    """One page of a list; its rows are not read yet.

    Attributes:
        data: The rows.
        meta: The metadata; None if the server does not send any.
    """

    data: RowsOrNull
    meta: PageMeta | None = None

    @property
    def total(self) -> int | None:
        """The number of rows in the whole list; None if the server does not count them."""
        return self.meta.total if self.meta else None


class Row(Record):
    """One row of any list."""

    id: Id
