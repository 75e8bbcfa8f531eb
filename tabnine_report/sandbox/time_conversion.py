"""Convert UNIX seconds, months and the API's timestamps into each other.

Instants are whole UNIX seconds in UTC. A month is the number `12 * year + (month - 1)`, so months count up.
"""

from datetime import UTC, datetime

DAY_SECONDS = 86_400


def instant(year: int, month: int, day: int = 1) -> int:
    """Return the UNIX second at which a day begins in UTC."""
    return int(datetime(year, month, day, tzinfo=UTC).timestamp())


def as_datetime(second: int) -> datetime:
    """Return a UNIX second as an aware UTC datetime."""
    return datetime.fromtimestamp(second, UTC)


def as_instant(moment: datetime) -> int:
    """Return an aware datetime as a UNIX second, without the fraction."""
    return int(moment.timestamp())


def instant_text(second: int) -> str:
    """Return a UNIX second as the API writes it: `2026-10-01T00:00:00Z`."""
    return as_datetime(second).isoformat().replace("+00:00", "Z")


def month_at(second: int) -> int:
    """Return the number of the month that contains an instant."""
    moment = as_datetime(second)
    return 12 * moment.year + moment.month - 1


def month_bounds(month: int) -> tuple[int, int]:
    """Return the first instant of a month and the first instant after it."""
    return instant(month // 12, month % 12 + 1), instant((month + 1) // 12, (month + 1) % 12 + 1)
