"""The flow that runs one round of the watchdog: the same as `tabnine-report watch`, scheduled by Prefect."""

import asyncio
import logging
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from prefect import flow, runtime
from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows.deploying.upcoming_runs import name_upcoming_runs
from flows.prefect_server import prefect_client
from flows.running.final_states import failed_flow
from flows.running.scheduled_time import scheduled_at
from flows.watching.watch_round import Watched, watch_profiles
from tabnine_report.model.errors import ReportingError
from tabnine_report.runs import clock
from tasks.publish_artifacts import publish_table

OUTDATED = timedelta(minutes=10)
"""How late a round may start. After an outage of the workers, all rounds that were missed start at once."""

_log = logging.getLogger(__name__)


def round_name(at: datetime) -> str:
    """Return the name of the round at a time."""
    return f"watchdog · {at:%Y-%m-%d %H:%M}"


def _name_run() -> str:
    return round_name(scheduled_at())


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
    if deployment_id := runtime.deployment.id:
        await asyncio.to_thread(_name_upcoming_rounds, UUID(deployment_id))
    return _final_state(results, len(rows))


def _name_upcoming_rounds(deployment_id: UUID) -> None:
    """Name the rounds that Prefect has scheduled since the last one; `deploy` named only the first ones."""
    try:
        with prefect_client() as client:
            name_upcoming_runs(client, deployment_id, lambda _, at: round_name(at))
    except ReportingError as error:
        _log.warning("The upcoming rounds keep random names. %s", error)


def _final_state(results: list[Watched], problems: int) -> State[Any]:
    """Return a green state: a problem is not a failure of this run, and automations must not report it again."""
    name = "Problems open" if problems else "Healthy"
    profiles = sum(bool(result.organization) for result in results)
    return Completed(name=name, message=f"Profiles: {profiles}. Open problems: {problems}.", data=results)
