"""The deployments work with a server, a worker, and a month entered in the form."""

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from measured_processes import unmeasured
from prefect_database import PREFECT, create_database
from receivers import Webhook

from tabnine_report.archive import Archive
from tabnine_report.model.month import Month
from tabnine_report.runs.context import MONTH_OR_LAST_PATTERN
from tabnine_report.sandbox.server import RunningSandbox, serve_sandbox
from tabnine_report.sandbox.world import World

ROOT = Path(__file__).parents[2]
COMMAND = PREFECT.with_name("tabnine-report")
START_SECONDS = 300


@pytest.fixture
def sandbox() -> Iterator[RunningSandbox]:
    """Serve the API with the machine's clock, which a worker uses: a run withholds its report if the clocks differ."""
    with serve_sandbox(World(users=60, teams=3), now=lambda: datetime.now(UTC)) as running:
        yield running


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    port, home = free_port(), tmp_path_factory.mktemp("prefect")
    create_database(home, tmp_path_factory)
    return unmeasured() | {
        "PREFECT_HOME": str(home),
        "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
        "PREFECT_SERVER_API_PORT": str(port),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_WORKER_QUERY_SECONDS": "1",
    }


@pytest.fixture(scope="module")
def api(environment: dict[str, str]) -> Iterator[httpx.Client]:
    """Start a Prefect server in a session of its own, and stop all of its processes."""
    log_file = Path(environment["PREFECT_HOME"]) / "server.log"
    client = httpx.Client(base_url=environment["PREFECT_API_URL"], timeout=START_SECONDS)
    with log_file.open("w") as log, client:
        server = subprocess.Popen(
            [str(PREFECT), "server", "start"], env=environment, stdout=log, stderr=log, start_new_session=True
        )
        try:
            wait_until_healthy(client, server)
            yield client
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait()


def wait_until_healthy(client: httpx.Client, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            client.get("/health").raise_for_status()
        except httpx.HTTPError:
            time.sleep(0.2)
        else:
            return
    pytest.fail("the Prefect server did not start")


@contextmanager
def worker(environment: dict[str, str], pool: str) -> Iterator[None]:
    """Run a worker that looks for runs every second, and stop it by its process id."""
    command = [str(PREFECT), "--no-prompt", "worker", "start", "--pool", pool]
    log_file = Path(environment["PREFECT_HOME"]) / f"{pool}.log"
    with log_file.open("w") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True)
        try:
            yield
        finally:
            process.send_signal(signal.SIGINT)
            process.wait()


def deploy_impatient_flow(api: httpx.Client) -> str:
    """Create the deployment of `impatient_flow.py` and its work pool; return the deployment's id."""
    api.post("/work_pools/", json={"name": "impatient", "type": "process"}).raise_for_status()
    flow = api.post("/flows/", json={"name": "monthly-report"}).json()
    deployment = {
        "name": "impatient",
        "flow_id": flow["id"],
        "work_pool_name": "impatient",
        "entrypoint": "tests/support/impatient_flow.py:monthly_report",
        "pull_steps": [{"prefect.deployments.steps.set_working_directory": {"directory": str(ROOT)}}],
    }
    identifier: str = api.post("/deployments/", json=deployment).raise_for_status().json()["id"]
    return identifier


def ended_runs(api: httpx.Client, selected: dict[str, Any], count: int) -> list[dict[str, Any]]:
    """Wait until this number of runs is selected and all have ended; return them in their order."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        runs: list[dict[str, Any]] = api.post(
            "/flow_runs/filter", json=selected | {"sort": "EXPECTED_START_TIME_ASC"}
        ).json()
        if len(runs) >= count and all(run["end_time"] for run in runs):
            return runs
        time.sleep(0.2)
    pytest.fail(f"the runs did not end: {[logs_of(api, run) for run in runs]}")


def write_profile(folder: Path, sandbox: RunningSandbox, *, api: str = "", more: str = "") -> Path:
    profile = folder / "acme.toml"
    profile.write_text(
        f'name = "acme"\ntime_zone = "Europe/Berlin"\n'
        f'[usage_api]\nbase_url = "{sandbox.base_url}"\ntoken = "{sandbox.token}"\n{api}'
        f'[folder]\npath = "outbox"\n[archive]\nledger_durable = true\n{more}',
        encoding="utf-8",
    )
    return profile


def test_a_worker_builds_the_month_that_was_entered_in_the_form(
    api: httpx.Client, environment: dict[str, str], sandbox: RunningSandbox, tmp_path: Path
) -> None:
    write_profile(tmp_path, sandbox)
    deploying = environment | {"TABNINE_REPORT_PROFILES": str(tmp_path)}
    # In another folder, because the deployment contains the absolute path of the project.
    completed = subprocess.run([COMMAND, "deploy"], cwd=tmp_path, env=deploying, capture_output=True, check=False)
    assert completed.returncode == 0, completed.stdout + completed.stderr
    deployment = api.get("/deployments/name/monthly-report/acme").json()
    form = f"/deployments/{deployment['id']}/create_flow_run"
    for month in ("October", ""):
        rejected = api.post(form, json={"parameters": {"month": month}})
        assert rejected.status_code == httpx.codes.CONFLICT
        assert "enter YYYY-MM, such as 2026-10, or last complete month" in rejected.text
    run = api.post(form, json={"parameters": {"month": "2026-09"}}).json()

    with worker(environment, "reports"):
        (run,) = ended_runs(api, {"flow_runs": {"id": {"any_": [run["id"]]}}}, 1)

    assert (run["name"], run["state_type"]) == ("acme · 2026-09", "COMPLETED"), logs_of(api, run)
    bundle = Archive(tmp_path / "reports").bundle("acme", Month(2026, 9), 1)
    assert len(list((tmp_path / "outbox").iterdir())) == 1
    of_run = {"artifacts": {"flow_run_id": {"any_": [run["id"]]}}}
    (artifact,) = api.post("/artifacts/filter", json=of_run).json()
    assert bundle.report().headline in artifact["data"].replace("\\", "")
    assert "Fetched teams" in logs_of(api, run)
    event = event_of(api, "tabnine-report.sent")
    assert event["resource"]["prefect.resource.id"] == "tabnine-report.acme"
    assert event["payload"] == {"organization": "acme", "month": "2026-09", "status": "sent"}
    assert f"prefect.flow-run.{run['id']}" in {related["prefect.resource.id"] for related in event["related"]}


def test_a_run_that_has_to_wait_long_is_postponed_and_continued_and_its_report_waits_for_a_release(
    api: httpx.Client, environment: dict[str, str], sandbox: RunningSandbox, tmp_path: Path, admins: Webhook
) -> None:
    """The run gives its worker's slot back, and another one continues it.

    Prefect shows both as canceled. The admins receive the notice of each, and none of a run that was stopped.
    """
    more = f'[report]\nrelease = "after_approval"\n[admins]\nslack_webhook_url = "{admins.url}"\n'
    profile = write_profile(tmp_path, sandbox, api="patience_minutes = 60\n", more=more)
    sandbox.faults.add("organization=503*5")
    deployment = deploy_impatient_flow(api)
    parameters = {"profile": str(profile), "month": "2026-09", "delivery": "revised"}
    api.post(f"/deployments/{deployment}/create_flow_run", json={"parameters": parameters})

    with worker(environment, "impatient"):
        runs = ended_runs(api, {"deployments": {"id": {"any_": [deployment]}}}, 2)

    assert [(run["state_name"], run["state_type"]) for run in runs] == [
        ("Postponed", "CANCELLED"),  # codespell:ignore - Prefect's spelling
        ("Withheld", "CANCELLED"),  # codespell:ignore - as above
    ], [logs_of(api, run) for run in runs]
    assert {run["name"] for run in runs} == {"acme \u00b7 2026-09"}
    assert runs[1]["parameters"] == runs[0]["parameters"]
    assert runs[1]["labels"]["tabnine-report.admins-notified"] is True
    assert runs[1]["labels"]["tabnine-report.automatic"] is False
    assert runs[1]["labels"]["tabnine-report.requested-at"][:19] == runs[0]["created"][:19]
    assert not (tmp_path / "outbox").exists()
    outage, preview, notice = map(json.dumps, admins.payloads)
    assert "does not respond" in outage
    assert "PREVIEW" in preview
    assert "is withheld" in notice


def event_of(api: httpx.Client, name: str) -> dict[str, Any]:
    """Wait for an event, which the server stores some seconds after it has received it."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        found: list[dict[str, Any]] = api.post(
            "/events/filter", json={"filter": {"event": {"name": [name]}}, "limit": 1}
        ).json()["events"]
        if found:
            return found[0]
        time.sleep(0.2)
    pytest.fail(f"the event {name} did not arrive")


def logs_of(api: httpx.Client, run: dict[str, Any]) -> str:
    logs = api.post("/logs/filter", json={"logs": {"flow_run_id": {"any_": [run["id"]]}}}).json()
    return "\n".join(log["message"] for log in logs)


def test_the_form_has_a_description_for_each_parameter_and_choices_where_they_are_closed() -> None:
    from flows.monthly_report import monthly_report  # noqa: PLC0415 - the other test does not import Prefect

    properties = json.loads(monthly_report.parameters.model_dump_json())["properties"]
    assert list(properties) == ["profile", "month", "delivery", "draft", "release"]
    assert all(parameter["description"] for parameter in properties.values())
    assert properties["delivery"]["enum"] == ["undelivered", "revised", "everyone", "preview", "nobody"]
    assert not any("anyOf" in parameter for parameter in properties.values())
    assert properties["month"]["pattern"] == MONTH_OR_LAST_PATTERN
