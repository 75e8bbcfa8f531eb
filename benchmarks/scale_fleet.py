"""Run the flow `due` for many profiles: `python benchmarks/scale_fleet.py PROFILES LEDGER FOLDER`.

No report is built: a stand-in for the workers records in the ledger that each was sent, as a run does. Two runs of the
flow start at once, as if one schedule had started it twice. The first runs wait for a busy worker for longer than a run
may wait for an idle one; a round of the watchdog must find no late run then.
"""

import asyncio
import os
import resource
import sys
import time
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterName,
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.states import Completed, Running

from flows import due as due_module
from flows.due import due
from flows.watching.run_checks import OVERDUE
from flows.watching.watch_round import watch_profiles
from tabnine_report.runs.due import last_months
from tabnine_report.runs.status import RunStatus
from tabnine_report.runs.storage import month_records_of
from tasks.read_profile import open_ledger_profile, resolve_reference

CONCURRENT_RUNS = 50
AT_ONCE = 16
BATCH = 200
PREFIX = "fleet-"
POOL = "fleet"

PROFILE = """
name = "{name}"
time_zone = "Europe/Berlin"
[usage_api]
base_url = "https://console.tabnine.com"
token = "${{TABNINE_TOKEN}}"
[report]
schedule = "none"
[archive]
ledger = "{ledger}"
"""

_OF_FLEET = DeploymentFilter(name=DeploymentFilterName(like_=PREFIX))
_ACTIVE = FlowRunFilter(
    state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.SCHEDULED, StateType.RUNNING]))
)


async def main(profiles: int, ledger: str, folder: Path) -> None:
    """Measure, and exit with 1 if a run was started twice or not at all."""
    names = [f"{PREFIX}{number:05}" for number in range(profiles)]
    _write_profiles(folder, names, ledger)
    due_module.POLL_SECONDS = 1.0
    async with get_client() as client:
        begin = time.monotonic()
        await _deploy(client, names)
        print(f"{profiles} deployments made in {time.monotonic() - begin:.0f} s")
        both = asyncio.gather(_due("two at once, all due"), _due("two at once, all due"))
        late = await _late_runs_behind_a_busy_worker(client)
        worker = asyncio.create_task(_work(client))
        first, second = await both
        again = await _due("nothing due")
        worker.cancel()
        with suppress(asyncio.CancelledError):
            await worker
        begin = time.monotonic()
        await asyncio.to_thread(last_months, datetime.now(UTC), resolve_reference)
        print(f"Profiles and ledger read in {time.monotonic() - begin:.0f} s")
        runs = await client.count_flow_runs(deployment_filter=_OF_FLEET)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    print(f"{runs} runs were started for {profiles} profiles. Most memory of the flow: {memory:.0f} MB")
    sent = RunStatus.SENT.label
    wrong = late or runs != profiles or first != second or first != Counter({sent: profiles})
    raise SystemExit(int(wrong or again != Counter({"Not due": profiles})))


def _write_profiles(folder: Path, names: list[str], ledger: str) -> None:
    folder.mkdir()
    os.environ["TABNINE_REPORT_PROFILES"] = str(folder)
    for name in names:
        (folder / f"{name}.toml").write_text(PROFILE.format(name=name, ledger=ledger), encoding="utf-8")


async def _deploy(client: PrefectClient, names: list[str]) -> None:
    flow_id = await client.create_flow_from_name("monthly-report")
    await client.create_work_pool(WorkPoolCreate(name=POOL, type="process"))
    slots = asyncio.Semaphore(AT_ONCE)

    async def deploy(name: str) -> None:
        async with slots:
            await client.create_deployment(flow_id, name, work_pool_name=POOL, parameters={"profile": name})

    await asyncio.gather(*map(deploy, names))


async def _due(title: str) -> Counter[str]:
    """Run the flow, and return how many organizations have which result."""
    begin = time.monotonic()
    rows = await due(CONCURRENT_RUNS)
    results = Counter(row["result"] for row in rows)
    print(f"due, {title}: {time.monotonic() - begin:.0f} s, {dict(results)}")
    return results


async def _late_runs_behind_a_busy_worker(client: PrefectClient) -> int:
    """Let runs wait for a busy worker; return how many of them a round of the watchdog reports as late."""
    await asyncio.sleep(OVERDUE.total_seconds() + 60)
    first, *_ = waiting = await client.read_flow_runs(flow_run_filter=_ACTIVE, deployment_filter=_OF_FLEET, limit=BATCH)
    await client.set_flow_run_state(first.id, Running(), force=True)
    await client.send_worker_heartbeat(POOL, "stand-in", heartbeat_interval_seconds=30)
    begin = time.monotonic()
    results = await asyncio.to_thread(watch_profiles)
    sentences = Counter(problem.sentence.partition(": ")[2] for result in results for problem in result.problems)
    print(f"A round of the watchdog: {time.monotonic() - begin:.0f} s. Waiting runs: {len(waiting)}. {dict(sentences)}")
    return sum(number for sentence, number in sentences.items() if "has not started" in sentence)


async def _work(client: PrefectClient) -> None:
    """End each run as sent, in the ledger and in Prefect."""
    slots = asyncio.Semaphore(AT_ONCE)

    async def end(run: FlowRun) -> None:
        async with slots:
            await asyncio.to_thread(_record, run)
            await client.set_flow_run_state(run.id, Completed(name=RunStatus.SENT.label), force=True)

    while True:
        runs = await client.read_flow_runs(flow_run_filter=_ACTIVE, deployment_filter=_OF_FLEET, limit=BATCH)
        await asyncio.gather(*map(end, runs))
        await asyncio.sleep(0.1)


def _record(run: FlowRun) -> None:
    settings = open_ledger_profile(run.parameters["profile"])
    records = month_records_of(settings)
    records.record(run.parameters["month"], due=datetime.now(UTC).date(), state=RunStatus.SENT)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2], Path(sys.argv[3])))
