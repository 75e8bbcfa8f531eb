"""The types of the fields in responses, each strict enough for its value to be trusted.

A count is never read from a boolean or a fraction, a timestamp never from a bare number. An error describes the problem
and never repeats the value, which may be personal data.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field

_LARGEST_EXACT = 2**53
_FIRST_YEAR, _LAST_YEAR = 2000, 9000
_LATEST_UNIX = datetime(_LAST_YEAR, 1, 1, tzinfo=UTC).timestamp()


def _whole_number(value: object) -> int:
    """Return an integer, also from a float without fraction: JSON does not distinguish 5 from 5.0."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    raise ValueError("is not an integer")


def _instant_text(value: object) -> str:
    """Return the text of a timestamp; pydantic alone would read a bare number as seconds since 1970."""
    if isinstance(value, str) and not value.strip().lstrip("+-").replace(".", "").isdigit():
        return value
    raise ValueError("is not a timestamp like 2026-10-01T00:00:00Z")


def _unix_instant(value: object) -> datetime:
    seconds = _whole_number(value)
    if not 0 <= seconds <= _LATEST_UNIX:
        raise ValueError("is not a timestamp in UNIX seconds")
    return datetime.fromtimestamp(seconds, UTC)


def _in_utc(instant: datetime) -> datetime:
    try:
        return instant.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("is not a timestamp") from error


def _in_calendar(instant: datetime) -> datetime:
    _year(instant.year)
    return instant


def _year(year: int) -> int:
    if not _FIRST_YEAR <= year < _LAST_YEAR:
        raise ValueError("is not in a supported year")
    return year


def _month_index(index: int) -> int:
    if index > 11:  # noqa: PLR2004 - December, counted from 0
        raise ValueError("is not a month from 0 to 11")
    return index


def _setting(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _name(value: object) -> object:
    """Return a name, given as such or as the `name` of an object."""
    return value.get("name") if isinstance(value, Mapping) else value


Count = Annotated[int, BeforeValidator(_whole_number), Field(ge=0, le=_LARGEST_EXACT)]
"""A whole number, 0 or more, that a float represents exactly."""

Year = Annotated[Count, AfterValidator(_year)]
"""A calendar year from 2000 on."""

MonthIndex = Annotated[Count, AfterValidator(_month_index)]
"""A month counted from 0, which is January."""

Share = Annotated[float, Field(strict=True, ge=0, allow_inf_nan=False)]
"""A ratio of two counts, 0 or more, usually at most 1."""

Amount = Annotated[float, Field(strict=True, ge=0, le=_LARGEST_EXACT, allow_inf_nan=False)]
"""An amount of money, 0 or more, without its currency."""

Instant = Annotated[AwareDatetime, BeforeValidator(_instant_text), AfterValidator(_in_utc)]
"""A timestamp with an offset or `Z` and up to 9 fractional digits, stored in UTC to the microsecond."""

Boundary = Annotated[Instant, AfterValidator(_in_calendar)]
"""The start or end of a reported period, from the year 2000 on."""

UnixInstant = Annotated[datetime, BeforeValidator(_unix_instant)]
"""A timestamp in whole seconds since 1970, stored in UTC."""

Identifier = Annotated[str, Field(min_length=1)]
"""The id of an object; never empty."""

Setting = Annotated[bool | None, BeforeValidator(_setting)]
"""Whether a setting is on; None for every value but true and false."""

NameOrObject = Annotated[str | None, BeforeValidator(_name)]
"""A name, given as such or as the `name` of an object: the vendor documents neither."""
