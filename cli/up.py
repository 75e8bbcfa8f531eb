"""`tabnine-report up`: starts a Prefect server, a worker and the watchdog on this machine, and deploys the profiles."""

import os
import re
import socket
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import httpx
from cyclopts import Parameter, validators

from cli.server_environment import is_for_server
from cli.terminal import PROGRAM, command_line, print_error, print_line
from tabnine_report.model.errors import ReportingError, SettingsError
from tabnine_report.runs.local_process import (
    SERVER,
    WATCHDOG,
    WORKER,
    LocalProcess,
    create_state_folder,
    exclusive,
    is_port_free,
)
from tabnine_report.runs.profile_file import all_profiles, profiles_with_recipients, variables_of

_DEFAULT_PORT = 4200
_WORK_POOL = "reports"
_START_SECONDS = 300.0
_WATCH_MINUTES = 10
_SQLITE_RUNS = 2
"""How many runs can write to a server on SQLite at the same time."""
_RECENT = timedelta(seconds=90)
"""The maximum age of a running worker's last heartbeat. A worker sends one every 30 seconds."""


def up(
    *,
    port: Annotated[int | None, Parameter(validator=validators.Number(gte=1, lte=65535))] = None,
    limit: Annotated[int, Parameter(validator=validators.Number(gte=1))] = _SQLITE_RUNS,
) -> int:
    """Start a Prefect server, a worker and the watchdog in the background, and deploy all profiles.

    What already runs is not restarted; the deployments are updated. The watchdog checks every ten minutes whether a
    person is needed, also while the server or the worker is dead. Type `tabnine-report down` to stop all three.

    Args:
        port: The port of the server. By default, that of the running server or of PREFECT_API_URL, otherwise 4200.
        limit: How many runs the worker executes at the same time. A server on SQLite supports 2.
    """
    folder = create_state_folder()
    with exclusive(folder):
        port = _start_server(LocalProcess(SERVER, folder), port)
        from cli.deploy import deploy  # noqa: PLC0415 - Prefect reads PREFECT_API_URL when it is imported

        exit_status = deploy()
        # The watchdog first: a round that the worker executes would otherwise report that it has died.
        watchdog = _start_watchdog(LocalProcess(WATCHDOG, folder))
        _report_variables([_start_worker(LocalProcess(WORKER, folder), limit), watchdog], port)
    print_line(f"\nPrefect's UI: http://127.0.0.1:{port}\nLogs: {folder}\n\nNext:")
    commands = _next_commands(port)
    width = max(len(command) for command, _ in commands)
    for command, purpose in commands:
        print_line(f"    {command:<{width}}  # {purpose}")
    return exit_status


def _start_server(server: LocalProcess, port: int | None) -> int:
    """Start the server unless it runs, wait until it is healthy, and return its port."""
    running = _running(server)
    if running and port not in {None, running["port"]}:
        raise ReportingError(
            f"The server already runs, on port {running['port']}. To start it on another port, stop it first:\n\n"
            f"    {command_line('down')}"
        )
    configured = os.environ.get("PREFECT_API_URL", "").rstrip("/")
    port = running["port"] if running else port or _port_of(configured) or _DEFAULT_PORT
    url = f"http://127.0.0.1:{port}"
    deploy = command_line("deploy")
    if configured not in {"", f"{url}/api", f"http://localhost:{port}/api"}:
        raise SettingsError(
            "PREFECT_API_URL",
            [f"names another server than {url}. Unset it; or, to use that server, type {deploy} instead"],
        )
    if not running:
        if not is_port_free(port):
            raise ReportingError(
                f"Port {port} is in use by another program. Stop that program, or choose another port:\n\n"
                f"    {command_line('up')} --port {port + 1}"
            )
        settings = {
            "PREFECT_SERVER_API_HOST": "127.0.0.1",
            "PREFECT_SERVER_API_PORT": str(port),
            "PREFECT_SERVER_UI_API_URL": f"{url}/api",
            "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        }
        inherited = {name: value for name, value in _environment().items() if is_for_server(name)}
        server.start(_prefect("server", "start"), inherited | settings, port=port)
    os.environ["PREFECT_API_URL"] = f"{url}/api"
    server.wait_until(lambda: _is_healthy(url), _START_SECONDS)
    print_line(f"Server: {'running' if running else 'started'} on {url}")
    return port


def _port_of(url: str) -> int | None:
    """Return the port of a Prefect API on this machine; None if the address is another one."""
    address = re.fullmatch(r"http://(?:127\.0\.0\.1|localhost):(\d+)/api", url)
    return int(address[1]) if address else None


def _running(process: LocalProcess) -> dict[str, Any] | None:
    """Return the record of a running program. Wait for the end of one that an interrupted `down` is stopping."""
    record = process.running()
    if record is None or not record.get("stopping"):
        return record
    process.stop(lambda: print_error(f"Waiting for the {process.name} to stop."))
    return None


def _is_healthy(url: str) -> bool:
    try:
        return httpx.get(f"{url}/api/health", trust_env=False, timeout=5).is_success
    except httpx.HTTPError:
        return False


def _start_worker(worker: LocalProcess, limit: int) -> Mapping[str, str]:
    """Start the worker unless it runs, wait until it has reported to the server, and return its variables."""
    name = f"tabnine-report-{socket.gethostname()}"
    since = datetime.now(UTC)
    running = _running(worker)
    if running:
        since -= _RECENT
        environment = worker.environment()
    else:
        _warn_of_sqlite(limit)
        environment = _environment()
        command = _prefect("worker", "start", "--pool", _WORK_POOL, "--name", name, "--limit", str(limit))
        worker.start(command, environment)
    worker.wait_until(lambda: _has_reported(name, since), _START_SECONDS)
    print_line(f"Worker: {'running' if running else 'started'}")
    return environment


def _warn_of_sqlite(limit: int) -> None:
    from prefect.settings import get_current_settings  # noqa: PLC0415 - see above

    url = get_current_settings().server.database.connection_url
    if limit > _SQLITE_RUNS and url is not None and url.get_secret_value().startswith("sqlite"):
        print_error(
            f"The server's database is SQLite, which has one writer at a time. With {limit} runs at once, some of them "
            f"may appear as Crashed in Prefect, and lose their artifacts. Use --limit {_SQLITE_RUNS}, or PostgreSQL "
            "(PREFECT_SERVER_DATABASE_CONNECTION_URL)."
        )


def _start_watchdog(watchdog: LocalProcess) -> Mapping[str, str]:
    """Start the watchdog unless it runs, and return its variables.

    It is no deployment, because a dead worker would end it, too.
    """
    running = _running(watchdog)
    environment = watchdog.environment() if running else _environment()
    if not running:
        watchdog.start([str(PROGRAM), "watch", "--every", str(_WATCH_MINUTES)], environment)
    print_line(f"Watchdog: {'running' if running else 'started'}")
    return environment


def _report_variables(environments: Sequence[Mapping[str, str]], port: int) -> None:
    """Report missing and different variables of worker and watchdog: a run or a notice would fail."""
    up_again = command_line("up") + (f" --port {port}" if port != _DEFAULT_PORT else "")
    restart = f"restart both:\n\n    {command_line('down')} && {up_again}\n"
    for profile in all_profiles():
        variables = variables_of(profile)
        values = {name: {environment.get(name, "") for environment in environments} for name in variables}
        if unset := [name for name in variables if "" in values[name]]:
            print_error(
                f"Profile {profile} needs variables that the worker or the watchdog does not have: {', '.join(unset)}. "
                f"Set them, then {restart}"
            )
        set_here = {name: value for name in variables if (value := os.environ.get(name))}
        if changed := [name for name, value in set_here.items() if values[name] - {"", value}]:
            print_error(
                f"Profile {profile}: the worker or the watchdog and this shell have different values for these "
                f"variables: {', '.join(changed)}. To use the values of this shell, {restart}"
            )


def _has_reported(name: str, since: datetime) -> bool:
    from flows.prefect_server import prefect_client  # noqa: PLC0415 - see above

    with prefect_client() as client:
        workers = client.read_workers_for_work_pool(_WORK_POOL)
    return any(each.name == name and each.last_heartbeat_time and each.last_heartbeat_time >= since for each in workers)


def _environment() -> dict[str, str]:
    """Return the environment of the programs: ours, without the settings that hide Prefect's output at a terminal."""
    return {
        name: value
        for name, value in os.environ.items()
        if not (name.startswith("PREFECT_") and name.endswith("_LEVEL") and value == "CRITICAL")
    }


def _prefect(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "prefect", "--no-prompt", *arguments]


def _next_commands(port: int) -> list[tuple[str, str]]:
    server = (
        f"export PREFECT_API_URL=http://127.0.0.1:{port}/api",
        "in each shell: the commands below use this server",
    )
    profile = next(iter(profiles_with_recipients()), None)
    if profile is None:
        return [
            server,
            (command_line("init"), "write a profile, store its secrets in Prefect, check it, send a preview"),
            (command_line("up"), "create its deployments, and schedule its report"),
        ]
    return [
        server,
        (command_line(f"check --profile {profile}"), "check everything that a run needs"),
        (command_line(f"run --profile {profile} --delivery preview"), "send the messages to the admins only"),
        (command_line("down"), "stop server, worker and watchdog"),
    ]
