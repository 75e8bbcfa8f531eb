"""`up` and `down` with a real server and worker: a second time nothing changes, and what has died is started again."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from measured_processes import COVERAGE_SETTINGS
from prefect_database import PREFECT, create_database
from profile_file import write_profile

from tabnine_report.sandbox.server import serve_sandbox
from tabnine_report.sandbox.world import World

COMMAND = PREFECT.with_name("tabnine-report")
SECONDS = 180


@pytest.fixture
def environment(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    hidden = ("PREFECT_", COVERAGE_SETTINGS)
    others = {name: value for name, value in os.environ.items() if not name.startswith(hidden)}
    create_database(tmp_path / "home", tmp_path_factory)
    environment = others | {"PREFECT_HOME": str(tmp_path / "home"), "TABNINE_REPORT_PROFILES": str(tmp_path)}
    yield environment
    for name in ("watchdog", "worker", "server"):
        if (tmp_path / "home" / "tabnine-report" / f"{name}.json").exists():
            os.killpg(process_of(environment, name), signal.SIGKILL)


def process_of(environment: dict[str, str], name: str) -> int:
    file = Path(environment["PREFECT_HOME"]) / "tabnine-report" / f"{name}.json"
    pid: int = json.loads(file.read_text(encoding="utf-8"))["pid"]
    return pid


def call(environment: dict[str, str], *arguments: str) -> str:
    completed = subprocess.run([COMMAND, *arguments], env=environment, capture_output=True, text=True, check=False)
    assert completed.returncode == 0, completed.stdout + completed.stderr
    return completed.stdout


def wait_for(found: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not found():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def results(printed: str) -> list[list[str]]:
    """Return the first two words of each line: a deployment and what was done to it."""
    return [line.split()[:2] for line in printed.splitlines()]


def test_from_nothing_to_a_finished_run_and_back(
    environment: dict[str, str], tmp_path: Path, unused_tcp_port: int
) -> None:
    with serve_sandbox(World(users=60, teams=3), now=lambda: datetime.now(UTC)) as sandbox:
        write_profile(tmp_path, '[folder]\npath = "outbox"', base_url=sandbox.base_url, token=sandbox.token)
        started = call(environment, "up", "--port", str(unused_tcp_port))
        assert f"Server: started on http://127.0.0.1:{unused_tcp_port}" in started
        assert ["monthly-report/acme", "created"] in results(started)
        assert "Worker: started" in started
        processes = [process_of(environment, name) for name in ("server", "worker")]

        os.killpg(processes[1], signal.SIGKILL)
        again = call(environment, "up")
        assert f"Server: running on http://127.0.0.1:{unused_tcp_port}" in again
        assert ["monthly-report/acme", "unchanged"] in results(again)
        assert "Worker: started" in again
        assert process_of(environment, "server") == processes[0]

        with httpx.Client(base_url=f"http://127.0.0.1:{unused_tcp_port}/api", timeout=SECONDS) as api:
            deployment = api.get("/deployments/name/monthly-report/acme").json()
            run = api.post(f"/deployments/{deployment['id']}/create_flow_run", json={}).json()

            def now() -> dict[str, Any]:
                found: dict[str, Any] = api.get(f"/flow_runs/{run['id']}").json()
                return found

            wait_for(lambda: now()["state_type"] == "RUNNING")
        assert call(environment, "down") == "Worker: stopped\nWatchdog: stopped\nServer: stopped\n"

    # The run was finished first.
    assert len(list((tmp_path / "outbox").iterdir())) == 1
    assert not list((tmp_path / "home" / "tabnine-report").glob("*.json"))
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"http://127.0.0.1:{unused_tcp_port}/api/health", trust_env=False)
