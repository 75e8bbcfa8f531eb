"""What the measured programs talk to, each a process of its own: the sandbox and a Prefect server."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl

from scenario import LATENCY_SECONDS, TOKEN, Size

HERE = Path(__file__).parent
REFUSED_FROM = 400
START_SECONDS = 120
END_SECONDS = 20

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

    def asked(self) -> list[tuple[str, str, int]]:
        """Give path, query and status of what was asked since this was last called."""
        with urllib.request.urlopen(f"{self.base_url}/asked") as answer:  # noqa: S310 - our own process on loopback
            return [tuple(request) for request in json.load(answer)]

    def write_profile(self, folder: Path, edition: str) -> Path:
        """Write a profile that asks this sandbox and delivers an edition into the folder."""
        folder.mkdir()
        path = folder / "benchmark.toml"
        path.write_text(PROFILE.format(base_url=self.base_url, token=TOKEN, edition=edition), encoding="utf-8")
        return path


@contextmanager
def sandbox(size: Size, latency_seconds: float = LATENCY_SECONDS) -> Iterator[Sandbox]:
    """Serve an organization while the block runs."""
    arguments = [str(HERE / "sandbox_server.py"), str(size.users), str(size.teams), str(latency_seconds)]
    process = subprocess.Popen([sys.executable, *arguments], stdout=subprocess.PIPE, text=True)
    try:
        base_url = process.stdout.readline().strip() if process.stdout else ""
        if not base_url:
            raise RuntimeError("The sandbox did not start; what it said stands above.")
        yield Sandbox(base_url)
    finally:
        process.terminate()
        process.communicate()


@contextmanager
def prefect_server(home: Path) -> Iterator[dict[str, str]]:
    """Run a Prefect server of its own; gives the environment in which programs find it."""
    port = _free_port()
    settings = {
        "PREFECT_HOME": str(home),
        "PREFECT_LOGGING_LEVEL": "CRITICAL",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        # As prefect.yaml sets it: the log lines go to the server, too.
        "PREFECT_LOGGING_EXTRA_LOGGERS": "flows,tasks,tabnine_report",
    }
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")} | settings
    command = [sys.executable, "-m", "prefect", "server", "start", "--port", str(port)]
    with (home / "server.log").open("wb") as log:
        # In a session of its own: the server has children, which are ended with it.
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)
    try:
        _wait_for(f"http://127.0.0.1:{port}/api/health", process)
        yield environment | {"PREFECT_API_URL": f"http://127.0.0.1:{port}/api"}
    finally:
        _end_group(process)


def longest_chain(asked: list[tuple[str, str, int]]) -> int:
    """Count the requests of a fetch that had to wait for one another: `organization`, then the longest of the others.

    What is asked again because it was refused waits for the refusal, and the further pages of a list, all at once,
    for the first one.
    """
    refused: Counter[str] = Counter()
    answered: Counter[str] = Counter()
    for path, query, status in asked:
        rest = sorted((name, value) for name, value in parse_qsl(query) if name not in {"offset", "limit"})
        (refused if status >= REFUSED_FROM else answered)[f"{path} {rest}"] += 1
    of_question = {question: refused[question] + min(answered[question], 2) for question in refused | answered}
    first = next(iter(of_question))
    return of_question.pop(first) + max(of_question.values(), default=0)


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


def _end_group(process: subprocess.Popen[bytes]) -> None:
    """End a process with its children, politely first."""
    for ending in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, ending)
            process.wait(END_SECONDS)
        except ProcessLookupError:
            break
        except subprocess.TimeoutExpired:
            continue
    process.wait()
