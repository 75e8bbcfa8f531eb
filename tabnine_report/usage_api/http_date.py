"""Read timestamps in HTTP headers, such as `Sun, 01 Nov 2026 07:00:00 GMT`."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


def read_http_date(text: str) -> datetime | None:
    """Return the timestamp in a header in UTC; None if the text is empty, has another format, or is out of range."""
    try:
        instant = parsedate_to_datetime(text)
        return (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
