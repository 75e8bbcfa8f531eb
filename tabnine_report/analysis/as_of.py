"""What the API tells only of now, for a month that is run late.

Teams, license, admins and users are answered for the moment of asking. Long after a month's end that moment is no
longer the month's; what was answered right after it, kept in the month's earlier bundle, still is.
"""

from datetime import timedelta

from tabnine_report.model.month import Month
from tabnine_report.usage_api.endpoints import AS_OF_ENDPOINTS
from tabnine_report.usage_api.snapshot import Fetch, Snapshot

LATE_AFTER = timedelta(days=10)
"""How long after a month's end an answer about now is still taken for the month's."""


def is_late(fetch: Fetch, month: Month) -> bool:
    """Tell whether an endpoint was fetched too late for its answer about now to stand beside the month."""
    return fetch.ended_at > month.end + LATE_AFTER


def take_as_of_answers_from(earlier: Snapshot, snapshot: Snapshot) -> Snapshot:
    """Put the earlier snapshot's answers about now in the place of those that came too late.

    Args:
        earlier: The snapshot of the month's latest bundle.
        snapshot: What was fetched now, for the same month.

    Returns:
        The snapshot to build from; the same one if nothing in it came late, or if the earlier ones came late, too.
    """
    month = Month.parse(snapshot.month)
    fetches = dict(snapshot.fetches)
    for endpoint in AS_OF_ENDPOINTS & fetches.keys() & earlier.fetches.keys():
        before = earlier.fetches[endpoint]
        if is_late(fetches[endpoint], month) and before.failure is None and not is_late(before, month):
            fetches[endpoint] = before
    return snapshot.model_copy(update={"fetches": fetches})
