"""How HTTP's headers write an instant: `Sun, 01 Nov 2026 07:00:00 GMT`."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


def read_http_date(text: str) -> datetime | None:
    """Read an instant as a header has it; None for anything else, an absent header's empty text among it."""
    try:
        instant = parsedate_to_datetime(text)
    except ValueError:
        return None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
