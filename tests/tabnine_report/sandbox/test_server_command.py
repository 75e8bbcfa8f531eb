"""The foreground server prints its URL and stops on an interrupt."""

import signal
import subprocess
import sys

import httpx

PROGRAM = """
from datetime import UTC, datetime
from tabnine_report.sandbox.server import run_forever
from tabnine_report.sandbox.world import World

run_forever(
    World(users=10, teams=2),
    now=lambda: datetime(2026, 11, 22, tzinfo=UTC),
    on_start=lambda url: print(url, flush=True),
    token="secret",
    faults=["organization=418"],
)
print("ended")
"""


def test_the_server_runs_until_it_is_interrupted_even_with_an_open_connection() -> None:
    command = [sys.executable, "-c", PROGRAM]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        url = server.stdout.readline().strip()
        headers = {"Authorization": "Bearer secret"}
        with httpx.Client(base_url=url, headers=headers, timeout=30) as client:
            statuses = [client.get(f"/api/v1/{path}").status_code for path in ("organization", "license")]
            server.send_signal(signal.SIGINT)
            stdout, stderr = server.communicate()

    assert statuses == [418, 200]
    assert (server.returncode, stdout, stderr) == (0, "ended\n", "")
