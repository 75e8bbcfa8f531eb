"""Run the flow `due` for many profiles: `python benchmarks/scale_fleet.py PROFILES LEDGER FOLDER`.

No report is built: a stand-in for the workers records in the ledger that each was sent, as a run does. Two runs of the
flow start at once, as if one schedule had started it twice.
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
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterName,
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.states import Completed

from flows import due as due_module
from flows.due import due
from tabnine_report.runs.due import last_months
from tabnine_report.runs.status import RunStatus
from tabnine_report.runs.storage import month_records_of
from tasks.read_profile import open_ledger_profile, resolve_reference

CONCURRENT_RUNS = 50
AT_ONCE = 16
BATCH = 200
PREFIX = "fleet-"

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


async def main(profiles: int, ledger: str, folder: Path) -> None:
    """Measure, and exit with 1 if a run was started twice or not at all."""
    names = [f"{PREFIX}{number:05}" for number in range(profiles)]
    _write_profiles(folder, names, ledger)
    due_module.POLL_SECONDS = 1.0
    async with get_client() as client:
        begin = time.monotonic()
        await _deploy(client, names)
        print(f"{profiles} deployments made in {time.monotonic() - begin:.0f} s")
        worker = asyncio.create_task(_work(client))
        first, second = await asyncio.gather(_due("two at once, all due"), _due("two at once, all due"))
        again = await _due("nothing due")
        worker.cancel()
        with suppress(asyncio.CancelledError):
            await worker
        begin = time.monotonic()
        await asyncio.to_thread(last_months, datetime.now(UTC), resolve_reference)
        print(f"Profiles and ledger read in {time.monotonic() - begin:.0f} s")
        runs = await client.count_flow_runs(deployment_filter=DeploymentFilter(name=DeploymentFilterName(like_=PREFIX)))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    print(f"{runs} runs were started for {profiles} profiles. Most memory of the flow: {memory:.0f} MB")
    sent = RunStatus.SENT.label
    wrong = runs != profiles or first != second or first != Counter({sent: profiles})
    raise SystemExit(int(wrong or again != Counter({"Not due": profiles})))


def _write_profiles(folder: Path, names: list[str], ledger: str) -> None:
    folder.mkdir()
    os.environ["TABNINE_REPORT_PROFILES"] = str(folder)
    for name in names:
        (folder / f"{name}.toml").write_text(PROFILE.format(name=name, ledger=ledger), encoding="utf-8")


async def _deploy(client: PrefectClient, names: list[str]) -> None:
    flow_id = await client.create_flow_from_name("monthly-report")
    slots = asyncio.Semaphore(AT_ONCE)

    async def deploy(name: str) -> None:
        async with slots:
            await client.create_deployment(flow_id=flow_id, name=name, parameters={"profile": name})

    await asyncio.gather(*map(deploy, names))


async def _due(title: str) -> Counter[str]:
    """Run the flow, and return how many organizations have which result."""
    begin = time.monotonic()
    rows = await due(CONCURRENT_RUNS)
    results = Counter(row["result"] for row in rows)
    print(f"due, {title}: {time.monotonic() - begin:.0f} s, {dict(results)}")
    return results


async def _work(client: PrefectClient) -> None:
    """End each run as sent, in the ledger and in Prefect."""
    waiting = FlowRunFilter(state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.SCHEDULED])))
    of_fleet = DeploymentFilter(name=DeploymentFilterName(like_=PREFIX))
    slots = asyncio.Semaphore(AT_ONCE)

    async def end(run: FlowRun) -> None:
        async with slots:
            await asyncio.to_thread(_record, run)
            await client.set_flow_run_state(run.id, Completed(name=RunStatus.SENT.label), force=True)

    while True:
        runs = await client.read_flow_runs(flow_run_filter=waiting, deployment_filter=of_fleet, limit=BATCH)
        await asyncio.gather(*map(end, runs))
        await asyncio.sleep(0.1)


def _record(run: FlowRun) -> None:
    settings = open_ledger_profile(run.parameters["profile"])
    records = month_records_of(settings)
    records.record(run.parameters["month"], due=datetime.now(UTC).date(), state=RunStatus.SENT)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2], Path(sys.argv[3])))
