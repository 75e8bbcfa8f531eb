"""Measure whole reports of many organizations: deployments, runs through several workers, deliveries."""

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import httpx
import psycopg
from process_load import ProcessLoad
from scenario import MONTH, ORGANIZATION, TOKEN
from servers import Sandbox

BIN = Path(sys.executable).parent
POOL = "reports"
SAMPLE_SECONDS = 2.0
PAGE = 200

PROFILE = (
    ORGANIZATION
    + """
[folder]
path = "outbox/{name}"

[archive]
location = "archive"
ledger = "{ledger}"
"""
)


def measure_reports(  # noqa: PLR0913 - each is a condition of the measurement
    folder: Path,
    api: Sandbox,
    ledger: str,
    environment: Mapping[str, str],
    *,
    organizations: int,
    workers: int,
    limit: int,
) -> list[str]:
    """Run the report of each organization once, print the figures, and return what went wrong."""
    folder.mkdir()
    names = [f"org-{number:05}" for number in range(organizations)]
    for name in names:
        profile = PROFILE.format(name=name, base_url=api.base_url, token=TOKEN, ledger=ledger)
        (folder / f"{name}.toml").write_text(profile, encoding="utf-8")
    environment = {**environment, "TABNINE_REPORT_PROFILES": str(folder)}

    begin = time.monotonic()
    _type(environment, "tabnine-report", "deploy")
    print(f"{organizations} organizations deployed in {time.monotonic() - begin:.0f} s")
    with httpx.Client(base_url=environment["PREFECT_API_URL"], trust_env=False, timeout=60) as prefect:
        with _start_workers(environment, workers, limit) as load:
            begin = time.monotonic()
            runs = [_start_run(prefect, name) for name in names]
            watch, most_connections = "", 0
            while (ended := _ended(prefect, runs)) < organizations:
                load.sample()
                most_connections = max(most_connections, _count(ledger, "SELECT count(*) FROM pg_stat_activity"))
                if not watch and ended >= organizations // 2:
                    watch = _type(environment, "tabnine-report", "watch", statuses=(0, 3))
                time.sleep(SAMPLE_SECONDS)
            seconds, cpu_seconds = time.monotonic() - begin, load.cpu_seconds()
        states = _states(prefect, runs)
    transactions = _count(ledger, "SELECT sum(xact_commit)::bigint FROM pg_stat_database")
    print(
        f"{organizations} whole reports through {workers} workers of {limit} run each: {seconds:.0f} s, "
        f"{organizations / seconds * 3600:.0f} an hour\n"
        f"Processor time of the workers and their runs: {cpu_seconds / organizations:.1f} s a report, "
        f"{organizations / cpu_seconds * 3600:.0f} organizations per core-hour\n"
        f"Most memory of the workers and their runs: {load.megabytes:.0f} MB\n"
        f"PostgreSQL: {transactions / organizations:.0f} transactions a report, {most_connections} connections at most"
    )
    sent = _count(ledger, "SELECT count(*) FROM deliveries WHERE state = 'sent'")
    messages = Counter(path.parent.name for path in (folder / "outbox").glob("*/*"))
    failures = []
    if states != {"Sent": organizations}:
        failures.append(f"The runs ended as {dict(states)}.")
    if sent != organizations or set(messages.values()) != {1} or len(messages) != organizations:
        failures.append(f"{sent} deliveries are recorded, and {sum(messages.values())} were made.")
    if "has not started" in watch or "did not start" in watch:
        failures.append(f"The watchdog reports a run that waits for its turn:\n{watch}")
    return failures


@contextmanager
def _start_workers(environment: Mapping[str, str], number: int, limit: int) -> Iterator[ProcessLoad]:
    command = [str(BIN / "prefect"), "worker", "start", "--pool", POOL, "--limit", str(limit)]
    workers = [
        subprocess.Popen(
            [*command, "--name", f"worker-{each}"],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for each in range(number)
    ]
    try:
        yield ProcessLoad(*(worker.pid for worker in workers))
    finally:
        for worker in workers:
            worker.terminate()
        for worker in workers:
            worker.wait()


def _start_run(prefect: httpx.Client, name: str) -> str:
    deployment = prefect.get(f"/deployments/name/monthly-report/{name}").raise_for_status().json()
    body = {"parameters": {"profile": name, "month": MONTH}, "name": f"{name} · {MONTH}"}
    run = prefect.post(f"/deployments/{deployment['id']}/create_flow_run", json=body).raise_for_status().json()
    identifier: str = run["id"]
    return identifier


def _ended(prefect: httpx.Client, runs: list[str]) -> int:
    states = _states(prefect, runs, "type")
    return sum(states[final] for final in ("COMPLETED", "FAILED", "CRASHED", "CANCELLED"))  # codespell:ignore


def _states(prefect: httpx.Client, runs: list[str], key: str = "name") -> Counter[str]:
    """Return how many runs have each name, or type, of a state."""
    states: Counter[str] = Counter()
    for first in range(0, len(runs), PAGE):
        chosen = {"flow_runs": {"id": {"any_": runs[first : first + PAGE]}}, "limit": PAGE}
        states.update(
            run["state"][key] for run in prefect.post("/flow_runs/filter", json=chosen).raise_for_status().json()
        )
    return states


def _count(url: str, query: str) -> int:
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        row = connection.execute(query.encode()).fetchone()
    return int(row[0]) if row else 0


def _type(environment: Mapping[str, str], program: str, *arguments: str, statuses: tuple[int, ...] = (0,)) -> str:
    done = subprocess.run([BIN / program, *arguments], env=environment, capture_output=True, text=True, check=False)
    if done.returncode not in statuses:
        raise SystemExit(f"{program} {arguments[0]} failed: {done.stdout}{done.stderr}")
    return done.stdout + done.stderr
