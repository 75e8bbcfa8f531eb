"""The types of the fields in responses, each strict enough for its value to be trusted.

A count is never read from a boolean or a fraction, and a date that cannot be meant is invalid. An error describes the
problem and never repeats the value, which may be personal data.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BeforeValidator, Field

UNLIMITED: Final = "unlimited"
"""The value of a license field that states that there is no limit, which differs from a value that is missing."""

Unlimited = Literal["unlimited"]

_LARGEST_EXACT = 2**53
_FIRST_YEAR, _LAST_YEAR = 2000, 2099
_LONGEST_ID = 200
"""An id is part of URLs, messages and logs."""
_SURROGATE = re.compile("[\ud800-\udfff]")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST_UNIX_SECOND = 253_402_300_799
"""The end of the year 9999. A larger number is in milliseconds, whose values since 2000 are all larger."""


def _whole_number(value: object) -> int:
    """Return an integer, also from digits or from a float without fraction: some servers write 5 as "5" or 5.0."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,16}", value):
        return int(value)
    raise ValueError("is not an integer")


def _decimal(value: object) -> object:
    """Return a number, also from its digits: some servers write decimal numbers such as amounts as text."""
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,16}(\.[0-9]{1,20})?", value):
        return float(value)
    return value


def _any_instant(value: object) -> datetime:
    """Return an instant in UTC from an ISO 8601 date or timestamp, or from UNIX seconds or milliseconds."""
    try:
        if isinstance(value, str) and not value.strip().isdigit():
            instant = datetime.fromisoformat(value.strip().upper())
            return (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).astimezone(UTC)
        number = _whole_number(value)
        return _EPOCH + timedelta(**{"seconds" if number <= _LAST_UNIX_SECOND else "milliseconds": number})
    except (ValueError, OverflowError):
        # Not chained: the error of the library repeats the value.
        raise ValueError("is not a timestamp") from None


def _instant(value: object) -> datetime:
    instant = _any_instant(value)
    _year(instant.year)
    return instant


def _year(year: int) -> int:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise ValueError("is not in a supported year")
    return year


def _license_end(value: object) -> datetime | str | None:
    if value is None:
        return None
    if _means_unlimited(value):
        return UNLIMITED
    return UNLIMITED if _any_instant(value).year > _LAST_YEAR else _instant(value)


def _seats(value: object) -> int | str | None:
    if value is None:
        return None
    return UNLIMITED if _means_unlimited(value) or value in (-1, "-1") else _whole_number(value)


def _means_unlimited(value: object) -> bool:
    return isinstance(value, str) and value.strip().lower() == UNLIMITED


def _month_index(index: int) -> int:
    if index > 11:  # noqa: PLR2004 - December, counted from 0
        raise ValueError("is not a month from 0 to 11")
    return index


def _text(value: object) -> object:
    """Return a text, also from an integer: an id may be a number."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _encodable(text: str) -> str:
    """Return a text that UTF-8 can encode: JSON can escape half of a surrogate pair, which is no character."""
    return _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("is empty")
    return text


def _id(text: str) -> str:
    if len(text) > _LONGEST_ID:
        raise ValueError(f"is longer than {_LONGEST_ID} characters")
    if not text.isprintable():
        raise ValueError("contains a control character")
    return text


def _rows(value: object) -> object:
    return () if value is None else value


def _name_of(value: object) -> object:
    """Return a name, given as such or as the `name` of an object."""
    return value.get("name") if isinstance(value, Mapping) else value


Count = Annotated[int, Field(ge=0, le=_LARGEST_EXACT), BeforeValidator(_whole_number)]
"""A whole number, 0 or more, that a float represents exactly."""

Seats = Annotated[Annotated[int, Field(ge=0, le=_LARGEST_EXACT)] | Unlimited | None, BeforeValidator(_seats)]
"""A number of seats. -1 and "unlimited" are `UNLIMITED`; null is unknown."""

Year = Annotated[Count, AfterValidator(_year)]
"""A calendar year from 2000 to 2099."""

MonthIndex = Annotated[Count, AfterValidator(_month_index)]
"""A month counted from 0, which is January."""

Share = Annotated[float, Field(strict=True, ge=0, le=_LARGEST_EXACT, allow_inf_nan=False), BeforeValidator(_decimal)]
"""A ratio of two counts, 0 or more, usually at most 1."""

Amount = Annotated[float, Field(strict=True, ge=0, le=_LARGEST_EXACT, allow_inf_nan=False), BeforeValidator(_decimal)]
"""An amount of money, 0 or more, without its currency."""

Instant = Annotated[datetime, BeforeValidator(_instant)]
"""An instant from 2000 to 2099 in UTC, to the microsecond. Without an offset, a date or a time is in UTC."""

LicenseEnd = Annotated[datetime | Unlimited | None, BeforeValidator(_license_end)]
"""The end of a license. "unlimited" and every date from 2100 on are `UNLIMITED`; null is unknown."""

Text = Annotated[str, BeforeValidator(_text), AfterValidator(_not_blank), AfterValidator(_encodable)]
"""A name; never blank."""

Id = Annotated[str, BeforeValidator(_text), AfterValidator(_not_blank), AfterValidator(_id)]
"""An id: one line of visible characters, not long; never blank."""

Setting = Annotated[bool, Field(strict=True)]
"""Whether a setting is on."""

RowsOrNull = Annotated[tuple[Any, ...], BeforeValidator(_rows)]
"""The rows of a list, not read yet. Many servers write an empty list as null."""

NameOrObject = Annotated[Text | None, BeforeValidator(_name_of)]
"""A name, given as such or as the `name` of an object: the vendor documents neither."""
