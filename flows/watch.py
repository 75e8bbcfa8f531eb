"""The flow that runs one round of the watchdog: the same as `tabnine-report watch`, scheduled by Prefect."""

import asyncio
import logging
from datetime import timedelta
from typing import Any

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows.running.final_states import failed_flow
from flows.running.scheduled_time import scheduled_at
from flows.watching.watch_round import Watched, watch_profiles
from tabnine_report.runs import clock
from tasks.publish_artifacts import publish_table

OUTDATED = timedelta(minutes=10)
"""How late a round may start. After an outage of the workers, all rounds that were missed start at once."""

_log = logging.getLogger(__name__)


def _name_run() -> str:
    return f"watchdog · {scheduled_at():%Y-%m-%d %H:%M}"


@flow(name="watch", flow_run_name=_name_run)
async def watch(profiles: tuple[str, ...] = ()) -> Any:  # noqa: ANN401 - a state; the caller receives its data, the results
    """Detect problems that no run reported, and notify the admins: once a day, and when a problem is solved.

    It cannot detect that no worker is running, because it needs one itself: also run
    `tabnine-report watch` outside Prefect.

    Args:
        profiles: The profiles to check: names in the profiles folder; by default, all of them.
    """
    if clock.now() - scheduled_at() > OUTDATED:
        return Completed(name="Skipped", message="It started so late that a later round has replaced it.")
    try:
        results = await asyncio.to_thread(watch_profiles, profiles)
    except Exception as error:  # noqa: BLE001 - any error ends the run
        return await failed_flow("watch", error)
    for result in results:
        for failure in result.failures:
            _log.warning("The admins were not notified. %s", failure)
    rows = [
        {
            "organization": result.organization,
            "problem": problem.sentence,
            # For an organization, the ledger has the reason, which may contain figures.
            "reason": "" if result.organization else problem.reason,
        }
        for result in results
        for problem in result.problems
    ]
    await publish_table("watch", "Open problems", rows)
    return _final_state(results, len(rows))


def _final_state(results: list[Watched], problems: int) -> State[Any]:
    """Return a green state: a problem is not a failure of this run, and automations must not report it again."""
    name = "Problems open" if problems else "Healthy"
    profiles = sum(bool(result.organization) for result in results)
    return Completed(name=name, message=f"Profiles: {profiles}. Open problems: {problems}.", data=results)
