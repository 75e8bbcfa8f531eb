"""As-of responses of the API, for a month that is reported late.

The responses on teams, license, admins and users describe the moment of the request. Long after a month has ended, they
no longer describe the month; those in the month's earlier bundle, fetched shortly after its end, still do.
"""

from datetime import timedelta

from tabnine_report.model.month import Month
from tabnine_report.usage_api.endpoints import AS_OF_ENDPOINTS
from tabnine_report.usage_api.snapshot import Fetch, Snapshot

LATE_AFTER = timedelta(days=10)
"""The time after a month's end until which an as-of response describes the month."""


def is_late(fetch: Fetch, month: Month) -> bool:
    """Return whether an endpoint was fetched too late for its as-of response to describe the month."""
    return fetch.ended_at > month.end + LATE_AFTER


def take_as_of_answers_from(earlier: Snapshot, snapshot: Snapshot) -> Snapshot:
    """Replace the as-of responses that were fetched too late with those of an earlier snapshot.

    Args:
        earlier: The snapshot in the latest bundle of the month.
        snapshot: The current snapshot of the same month.

    Returns:
        The snapshot to build the report from. A response that was also late in the earlier snapshot is not replaced.
    """
    month = Month.parse(snapshot.month)
    fetches = dict(snapshot.fetches)
    for endpoint in AS_OF_ENDPOINTS & fetches.keys() & earlier.fetches.keys():
        before = earlier.fetches[endpoint]
        if is_late(fetches[endpoint], month) and before.failure is None and not is_late(before, month):
            fetches[endpoint] = before
    return snapshot.model_copy(update={"fetches": fetches})
