"""Find the runs that ended without a result, did not start, or are not continued, and could not notify the admins."""

import shlex
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.utilities.urls import url_for

from flows.watching.dead_runs import GONE
from flows.watching.watched_server import PoolState, WatchedServer
from tabnine_report.deliver.ledger.month_records import MonthRecord
from tabnine_report.model.errors import MonthError
from tabnine_report.model.month import Month
from tabnine_report.runs import clock
from tabnine_report.runs.month_record import DONE
from tabnine_report.runs.status import RunStatus
from tabnine_report.text.sanitizing import sanitize
from tabnine_report.watchdog.problem import RUN_CHECK, Problem, ProblemKind
from tabnine_report.watchdog.watched_profile import WatchedProfile

OVERDUE = timedelta(minutes=4)
"""How late a run may start even though a worker is idle."""
LONGEST_WAIT = timedelta(hours=3)
"""How long a run may wait for a worker that executes other runs."""
GRACE = timedelta(minutes=2)
"""How long a run that crashed may take to notify the admins itself."""

_SCHEDULED_LATE = "Late"
_UNFINISHED = frozenset({RunStatus.FAILED, RunStatus.CRASHED, RunStatus.POSTPONED})
_RESULTS = {status.label for status in frozenset(RunStatus) - _UNFINISHED}
"""The names of the states of runs that ended with a result."""
_MESSAGE_LENGTH = 300
_ADVICE = {
    "watch.pool_paused": "watch.resume_pool",
    "watch.no_worker": "watch.start_worker",
    "watch.worker_does_not_start": "watch.allow_start",
}
"""What to do about each reason why no worker starts a run."""


def run_problems(watched: WatchedProfile, records: Sequence[MonthRecord], server: WatchedServer) -> Iterator[Problem]:
    """Yield the problem of each month whose runs have one.

    Args:
        watched: The profile.
        records: The records of the organization's months.
        server: What the Prefect server knows.
    """
    by_month = {record.month: record for record in records}
    for name, runs in sorted(server.runs.get(watched.name, {}).items()):
        try:
            month = Month.parse(name)
        except MonthError:  # the run itself reports what is wrong with its month
            continue
        record = by_month.get(name)
        problem = (
            _lost_run(watched, month, runs, record)
            or _late_run(watched, month, runs, server)
            or _not_continued(watched, month, runs, record)
        )
        if problem:
            yield problem


def _lost_run(watched: WatchedProfile, month: Month, runs: list[FlowRun], record: MonthRecord | None) -> Problem | None:
    ended = sorted(
        ((run.state, run) for run in runs if run.state is not None and run.state.is_final()),
        key=lambda pair: pair[0].timestamp,
    )
    lost = [(state, run) for state, run in ended if _is_lost(state, run, record)]
    if not lost:
        return None
    state, run = lost[-1]
    later = (other for other, _ in ended if other.timestamp > state.timestamp)
    if any(other.is_completed() or other.name in _RESULTS for other in later) or _is_settled(record, state.timestamp):
        return None
    translate = watched.language.translate
    message = sanitize(str(state.message or "").partition("\n")[0], _MESSAGE_LENGTH)
    if not run.run_count:
        reason = translate("watch.never_began", state=str(state.name), message=message).strip()
        advice = translate("watch.look_at_worker")
    else:
        reason, advice = message, translate("watch.run_again")
    problem = _problem(ProblemKind.RUN_LOST, watched, month, run, reason, advice)
    return replace(problem, ended_at=state.timestamp)


def _is_lost(state: State, run: FlowRun, record: MonthRecord | None) -> bool:
    """Return whether a run ended without a result and could not notify the admins.

    A run that crashes in its own process, or whose worker is alive, records its end and notifies the admins.
    """
    if state.is_crashed() and state.message == GONE:
        return True
    if not state.is_crashed() and not (state.is_failed() and not run.run_count):
        return False
    # A run that began has notified the admins itself, but it does not overwrite the record of a month that was sent.
    if record is not None and (
        (_recorded_at(record) >= state.timestamp and record.state != RunStatus.CRASHED)
        or (record.state in DONE and run.run_count)
    ):
        return False
    return datetime.now(UTC) - state.timestamp > GRACE


def _is_settled(record: MonthRecord | None, since: datetime) -> bool:
    """Return whether a run without the Prefect server has since ended with a result."""
    return record is not None and record.state not in _UNFINISHED and _recorded_at(record) > since


def _recorded_at(record: MonthRecord) -> datetime:
    return clock.in_real_time(record.updated_at)


def _late_run(watched: WatchedProfile, month: Month, runs: list[FlowRun], server: WatchedServer) -> Problem | None:
    late = [(run, run.expected_start_time) for run in runs if run.state and run.state.name == _SCHEDULED_LATE]
    for run, expected in late:
        if expected is None or (waited := datetime.now(UTC) - expected) < OVERDUE:
            continue
        key = _why_late(server.pools.get(run.work_pool_name or ""), waited)
        if key:
            translate, pool = watched.language.translate, run.work_pool_name or ""
            instant = watched.language.instant(expected)
            reason = translate(key, instant=instant, pool=pool)
            problem = _problem(ProblemKind.RUN_LATE, watched, month, run, reason, translate(_ADVICE[key]))
            return replace(problem, command="")  # the run starts automatically
    return None


def _why_late(pool: PoolState | None, waited: timedelta) -> str:
    """Return why no worker starts a run, as a key of the catalog.

    Empty if it only waits for a busy worker; or if its work pool has none, which is a problem of all its runs.
    """
    if pool is not None and pool.is_paused:
        return "watch.pool_paused"
    if pool is None:
        return "watch.no_worker"
    if not pool.has_worker:
        return ""
    return "" if pool.is_busy and waited < LONGEST_WAIT else "watch.worker_does_not_start"


def _not_continued(
    watched: WatchedProfile, month: Month, runs: list[FlowRun], record: MonthRecord | None
) -> Problem | None:
    if record is None or record.state != RunStatus.POSTPONED:
        return None
    is_recent = datetime.now(UTC) - _recorded_at(record) < GRACE
    if is_recent or any(run.state is not None and not run.state.is_final() for run in runs):
        return None
    canceled = [run for run in runs if run.state and run.state.type is StateType.CANCELLED]  # codespell:ignore
    translate = watched.language.translate
    run = max(canceled or runs, key=lambda run: str(run.expected_start_time))
    reason = translate("watch.continuation_gone", reason=record.reason)
    return _problem(ProblemKind.RUN_NOT_CONTINUED, watched, month, run, reason, translate("watch.run_month"))


def _problem(  # noqa: PLR0913, PLR0917 - the parts of a problem
    kind: ProblemKind, watched: WatchedProfile, month: Month, run: FlowRun, reason: str, advice: str
) -> Problem:
    command = shlex.join(["tabnine-report", "run", "--profile", watched.profile, "--month", str(month)])
    return Problem(kind, f"{RUN_CHECK} {month}", reason, advice, month, command, url_for(run) or "")
