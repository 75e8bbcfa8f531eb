"""`tabnine-report up`: starts a Prefect server and a worker on this machine, and deploys the profiles."""

import os
import socket
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import httpx
from cyclopts import Parameter, validators

from cli.local_process import LocalProcess, exclusive, is_port_free, state_folder
from cli.server_environment import is_for_server
from cli.terminal import print_error, print_line
from tabnine_report.model.errors import ReportingError, SettingsError
from tabnine_report.runs.profile_file import all_profiles, unset_variables

SERVER, WORKER = "server", "worker"
DEMO = "demo"
_DEFAULT_PORT = 4200
_WORK_POOL = "reports"
_START_SECONDS = 300.0
_RECENT = timedelta(seconds=90)
"""The age of a working worker's last sign of life. It gives one every 30 seconds."""


def up(
    *,
    port: Annotated[int | None, Parameter(validator=validators.Number(gte=1, lte=65535))] = None,
    limit: Annotated[int, Parameter(validator=validators.Number(gte=1))] = 2,
) -> int:
    """Start a Prefect server and a worker in the background, and create or update the deployments of all profiles.

    What already runs stays as it is. Type `tabnine-report down` to stop both.

    Args:
        port: The port of the server; by default 4200, or that of the running server.
        limit: How many runs the worker executes at the same time.
    """
    folder = state_folder()
    with exclusive(folder):
        port = _start_server(LocalProcess(SERVER, folder), port)
        from cli.deploy import deploy  # noqa: PLC0415 - Prefect reads PREFECT_API_URL when it is imported

        exit_status = deploy()
        _start_worker(LocalProcess(WORKER, folder), limit)
    print_line(f"\nPrefect's UI: http://127.0.0.1:{port}\nLogs: {folder}\n\nNext:")
    for command, purpose in _next_commands():
        print_line(f"    {command:<60} # {purpose}")
    return exit_status


def _start_server(server: LocalProcess, port: int | None) -> int:
    """Start the server unless it runs, wait until it is healthy, and return its port."""
    running = _running(server)
    if running and port not in {None, running["port"]}:
        raise ReportingError(
            f"The server already runs, on port {running['port']}. To start it on another port, stop it first:\n\n"
            f"    {_command('down')}"
        )
    port = running["port"] if running else port or _DEFAULT_PORT
    url = f"http://127.0.0.1:{port}"
    configured = os.environ.get("PREFECT_API_URL", "").rstrip("/")
    if configured not in {"", f"{url}/api", f"http://localhost:{port}/api"}:
        raise SettingsError(
            "PREFECT_API_URL",
            [f"names another server than {url}. Unset it; or, to use that server, type {_command('deploy')} instead"],
        )
    if not running:
        if not is_port_free(port):
            raise ReportingError(
                f"Port {port} is in use by another program. Stop that program, or choose another port:\n\n"
                f"    {_command('up')} --port {port + 1}"
            )
        settings = {
            "PREFECT_SERVER_API_HOST": "127.0.0.1",
            "PREFECT_SERVER_API_PORT": str(port),
            "PREFECT_SERVER_UI_API_URL": f"{url}/api",
        }
        inherited = {name: value for name, value in _environment().items() if is_for_server(name)}
        server.start(_prefect("server", "start"), inherited | settings, port=port)
    os.environ["PREFECT_API_URL"] = f"{url}/api"
    server.wait_until(lambda: _is_healthy(url), _START_SECONDS)
    print_line(f"Server: {'running' if running else 'started'} on {url}")
    return port


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


def _start_worker(worker: LocalProcess, limit: int) -> None:
    """Start the worker unless it runs, and wait until it has reported to the server."""
    name = f"tabnine-report-{socket.gethostname()}"
    since = datetime.now(UTC)
    running = _running(worker)
    if running:
        since -= _RECENT
    else:
        command = _prefect("worker", "start", "--pool", _WORK_POOL, "--name", name, "--limit", str(limit))
        worker.start(command, _environment())
        _report_unset_variables()
    worker.wait_until(lambda: _has_reported(name, since), _START_SECONDS)
    print_line(f"Worker: {'running' if running else 'started'}")


def _report_unset_variables() -> None:
    """Report what the new worker lacks: a run would fail, and perhaps could not even notify the admins."""
    for profile in all_profiles():
        if unset := unset_variables(profile):
            print_error(
                f"Profile {profile} needs variables that are not set: {', '.join(unset)}. Set them, then restart the "
                f"worker:\n\n    {_command('down')} && {_command('up')}\n"
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


def _command(name: str) -> str:
    """Return a command as a person types it in the current folder."""
    program = Path(sys.executable).with_name("tabnine-report")
    folder = Path.cwd()
    return f"{program.relative_to(folder) if program.is_relative_to(folder) else program} {name}"


def _next_commands() -> list[tuple[str, str]]:
    profile = next((each for each in all_profiles() if each != DEMO), None)
    if profile is None:
        return [
            ("cp profiles/example.toml profiles/acme.toml", "then fill it in, and set its variables"),
            (_command("check --profile acme"), "check everything that a run needs"),
            (_command("down && ") + _command("up"), "restart with the new profile and variables"),
        ]
    return [
        (_command(f"check --profile {profile}"), "check everything that a run needs"),
        (_command(f"run --profile {profile} --delivery preview"), "send the messages to the admins only"),
        (_command("down"), "stop server and worker"),
    ]
