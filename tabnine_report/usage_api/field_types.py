"""The kinds of value that the API's answers are made of, each read strictly enough to be believed.

A count is never read from a boolean or a broken number, an instant never from a bare number. Each kind says in its own
words what a value is not, and never repeats the value: it may be personal.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field

_LARGEST_EXACT = 2**53
_FIRST_YEAR, _LAST_YEAR = 2000, 9000
_LATEST_UNIX = datetime(_LAST_YEAR, 1, 1, tzinfo=UTC).timestamp()


def _whole_number(value: object) -> int:
    """Take an integer, or a float without fraction: JSON does not tell 5 from 5.0."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    raise ValueError("is not an integer")


def _instant_text(value: object) -> str:
    """Take text only: pydantic alone would read a bare number as seconds since 1970."""
    if isinstance(value, str) and not value.strip().lstrip("+-").replace(".", "").isdigit():
        return value
    raise ValueError("is not an instant like 2026-10-01T00:00:00Z")


def _unix_instant(value: object) -> datetime:
    seconds = _whole_number(value)
    if not 0 <= seconds <= _LATEST_UNIX:
        raise ValueError("is not an instant in UNIX seconds")
    return datetime.fromtimestamp(seconds, UTC)


def _in_utc(instant: datetime) -> datetime:
    try:
        return instant.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("is not an instant") from error


def _in_calendar(instant: datetime) -> datetime:
    _year(instant.year)
    return instant


def _year(year: int) -> int:
    if not _FIRST_YEAR <= year < _LAST_YEAR:
        raise ValueError("is not in a year that a report can be about")
    return year


def _month_index(index: int) -> int:
    if index > 11:  # noqa: PLR2004 - December, counted from 0
        raise ValueError("is not a month from 0 to 11")
    return index


def _setting(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _name(value: object) -> object:
    """Take a name alone, or the `name` of an object that stands in its place."""
    return value.get("name") if isinstance(value, Mapping) else value


Count = Annotated[int, BeforeValidator(_whole_number), Field(ge=0, le=_LARGEST_EXACT)]
"""A whole number, 0 or more, that a float holds exactly."""

Year = Annotated[Count, AfterValidator(_year)]
"""A calendar year from 2000 on."""

MonthIndex = Annotated[Count, AfterValidator(_month_index)]
"""A month counted from 0, which is January."""

Share = Annotated[float, Field(strict=True, ge=0, allow_inf_nan=False)]
"""A ratio of two counts, 0 or more, usually at most 1."""

Amount = Annotated[float, Field(strict=True, ge=0, le=_LARGEST_EXACT, allow_inf_nan=False)]
"""An amount of money, 0 or more, in a currency that is said elsewhere."""

Instant = Annotated[AwareDatetime, BeforeValidator(_instant_text), AfterValidator(_in_utc)]
"""An instant with an offset or `Z` and up to 9 digits of a second's fraction, kept in UTC to the microsecond."""

Boundary = Annotated[Instant, AfterValidator(_in_calendar)]
"""An instant at which a reported period begins or ends, from the year 2000 on."""

UnixInstant = Annotated[datetime, BeforeValidator(_unix_instant)]
"""An instant given in whole seconds since 1970, kept in UTC."""

Identifier = Annotated[str, Field(min_length=1)]
"""What the API tells things apart by; never empty."""

Setting = Annotated[bool | None, BeforeValidator(_setting)]
"""Whether something is on; None for everything but true and false."""

NameOrObject = Annotated[str | None, BeforeValidator(_name)]
"""A name, given alone or as the `name` of an object: the reference shows neither."""
