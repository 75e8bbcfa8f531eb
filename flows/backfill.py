"""The flow that builds the reports of a range of earlier months."""

import asyncio
import logging
from collections import Counter
from typing import Annotated, Any

from prefect import flow, runtime, tags
from prefect.states import Completed
from pydantic import Field

from flows.monthly_report import Delivery, RequestedMonth, monthly_report
from flows.running.final_states import failed_flow, failed_state
from tabnine_report.model.errors import MonthError, ReportingError
from tabnine_report.model.month import Month
from tabnine_report.runs import clock
from tabnine_report.runs.context import LAST_COMPLETE_MONTH, MONTH_PATTERN
from tabnine_report.runs.run_markdown import backfill_markdown
from tabnine_report.text.counted import counted
from tabnine_report.text.sanitizing import sanitize
from tasks.publish_artifacts import publish_markdown
from tasks.read_profile import open_run

MAX_MONTHS = 36
"""A longer range is probably a typing error."""

_log = logging.getLogger(__name__)


def _name_run() -> str:
    profile, first, last = (sanitize(runtime.flow_run.parameters[name]) for name in ("profile", "first", "last"))
    return f"{profile} · {first} to {last}"


@flow(name="backfill", flow_run_name=_name_run)
async def backfill(
    first: Annotated[str, Field(json_schema_extra={"pattern": MONTH_PATTERN})],
    last: RequestedMonth = LAST_COMPLETE_MONTH,
    profile: str = "demo",
    delivery: Delivery = "nobody",
) -> Any:  # noqa: ANN401 - the result, or a state
    """Build one organization's reports of a range of months, oldest first, because each uses the earlier ones.

    A month that fails or is withheld notifies the admins as its own run does, and does not stop the other months. A
    backfill never releases a withheld report.

    Args:
        first: The first month of the range as YYYY-MM, such as 2026-01.
        last: The last month of the range as YYYY-MM; or "last complete month", which is the last final month.
        profile: The profile: a name in the profiles folder, or the path of a file.
        delivery: Who receives each report. "nobody" (the default): the reports are built and archived only.
            "undelivered": recipients who have not received that month yet. "revised": also recipients of an earlier
            revision. "everyone": all recipients, including those who already received it (intentional resend).
            "preview": only the admins; they receive the exact messages, marked PREVIEW, which do not count as
            delivered.

    Returns:
        By month: how it ended, such as "Archived".

    Raises:
        SettingsError: With every problem of the profile, before the first month starts.
        MonthError: If the range cannot be reported, before the first month starts.
        ReportingError: If a month failed or was not delivered; the other months are done.
    """
    try:
        organization, months = await asyncio.to_thread(_range, profile, first, last)
    except Exception as error:  # noqa: BLE001 - any error ends the run
        return await failed_flow("backfill", error, profile)
    # Prefect gives the tags of a run to none of the runs that it calls.
    with tags(*runtime.flow_run.tags):
        results = {str(month): await _build(profile, month, delivery) for month in months}
    name = str(runtime.flow_run.name)
    await publish_markdown("backfill", organization, name, lambda: backfill_markdown(name, results))
    states = Counter(state.lower() for state, _ in results.values())
    message = f"{counted(len(months), 'month')}: {', '.join(f'{number} {state}' for state, number in states.items())}."
    if reasons := [f"{month}: {reason}" for month, (_, reason) in results.items() if reason]:
        return failed_state(ReportingError("\n".join([message, *reasons])))
    return Completed(message=message, data={month: state for month, (state, _) in results.items()})


def _range(profile: str, first: str, last: str) -> tuple[str, tuple[Month, ...]]:
    """Return the organization's name and the months of the range."""
    now = clock.now()
    begin, end = (open_run(profile, month, draft=False, at=now) for month in (first, last))
    if begin.month > end.month:
        raise MonthError(f"The range from {begin.month} to {end.month} has no months. Enter the earlier month first.")
    number = 1 + (end.month.year - begin.month.year) * 12 + end.month.number - begin.month.number
    if number > MAX_MONTHS:
        raise MonthError(
            f"The range from {begin.month} to {end.month} has {number} months. The maximum is {MAX_MONTHS}."
        )
    return end.profile.name, end.month.last(number)


async def _build(profile: str, month: Month, delivery: Delivery) -> tuple[str, str]:
    """Run one month; return how it ended, and the sentence why it failed or was not delivered, if so."""
    state = await monthly_report(profile, str(month), delivery, return_state=True)
    name = state.name or state.type.value.capitalize()
    if state.is_completed():
        _log.info("%s: %s", month, name)
        return name, ""
    reason = str(state.message)
    _log.warning("%s: %s", month, reason)
    return name, reason
