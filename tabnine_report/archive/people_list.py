"""Write the list of accounts that admins should review: users in no team and deactivated users.

The list is personal data and belongs in a bundle's restricted folder; see `privacy.people` in docs/configuration.md.
"""

import csv
import io
import re

from tabnine_report.text.sanitizing import sanitize
from tabnine_report.usage_api.endpoints import Endpoint
from tabnine_report.usage_api.endpoints.users import (
    USERS_DEACTIVATED_IN_TEAMS,
    USERS_DEACTIVATED_WITHOUT_TEAM,
    USERS_REGISTERED_WITHOUT_TEAM,
    User,
    count_users,
    list_users,
)
from tabnine_report.usage_api.query import format_instant
from tabnine_report.usage_api.snapshot import Snapshot

COLUMNS = ("user_name", "email", "team", "state", "deactivated_at", "updated_at")

_STATES = {
    USERS_REGISTERED_WITHOUT_TEAM: "registered",
    USERS_DEACTIVATED_IN_TEAMS: "deactivated",
    USERS_DEACTIVATED_WITHOUT_TEAM: "deactivated",
}
# The start of a cell, with any separator that a spreadsheet may use, before a character that starts a formula.
_FORMULA = re.compile(r"(^|[,;|])(?=\s*[=+\-@\uff1d\uff0b\uff0d\uff20])")


def people_csv(snapshot: Snapshot) -> bytes | None:
    """Return the list of accounts as CSV.

    An apostrophe is put before text that a spreadsheet could read as a formula. A value missing in the API is an empty
    cell.

    Returns:
        One row per account below the header row, in the API's order, times in UTC, UTF-8 with a byte order mark (Excel
        needs it). A row without an id is omitted. Only the header row if there are no such accounts. None if the users
        could not be fetched or were only counted.
    """
    fetch = snapshot.fetches.get(Endpoint.USERS)
    if fetch is None or fetch.failure is not None:
        return None
    table = io.StringIO(newline="")
    writer = csv.writer(table, quoting=csv.QUOTE_ALL)
    writer.writerow(COLUMNS)
    for query, state in _STATES.items():
        rows = 0
        for users in list_users(fetch, query):
            rows += len(users) + len(users.unreadable)
            writer.writerows(_row(user, state) for user in users)
        if rows != count_users(fetch, query):
            return None
    return table.getvalue().encode("utf-8-sig")


def _row(user: User, state: str) -> tuple[str, ...]:
    times = (format_instant(at) if at else "" for at in (user.deactivated_at, user.updated_at))
    return (*(_escape_formulas(text or "") for text in (user.username, user.email, user.team)), state, *times)


def _escape_formulas(text: str) -> str:
    """Return the text on one line, with formulas disabled."""
    return _FORMULA.sub(r"\1'", sanitize(text))
