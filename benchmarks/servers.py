"""Start the servers that the measured programs use, each in a separate process: the sandbox and a Prefect server."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl

from scenario import LATENCY_SECONDS, TOKEN, Size

HERE = Path(__file__).parent
FIRST_ERROR_STATUS = 400
START_SECONDS = 120
STOP_SECONDS = 20

PROFILE = """
name = "benchmark"
time_zone = "Europe/Berlin"

[usage_api]
base_url = "{base_url}"
token = "{token}"

[folder]
path = "outbox"
edition = "{edition}"

[archive]
ledger_durable = true
"""


@dataclass(frozen=True)
class Sandbox:
    """A running sandbox."""

    base_url: str

    def take_requests(self) -> list[tuple[str, str, int]]:
        """Return path, query and status of each request since the last call."""
        with urllib.request.urlopen(f"{self.base_url}/requests") as answer:  # noqa: S310 - our own process on loopback
            return [tuple(request) for request in json.load(answer)]

    def write_profile(self, folder: Path, edition: str) -> Path:
        """Write a profile that fetches from this sandbox and delivers an edition to the folder."""
        folder.mkdir()
        path = folder / "benchmark.toml"
        path.write_text(PROFILE.format(base_url=self.base_url, token=TOKEN, edition=edition), encoding="utf-8")
        return path


@contextmanager
def sandbox(size: Size, latency_seconds: float = LATENCY_SECONDS) -> Iterator[Sandbox]:
    """Serve a synthetic organization while the block runs."""
    arguments = [str(HERE / "sandbox_server.py"), str(size.users), str(size.teams), str(latency_seconds)]
    process = subprocess.Popen([sys.executable, *arguments], stdout=subprocess.PIPE, text=True)
    try:
        base_url = process.stdout.readline().strip() if process.stdout else ""
        if not base_url:
            raise RuntimeError("The sandbox did not start. Its error output is above.")
        yield Sandbox(base_url)
    finally:
        process.terminate()
        process.communicate()


@contextmanager
def prefect_server(home: Path, more: Mapping[str, str] | None = None) -> Iterator[dict[str, str]]:
    """Run a Prefect server with more settings, and yield the environment variables that programs need to use it."""
    port = _free_port()
    settings = {
        "PREFECT_HOME": str(home),
        "PREFECT_LOGGING_LEVEL": "CRITICAL",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        # As in prefect.yaml: the log lines go to the server too.
        "PREFECT_LOGGING_EXTRA_LOGGERS": "flows,tasks,tabnine_report",
    }
    environment = (
        {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
        | settings
        | dict(more or {})
    )
    command = [sys.executable, "-m", "prefect", "server", "start", "--port", str(port)]
    with (home / "server.log").open("wb") as log:
        # In a new session, so that the server's child processes can be stopped with it.
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)
    try:
        _wait_for(f"http://127.0.0.1:{port}/api/health", process)
        yield environment | {"PREFECT_API_URL": f"http://127.0.0.1:{port}/api"}
    finally:
        _stop_group(process)


def count_sequential_requests(requests: list[tuple[str, str, int]]) -> int:
    """Return the number of a fetch's requests that must run one after another.

    `organization` comes first, then the longest sequence of any other query. A repeated request waits for the error
    answer before it. The further pages of a list are requested together and wait for the first page.
    """
    failed: Counter[str] = Counter()
    succeeded: Counter[str] = Counter()
    for path, query, status in requests:
        parameters = sorted((name, value) for name, value in parse_qsl(query) if name not in {"offset", "limit"})
        (failed if status >= FIRST_ERROR_STATUS else succeeded)[f"{path} {parameters}"] += 1
    sequence_lengths = {key: failed[key] + min(succeeded[key], 2) for key in failed | succeeded}
    organization = next(iter(sequence_lengths))
    return sequence_lengths.pop(organization) + max(sequence_lengths.values(), default=0)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=5).close()  # noqa: S310 - our own process on loopback
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise RuntimeError(f"The Prefect server did not start within {START_SECONDS} seconds.")


def _stop_group(process: subprocess.Popen[bytes]) -> None:
    """Terminate a process and its children, and kill them if they do not stop."""
    for stop_signal in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, stop_signal)
            process.wait(STOP_SECONDS)
        except ProcessLookupError:
            break
        except subprocess.TimeoutExpired:
            continue
    process.wait()
