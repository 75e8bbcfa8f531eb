"""Programs that can be killed at any instant, and are started again as a service manager would."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psycopg
from death_receivers import ADMIN
from postgresql import ACCOUNT, USER, free_port, programs, run
from scenario import ORGANIZATION

POOL = "reports"
START_SECONDS = 120
_PROC = Path("/proc")
_RECEIVERS = Path(__file__).with_name("death_receivers.py")
_BIN = Path(sys.executable).parent


@dataclass
class Service:
    """A program in the background.

    Attributes:
        name: Its name.
        command: What to type.
        environment: Its environment variables.
        is_ready: Whether it responds.
        log: The file for its output.
        account: The user that it runs as; None for the current one.
    """

    name: str
    command: list[str]
    environment: Mapping[str, str]
    is_ready: Callable[[], bool]
    log: Path
    account: str | None = None
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def pid(self) -> int:
        """The ID of its process."""
        assert self._process is not None  # noqa: S101 - started before
        return self._process.pid

    def start(self) -> None:
        """Start it unless it runs, and wait until it responds."""
        deadline = time.monotonic() + START_SECONDS
        while True:
            if self._process is None or self._process.poll() is not None:
                with self.log.open("ab") as log:
                    self._process = subprocess.Popen(
                        self.command,
                        env=self.environment,
                        stdout=log,
                        stderr=log,
                        user=self.account,
                        cwd=self.log.parent,
                        start_new_session=True,
                    )
            if self.is_ready():
                return
            if time.monotonic() > deadline:
                raise SystemExit(f"{self.name} does not respond {START_SECONDS} seconds after its start: {self.log}")
            time.sleep(0.1)

    def kill(self, *, alone: bool = False) -> None:
        """Kill it, and its child processes unless it is to die alone."""
        kill([self.pid] if alone else [self.pid, *_descendants(self.pid)])
        if self._process is not None:
            self._process.wait()


def kill(processes: list[int]) -> None:
    """Kill processes; some may have ended."""
    for pid in processes:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def processes_of_run(run_id: str) -> list[int]:
    """Return the processes of a flow run, its first one first."""
    mark = f"PREFECT__FLOW_RUN_ID={run_id}".encode()
    found = {}
    for entry in _PROC.iterdir():
        with suppress(OSError, ValueError):
            if mark in (entry / "environ").read_bytes() and (parent := _parent(entry)):
                found[int(entry.name)] = parent
    return sorted(found, key=lambda pid: (found[pid] in found, pid))


def _descendants(pid: int) -> list[int]:
    parents = {}
    for entry in _PROC.iterdir():
        with suppress(OSError, ValueError):
            parents[int(entry.name)] = _parent(entry)
    found, new = [], [pid]
    while new:
        new = [child for child, parent in parents.items() if parent in new]
        found += new
    return found


def _parent(entry: Path) -> int:
    """Return the parent of a process; 0 if the process has ended."""
    state, parent = (entry / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[:2]
    return 0 if state in "ZX" else int(parent)


@dataclass(frozen=True)
class Services:
    """What a run needs, each in a program of its own.

    Attributes:
        folder: The folder of their files.
        environment: The environment variables of a program that uses the Prefect server.
        server: The Prefect server.
        worker: The worker.
        database: PostgreSQL, which contains the ledger.
        database_port: Its port.
        relay: The mail server.
        relay_port: Its port.
        slack: Slack, which both the recipients' channel and that of the admins use.
        slack_port: Its port.
        log: What mail server and Slack received.
    """

    folder: Path
    environment: Mapping[str, str]
    server: Service
    worker: Service
    database: Service
    database_port: int
    relay: Service
    relay_port: int
    slack: Service
    slack_port: int
    log: Path


@contextmanager
def services(folder: Path) -> Iterator[Services]:
    """Start everything except for the worker, and yield it."""
    ports = [free_port() for _ in range(4)]
    server_port, database_port, relay_port, slack_port = ports
    home, log = folder / "home", folder / "received"
    home.mkdir()
    log.touch()
    api = f"http://127.0.0.1:{server_port}/api"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")} | {
        "PREFECT_HOME": str(home),
        "PREFECT_API_URL": api,
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_WORKER_QUERY_SECONDS": "1",
        "TABNINE_REPORT_PROFILES": str(folder / "profiles"),
    }

    def service(name: str, command: list[str], is_ready: Callable[[], bool]) -> Service:
        return Service(name, command, environment, is_ready, folder / f"{name}.log")

    def receiver(name: str, kind: str, port: int) -> Service:
        return service(name, [sys.executable, str(_RECEIVERS), kind, str(port), str(log)], lambda: _listens(port))

    with _database(database_port) as database:
        all_services = Services(
            folder,
            environment,
            service(
                "server",
                [str(_BIN / "prefect"), "server", "start", "--port", str(server_port)],
                lambda: _responds(f"{api}/health"),
            ),
            service("worker", [str(_BIN / "prefect"), "worker", "start", "--pool", POOL], lambda: True),
            database,
            database_port,
            receiver("relay", "mail", relay_port),
            relay_port,
            receiver("slack", "slack", slack_port),
            slack_port,
            log,
        )
        started: list[Service] = []
        try:
            for each in (database, all_services.relay, all_services.slack, all_services.server):
                started.append(each)
                each.start()
            started.insert(0, all_services.worker)
            yield all_services
        finally:
            for each in started:
                with suppress(AssertionError):
                    each.kill()


@contextmanager
def _database(port: int) -> Iterator[Service]:
    """Create a database cluster, and yield its server, which is not started."""
    binaries = programs()
    if binaries is None:
        raise SystemExit("PostgreSQL is not installed. On Debian: apt install postgresql")
    account = ACCOUNT if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="deaths-postgresql-", dir="/tmp" if account else None))  # noqa: S108 - another user has to enter it
    try:
        if account:
            os.chown(folder, pwd.getpwnam(account).pw_uid, -1)
        data = folder / "data"
        run(account, folder, binaries / "initdb", "-D", data, "-A", "trust", "-U", USER, "-E", "UTF8", "--no-sync")
        options = ["-F", "-p", str(port), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="]
        command = [str(binaries / "postgres"), "-D", str(data), *options]
        yield Service("database", command, os.environ, lambda: _accepts_queries(port), folder / "log", account)
    finally:
        shutil.rmtree(folder)


def _listens(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def _responds(url: str) -> bool:
    with suppress(httpx.HTTPError):
        return httpx.get(url, timeout=5, trust_env=False).status_code == httpx.codes.OK
    return False


def _accepts_queries(port: int) -> bool:
    with suppress(psycopg.OperationalError):
        psycopg.connect(f"host=127.0.0.1 port={port} user={USER} dbname=postgres").close()
        return True
    return False


PROFILE = (
    ORGANIZATION
    + """
[email]
host = "127.0.0.1"
port = {relay_port}
security = "none"
sender = "reports@{name}.example"
recipients = ["ann@{name}.example", "bob@{name}.example"]

[slack]
webhook_url = "http://127.0.0.1:{slack_port}/services/{name}/channel"

[admins]
slack_webhook_url = "http://127.0.0.1:{slack_port}/services/{name}/{admin}"
email = ["{admin}@{name}.example"]

[archive]
location = "{folder}/archive"
ledger = "{ledger}"
"""
)


def write_profile(everything: Services, name: str, base_url: str, token: str, ledger: str) -> None:
    """Write the profile of an organization with recipients and admins in mail and Slack."""
    content = PROFILE.format(
        name=name,
        base_url=base_url,
        token=token,
        relay_port=everything.relay_port,
        slack_port=everything.slack_port,
        admin=ADMIN,
        folder=everything.folder,
        ledger=ledger,
    )
    profiles = everything.folder / "profiles"
    profiles.mkdir(exist_ok=True)
    (profiles / f"{name}.toml").write_text(content, encoding="utf-8")
