"""The accounts that admins should look at, as a table for a spreadsheet: personal data, for a bundle's restricted part.

They are those in no team and those deactivated, as of the moment of asking; see `privacy.people` in
docs/configuration.md.
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
from tabnine_report.usage_api.queries import format_instant
from tabnine_report.usage_api.snapshot import Snapshot

COLUMNS = ("user_name", "email", "team", "state", "deactivated_at", "updated_at")

_STATES = {
    USERS_REGISTERED_WITHOUT_TEAM: "registered",
    USERS_DEACTIVATED_IN_TEAMS: "deactivated",
    USERS_DEACTIVATED_WITHOUT_TEAM: "deactivated",
}
# Where a spreadsheet begins a cell, whichever separator it was told to use, and what makes it a formula there.
_FORMULA = re.compile(r"(^|[,;|])(?=\s*[=+\-@\uff1d\uff0b\uff0d\uff20])")


def people_csv(snapshot: Snapshot) -> bytes | None:
    """Write the list.

    Text that a spreadsheet could take for a formula gets an apostrophe before it; what the API does not tell of an
    account is an empty cell.

    Returns:
        A row an account below the names of `COLUMNS`, in the API's order, instants in UTC; UTF-8 with a byte order
        mark, without which Excel takes it for something else. Without such accounts, the names of the columns alone.
        None if the users could not be fetched or were only counted.
    """
    fetch = snapshot.fetches.get(Endpoint.USERS)
    if fetch is None or fetch.failure is not None:
        return None
    table = io.StringIO(newline="")
    writer = csv.writer(table, quoting=csv.QUOTE_ALL)
    writer.writerow(COLUMNS)
    for query, state in _STATES.items():
        users = list_users(fetch, query)
        if len(users) != count_users(fetch, query):
            return None
        writer.writerows(_row(user, state) for user in users)
    return table.getvalue().encode("utf-8-sig")


def _row(user: User, state: str) -> tuple[str, ...]:
    times = (format_instant(at) if at else "" for at in (user.deactivated_at, user.updated_at))
    return (*(_harmless(text or "") for text in (user.username, user.email, user.team)), state, *times)


def _harmless(text: str) -> str:
    """Make a text one line that no spreadsheet takes for a formula."""
    return _FORMULA.sub(r"\1'", sanitize(text))
