"""As-of responses of the API: those that describe the moment of the request, not a month.

The responses for the organization, teams, license, admins and users are shown for a month until the next month is
final. Later, those in the month's earlier bundle still describe the month.
"""

from zoneinfo import ZoneInfo

from tabnine_report.model.month import Month
from tabnine_report.usage_api.endpoints import AS_OF_ENDPOINTS
from tabnine_report.usage_api.snapshot import Fetch, Snapshot


def is_late(fetch: Fetch, month: Month, zone: ZoneInfo, settle_days: int) -> bool:
    """Return whether an endpoint was fetched too late for its as-of response to be shown for the month.

    Args:
        fetch: The fetch of the endpoint.
        month: The reported month.
        zone: The time zone of the profile.
        settle_days: The local days after which a month that has ended is final.
    """
    return month.back(-1).is_final(fetch.ended_at, zone, settle_days)


def replace_late_as_of_responses(snapshot: Snapshot, earlier: Snapshot, zone: ZoneInfo, settle_days: int) -> Snapshot:
    """Replace the as-of responses that were fetched too late with those of an earlier snapshot.

    Args:
        snapshot: The current snapshot of a month.
        earlier: The snapshot in the latest bundle of the same month.
        zone: See `is_late`.
        settle_days: See `is_late`.

    Returns:
        The snapshot to build the report from. A response that was also late in the earlier snapshot is not replaced.
    """

    def late(fetch: Fetch) -> bool:
        return is_late(fetch, Month.parse(snapshot.month), zone, settle_days)

    fetches = dict(snapshot.fetches)
    for endpoint in AS_OF_ENDPOINTS & fetches.keys() & earlier.fetches.keys():
        before = earlier.fetches[endpoint]
        if late(fetches[endpoint]) and before.failure is None and not late(before):
            fetches[endpoint] = before
    return snapshot.model_copy(update={"fetches": fetches})
