"""Days at the end of the reported month whose data the API probably does not have yet.

The API omits days without activity, so a missing day usually counts as zero. At the end of the data, that would
misread late data as a drop in usage.
"""

from datetime import date

from tabnine_report.analysis.working_days import WorkingDays
from tabnine_report.model.month import Month


def late_days(
    month: Month,
    active_days: frozenset[date],
    working_days: WorkingDays,
    last_complete_day: date,
    started: date | None = None,
) -> tuple[date, ...]:
    """Return the days after the last active day if a working day is among them; empty if their data is not late.

    An organization that is active on half of its working days or fewer often has such gaps; they are not treated as
    late. A gap before the last active day, such as a weekend or a holiday, is never late.

    Args:
        month: The reported month.
        active_days: The days with activity.
        working_days: The calendar of working days.
        last_complete_day: The last day that had ended when the data was requested.
        started: The day on which the organization started, if it is known and in the month; earlier days are no gaps.
    """
    newest = max(active_days.intersection(month.days), default=None)
    if newest is None:
        return ()
    working = working_days.of(month)
    before = [day for day in working if (started or month.first_day) <= day <= newest]
    if 2 * len(active_days.intersection(before)) <= len(before):
        return ()
    after = tuple(day for day in month.days if newest < day <= last_complete_day)
    return after if not set(after).isdisjoint(working) else ()
