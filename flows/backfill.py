"""The months of a range, oldest first: for an organization whose history begins before its first report."""

import asyncio
import logging

from prefect import flow, runtime

from flows.monthly_report import Delivery, monthly_report
from tabnine_report.model.errors import MonthError, ReportingError
from tabnine_report.model.month import Month
from tabnine_report.runs import clock
from tasks.run import LAST_COMPLETE_MONTH, begin

MOST_MONTHS = 36
"""More at once is a slip of the hand; ask for them in parts."""

_log = logging.getLogger(__name__)


def _name_run() -> str:
    parameters = runtime.flow_run.parameters
    return f"{parameters['profile']} · {parameters['first']} to {parameters['last']}"


@flow(name="backfill", flow_run_name=_name_run)
async def backfill(
    first: str, last: str = LAST_COMPLETE_MONTH, profile: str = "demo", delivery: Delivery = "nobody"
) -> dict[str, str]:
    """Make one organization's reports of a range of months, oldest first, so that each finds those before it.

    A month that fails is told to the admins as its own run is, and does not keep the next ones from being made.

    Args:
        first: The first month of the range as YYYY-MM, such as 2026-01.
        last: The last month of the range as YYYY-MM; or "last complete month".
        profile: The organization's profile: its name in the folder of profiles, or the path of its file.
        delivery: Who gets each report. "nobody", unless said otherwise: it is only made and kept. "undelivered": those
            who have not had that month yet. "revised": those, too, who had an earlier revision than the present one.
            "everyone": all of them, those who had it deliberately again. "preview": the admins only, the exact
            messages, marked PREVIEW, not counted as delivered.

    Returns:
        By month what came of it: "made", or why not.

    Raises:
        SettingsError: With every problem of the profile; nothing was begun.
        MonthError: If the range cannot be reported, likewise.
        ReportingError: If a month failed; the others are made.
    """
    months = await asyncio.to_thread(_months, profile, first, last)
    came_of_it = {str(month): await _make(profile, month, delivery) for month in months}
    if failed := {month: why for month, why in came_of_it.items() if why != _MADE}:
        said = " ".join(f"{month}: {why}" for month, why in failed.items())
        others = ", the others are made" if len(failed) < len(months) else ""
        raise ReportingError(f"{len(failed)} of {len(months)} months failed{others}. {said}")
    return came_of_it


_MADE = "made"


def _months(profile: str, first: str, last: str) -> tuple[Month, ...]:
    now = clock.now()
    begun, ended = (begin(profile, month, draft=False, at=now).month for month in (first, last))
    if begun > ended:
        raise MonthError(f"The range from {begun} to {ended} has no months; name the earlier one first.")
    number = 1 + (ended.year - begun.year) * 12 + ended.number - begun.number
    if number > MOST_MONTHS:
        raise MonthError(f"From {begun} to {ended} are {number} months; ask for at most {MOST_MONTHS} at once.")
    return ended.last(number)


async def _make(profile: str, month: Month, delivery: Delivery) -> str:
    """Run one month and give `made`, or the sentence why it failed."""
    state = await monthly_report(profile, str(month), delivery, return_state=True)
    if not state.is_failed() and not state.is_crashed():
        _log.info("%s is made", month)
        return _MADE
    error = await state.aresult(raise_on_failure=False)
    # The text of a foreign error may hold anything, a secret among it.
    why = (
        str(error)
        if isinstance(error, ReportingError)
        else f"Something unforeseen went wrong ({type(error).__name__})."
    )
    _log.warning("%s failed: %s", month, why)
    return why
