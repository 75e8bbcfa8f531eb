"""The watchdog on a real Prefect server: runs that could not notify the admins, schedules, and the server itself."""

import asyncio
import json
import os
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, cast
from urllib.parse import unquote
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from prefect.artifacts import Artifact
from prefect.blocks.system import Secret
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.actions import WorkPoolUpdate
from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterId
from prefect.client.schemas.objects import FlowRun, State, StateType, Worker, WorkPool
from prefect.client.schemas.sorting import FlowRunSort
from prefect.settings import PREFECT_API_URL, temporary_settings
from prefect_ui import form_links
from receivers import Webhook

from cli.main import status
from flows.deploying.deployments import (
    WORK_POOL,
    create_work_pool,
    deploy_fleet,
    deploy_profile,
    deploy_watchdog,
    fleet_deployment,
)
from flows.watch import watch
from flows.watching import dead_runs, run_checks, watch_round, watched_server
from flows.watching.remembered_secrets import RememberedSecrets
from flows.watching.schedule_checks import schedule_problems
from tabnine_report.model.errors import ReportingError, SettingsError
from tabnine_report.model.month import Month
from tabnine_report.profile.reading import DeploymentSettings
from tabnine_report.runs import clock, local_process
from tabnine_report.runs.local_process import WATCHDOG, create_state_folder
from tabnine_report.runs.profile_file import deployment_settings_of
from tabnine_report.runs.status import RunStatus
from tabnine_report.runs.storage import month_records_of
from tabnine_report.watchdog.watched_profile import WatchedProfile
from tasks.read_profile import open_ledger_profile

pytestmark = pytest.mark.usefixtures("_prefect")

NOW = timedelta()
PROFILE = """
name = "{name}"
time_zone = "UTC"
[usage_api]
base_url = "https://console.tabnine.com"
token = "${{TOKEN_THAT_IS_NOT_SET}}"
[report]
{report}
[admins]
slack_webhook_url = "{webhook}"
[archive]
ledger_durable = true
"""


class Dog:
    """One organization, which exists in no other test, with its deployments and admins."""

    def __init__(self, folder: Path, admins: Webhook, client: SyncPrefectClient) -> None:
        self.folder = folder
        self.name = f"dog-{uuid4().hex[:12]}"
        self.admins = admins
        self.client = client
        self.month = Month.last_final(datetime.now(UTC), ZoneInfo("UTC"), 1)
        self.write()

    def write(self, report: str = "", name: str = "") -> None:
        text = PROFILE.format(name=name or self.name, webhook=self.admins.url, report=report)
        (self.folder / f"{name or self.name}.toml").write_text(text, encoding="utf-8")

    def deploy(self) -> None:
        """Make the deployment of the monthly report, and not the others."""
        create_work_pool(self.client, WORK_POOL)
        settings = deployment_settings_of(self.name)
        next(deploy_profile(self.client, self.name, settings, WORK_POOL, has_schedule=True))

    def run(self, *states: State[Any], **parameters: Any) -> FlowRun:
        """Create a run of the month that passes through states."""
        deployment = self.client.read_deployment_by_name(f"monthly-report/{self.name}")
        created = self.client.create_flow_run_from_deployment(
            deployment.id, parameters={"month": str(self.month), **parameters}
        )
        for state in states:
            self.client.set_flow_run_state(created.id, state, force=True)
        return self.client.read_flow_run(created.id)

    def record(self, state: RunStatus, late: timedelta = NOW) -> None:
        with clock.rehearse(datetime.now(UTC) + late):
            records = month_records_of(open_ledger_profile(self.name))
            records.record(str(self.month), due=date(2026, 11, 2), state=state, reason="The API is down.")

    def history(self) -> tuple[str, str]:
        """Return the recorded state of the month, and its reason."""
        record = month_records_of(open_ledger_profile(self.name)).read(str(self.month))
        assert record is not None
        return record.state, record.reason

    def watch(self) -> int:
        self.start_worker()
        return status(["watch", "--profile", self.name])

    def start_worker(self) -> None:
        self.client.send_worker_heartbeat(WORK_POOL, "worker", heartbeat_interval_seconds=30)

    def kinds(self) -> list[str]:
        """Return what was reported to the admins since the last call, without the names of organization and month."""
        texts = [payload["text"] for payload in self.admins.payloads]
        self.admins.payloads.clear()
        month = f"{self.month.first_day:%B %Y}"
        return [text.replace(f"{self.name}: ", "").replace(month, "MONTH") for text in texts]


def of_type(kind: StateType, name: str = "", message: str = "") -> State[Any]:
    return State(type=kind, name=name or None, message=message)


CANCELED = StateType.CANCELLED  # codespell:ignore - Prefect's spelling
PENDING, RUNNING = of_type(StateType.PENDING), of_type(StateType.RUNNING)
SENT = of_type(StateType.COMPLETED, "Sent")
LATE = of_type(StateType.SCHEDULED, "Late")
LOST = "🔴 FAILED · the run for MONTH ended without a result"
LATE_NOTICE = "🟠 ACTION NEEDED · the run for MONTH has not started"
NOT_CONTINUED = "🟠 ACTION NEEDED · the run for MONTH was postponed, and no run continues it"


@pytest.fixture
def client() -> Iterator[SyncPrefectClient]:
    with get_client(sync_client=True) as client:
        yield client


@pytest.fixture
def dog(tmp_path: Path, admins: Webhook, client: SyncPrefectClient, monkeypatch: pytest.MonkeyPatch) -> Dog:
    folder = tmp_path / "profiles"
    folder.mkdir()
    monkeypatch.setenv("TABNINE_REPORT_PROFILES", str(folder))
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path / "home"))
    # Runs of other tests stay as they are.
    monkeypatch.setattr(watched_server, "SECOND_LOOK_SECONDS", 0.0)
    monkeypatch.setattr(run_checks, "GRACE", NOW)
    monkeypatch.setattr(watched_server, "_FLOWS", ["monthly-report"])
    dog = Dog(folder, admins, client)
    dog.deploy()
    only_of(dog, monkeypatch)
    return dog


def only_of(dog: Dog, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the watchdog end only dead runs of this test's organization."""
    silent = dead_runs.silent_runs

    def own(client: SyncPrefectClient, active: list[FlowRun]) -> list[FlowRun]:
        return silent(client, [run for run in active if run.parameters.get("profile") == dog.name])

    monkeypatch.setattr(watched_server, "silent_runs", own)


@pytest.fixture
def heartbeats(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Return a function that sets the age of the last heartbeat of a run, and of any run; None for none."""

    def set_ages(of_run: timedelta | None, of_any: timedelta | None = None) -> None:
        def last(_: SyncPrefectClient, resource: str | None = None) -> datetime | None:
            age = of_run if resource else of_any
            return None if age is None else datetime.now(UTC) - age

        monkeypatch.setattr(dead_runs, "_last_heartbeat", last)

    monkeypatch.setattr(dead_runs, "SILENCE", timedelta(seconds=0.001))
    set_ages(timedelta(seconds=1))
    return set_ages


def test_a_fresh_installation_is_healthy(dog: Dog) -> None:
    assert dog.watch() == 0
    assert dog.kinds() == []


@pytest.mark.usefixtures("heartbeats")
def test_a_killed_run_is_marked_as_crashed_reported_once_and_solved_by_a_run_that_sends(dog: Dog) -> None:
    run = dog.run(RUNNING)
    assert dog.watch() == 3
    assert dog.kinds() == [LOST]
    assert dog.client.read_flow_run(run.id).state_name == "Crashed"
    assert dog.history() == ("crashed", dead_runs.GONE)
    assert dog.watch() == 3
    assert dog.kinds() == []

    dog.run(RUNNING, of_type(StateType.FAILED))
    dog.record(RunStatus.FAILED)
    assert dog.watch() == 3
    assert dog.history()[0] == "failed"
    dog.run(RUNNING, SENT)
    dog.record(RunStatus.SENT)
    assert dog.watch() == 0
    assert dog.kinds() == ["✅ Solved: the run for MONTH ended without a result"]
    assert dog.watch() == 0
    assert dog.kinds() == []


@pytest.mark.usefixtures("heartbeats")
def test_a_killed_run_is_solved_by_a_run_without_the_server(dog: Dog) -> None:
    dog.record(RunStatus.SENT, -timedelta(hours=1))
    dog.run(RUNNING)
    assert dog.watch() == 3
    dog.record(RunStatus.SENT, timedelta(seconds=1))
    assert dog.watch() == 0
    assert len(dog.kinds()) == 2


def test_a_run_with_heartbeats_or_on_a_server_without_any_is_alive(
    dog: Dog, heartbeats: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    run = dog.run(RUNNING)
    heartbeats(-timedelta(seconds=60))
    assert dog.watch() == 0
    heartbeats(None)
    assert dog.watch() == 0
    assert dog.client.read_flow_run(run.id).state_name == "Running"

    monkeypatch.setattr(dead_runs, "LONGEST_RUN", NOW)
    assert dog.watch() == 3


def test_a_run_whose_first_heartbeat_never_came_is_dead_on_a_server_that_receives_others(
    dog: Dog, heartbeats: Callable[..., None]
) -> None:
    dog.run(RUNNING)
    heartbeats(None, timedelta(days=1))
    assert dog.watch() == 3


def test_a_run_is_checked_twice(dog: Dog, heartbeats: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> None:
    run = dog.run(RUNNING)
    monkeypatch.setattr("time.sleep", lambda _: heartbeats(-timedelta(seconds=60)))
    assert dog.watch() == 0
    assert dog.client.read_flow_run(run.id).state_name == "Running"


def test_a_run_whose_worker_died_before_its_process_started_is_dead(dog: Dog, monkeypatch: pytest.MonkeyPatch) -> None:
    dog.run(PENDING)
    assert dog.watch() == 0
    monkeypatch.setattr(dead_runs, "LONGEST_SUBMISSION", NOW)
    assert dog.watch() == 3
    assert dog.kinds() == [LOST]


def test_a_rerun_of_a_sent_month_that_never_began_is_reported(dog: Dog) -> None:
    dog.record(RunStatus.SENT, -timedelta(hours=1))
    dog.run(PENDING, of_type(StateType.CRASHED))
    assert dog.watch() == 3
    assert dog.kinds() == [LOST]


@pytest.mark.parametrize("kind", [StateType.FAILED, StateType.CRASHED])
def test_a_run_that_never_began_is_reported_with_the_message_of_prefect(dog: Dog, kind: StateType) -> None:
    dog.run(PENDING, of_type(kind, message="No module named 'flows'\nTraceback"))
    assert dog.watch() == 3
    assert f"The run ended as {kind.value.capitalize()} before it began. No module named 'flows'" in dog.admins.text()
    assert "Traceback" not in dog.admins.text()
    assert dog.history()[0] == "crashed"
    assert dog.watch() == 3
    assert "/runs/flow-run/" in dog.admins.text()
    assert dog.kinds() == [LOST]


def test_a_crash_that_the_admins_know_of_is_not_reported_again(dog: Dog) -> None:
    dog.run(RUNNING, of_type(StateType.CRASHED, message="Execution was aborted."))
    dog.record(RunStatus.FAILED, timedelta(seconds=1))
    dog.watch()
    assert LOST not in dog.kinds()  # depending on the day, the month was not sent in time
    dog.record(RunStatus.SENT, -timedelta(hours=1))
    assert dog.watch() == 0


def test_a_crash_may_take_a_moment_to_be_reported_by_the_run_itself(dog: Dog, monkeypatch: pytest.MonkeyPatch) -> None:
    dog.run(RUNNING, of_type(StateType.CRASHED))
    monkeypatch.setattr(run_checks, "GRACE", timedelta(minutes=2))
    assert dog.watch() == 0
    monkeypatch.setattr(run_checks, "GRACE", NOW)
    assert dog.watch() == 3


@pytest.mark.parametrize("state", [SENT, of_type(StateType.FAILED, "Unconfirmed"), of_type(CANCELED, "Withheld")])
def test_a_run_with_a_result_is_no_problem(dog: Dog, state: State[Any]) -> None:
    dog.run(RUNNING, state)
    dog.run(RUNNING, of_type(StateType.FAILED))
    dog.run(of_type(CANCELED))
    assert dog.watch() == 0


def test_runs_of_others_and_of_months_that_are_none_are_no_problem(dog: Dog) -> None:
    deployment = dog.client.read_deployment_by_name(f"monthly-report/{dog.name}")
    run = dog.client.create_flow_run_from_deployment(deployment.id)
    dog.client.update_flow_run(run.id, parameters={"profile": dog.name, "month": "October"})
    dog.client.set_flow_run_state(run.id, of_type(StateType.CRASHED), force=True)
    assert dog.watch() == 0


@pytest.mark.parametrize(
    "patience",
    [dead_runs.SILENCE, dead_runs.LONGEST_SUBMISSION, run_checks.OVERDUE, run_checks.GRACE, watched_server.WORKING],
)
def test_a_round_every_ten_minutes_finds_each_death_within_a_quarter_of_an_hour(patience: timedelta) -> None:
    second_look = timedelta(seconds=watched_server.SECOND_LOOK_SECONDS)
    assert patience + timedelta(minutes=10) + second_look <= timedelta(minutes=15)


@pytest.fixture
def pool(client: SyncPrefectClient) -> Iterator[None]:
    yield
    client.update_work_pool("reports", WorkPoolUpdate(is_paused=False))


@pytest.mark.usefixtures("pool")
def test_a_late_run_is_reported_unless_it_waits_for_a_busy_worker(dog: Dog, monkeypatch: pytest.MonkeyPatch) -> None:
    dog.run(LATE)
    assert dog.watch() == 0

    monkeypatch.setattr(run_checks, "OVERDUE", NOW)
    monkeypatch.setattr(run_checks, "LONGEST_WAIT", NOW)
    assert dog.watch() == 3
    assert "the workers of the work pool reports do not start it" in dog.admins.text()
    assert dog.kinds() == [LATE_NOTICE]

    dog.client.update_work_pool("reports", WorkPoolUpdate(is_paused=True))
    assert dog.watch() == 3
    assert dog.kinds() == []


@pytest.mark.parametrize(
    ("why", "advice"),
    [
        ("watch.no_worker", "Start the worker"),
        ("watch.pool_paused", "Resume the work pool"),
        ("watch.worker_does_not_start", "Remove the concurrency limit"),
    ],
)
def test_the_advice_for_a_late_run_follows_from_the_reason(
    dog: Dog, monkeypatch: pytest.MonkeyPatch, why: str, advice: str
) -> None:
    monkeypatch.setattr(run_checks, "OVERDUE", NOW)
    monkeypatch.setattr(run_checks, "_why_late", lambda *_: why)
    dog.run(LATE)
    assert dog.watch() == 3
    assert advice in dog.admins.text()


def test_why_a_run_is_late_depends_on_its_work_pool() -> None:
    pool, hour = watched_server.PoolState, timedelta(hours=1)
    why = run_checks._why_late
    assert why(None, hour) == "watch.no_worker"
    assert why(pool(is_paused=False, has_worker=False, is_busy=True), hour) == ""  # a problem of all runs
    assert why(pool(is_paused=True, has_worker=True, is_busy=True), hour) == "watch.pool_paused"
    assert why(pool(is_paused=False, has_worker=True, is_busy=False), hour) == "watch.worker_does_not_start"
    assert why(pool(is_paused=False, has_worker=True, is_busy=True), hour) == ""
    assert why(pool(is_paused=False, has_worker=True, is_busy=True), 4 * hour) == "watch.worker_does_not_start"


def test_a_work_pool_that_was_deleted_has_no_worker(client: SyncPrefectClient) -> None:
    state = watched_server._read_pool(client, "no-such-pool")
    assert not state.has_worker


@pytest.mark.parametrize("kind", ["prefect:managed", "ecs:push"])
def test_a_work_pool_whose_runs_prefect_itself_starts_needs_no_worker(kind: str) -> None:
    class Client:
        def read_work_pool(self, name: str) -> WorkPool:
            return WorkPool(name=name, type=kind, default_queue_id=uuid4())

        def read_workers_for_work_pool(self, name: str) -> list[Worker]:
            return []

        def read_flow_runs(self, **_: object) -> list[FlowRun]:
            return []

    assert watched_server._read_pool(cast("SyncPrefectClient", Client()), "cloud").has_worker


NO_WORKER = "🟠 ACTION NEEDED · No Prefect worker responds, so no run starts"


def test_a_dead_worker_is_reported_once_to_the_admins_of_several_organizations_although_no_run_is_late(
    dog: Dog, monkeypatch: pytest.MonkeyPatch
) -> None:
    dog.write(name=f"{dog.name}-b")
    settings = deployment_settings_of(f"{dog.name}-b")
    next(deploy_profile(dog.client, f"{dog.name}-b", settings, WORK_POOL, has_schedule=True))
    assert dog.watch() == 0
    with monkeypatch.context() as patch:
        patch.setattr(watched_server, "WORKING", NOW)
        assert status(["watch"]) == 3
        assert "No worker responds in the work pool reports. Scheduled runs and forms wait" in dog.admins.text()
        assert dog.kinds() == [NO_WORKER]
        dog.run(LATE)
        patch.setattr(run_checks, "OVERDUE", NOW)
        assert status(["watch"]) == 3
        assert dog.kinds() == []
        with temporary_settings({PREFECT_API_URL: "http://127.0.0.1:9/api"}):
            assert status(["watch"]) == 3
        assert dog.kinds() == ["🟠 ACTION NEEDED · The Prefect server does not respond"]
    dog.start_worker()
    assert status(["watch"]) == 0
    assert "✅ Solved: No Prefect worker responds, so no run starts" in dog.kinds()


def test_a_watchdog_of_up_that_was_killed_is_reported_until_it_runs_again(dog: Dog) -> None:
    file = create_state_folder() / f"{WATCHDOG}.json"
    # Another process has the ID now.
    file.write_text(json.dumps({"pid": os.getpid(), "started": "1"}), encoding="utf-8")
    assert dog.watch() == 3
    assert f"The file {file.with_suffix('.log')} may state why it ended." in dog.admins.text()
    assert dog.kinds() == ["🟠 ACTION NEEDED · The watchdog of tabnine-report up has stopped"]

    # Another machine, on which none was started, cannot tell.
    file.unlink()
    assert dog.watch() == 0
    assert dog.kinds() == []
    started = local_process._start_of(os.getpid())
    file.write_text(json.dumps({"pid": os.getpid(), "started": started}), encoding="utf-8")
    assert dog.watch() == 0
    assert dog.kinds() == ["✅ Solved: The watchdog of tabnine-report up has stopped"]


def test_a_notice_links_to_the_form_that_helps_with_the_month_filled_in(dog: Dog) -> None:
    dog.run(PENDING, of_type(StateType.CRASHED))
    assert dog.watch() == 3
    [link] = form_links(dog.admins.text())
    deployment = dog.client.read_deployment_by_name(f"monthly-report/{dog.name}")
    assert f"/{deployment.id}/" in link
    entries = json.loads(unquote(unquote(link.partition("=")[2])))
    assert entries == {"profile": dog.name, "month": str(dog.month)}


def test_a_worker_is_missing_only_if_it_is_still_silent_after_a_second_look(
    dog: Dog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watched_server, "WORKING", NOW)
    monkeypatch.setattr("time.sleep", lambda _: monkeypatch.setattr(watched_server, "WORKING", timedelta(minutes=1)))
    assert dog.watch() == 0


def test_a_postponed_run_whose_continuation_was_canceled_is_reported(dog: Dog) -> None:
    dog.run(RUNNING, of_type(CANCELED, "Postponed"))
    continuation = dog.run()
    dog.record(RunStatus.POSTPONED, -timedelta(minutes=5))
    assert dog.watch() == 0

    dog.client.set_flow_run_state(continuation.id, of_type(CANCELED), force=True)
    assert dog.watch() == 3
    assert dog.kinds() == [NOT_CONTINUED]
    dog.run()
    assert dog.watch() == 0
    assert dog.kinds() == ["✅ Solved: the run for MONTH was postponed, and no run continues it"]


def test_the_command_that_creates_a_schedule_can_be_typed() -> None:
    deployment = DeploymentSettings("acme", ZoneInfo("UTC"), 1, "0 7 2 * *", ("executive",))
    watched = WatchedProfile("our profiles/acme.toml", "acme", None, None, deployment, (), "", None)
    (problem,) = schedule_problems(watched, watched_server.WatchedServer())
    assert problem.command == "tabnine-report deploy --profile 'our profiles/acme.toml'"


def test_a_schedule_that_is_paused_or_missing_is_reported_until_it_is_back(dog: Dog) -> None:
    deployment = dog.client.read_deployment_by_name(f"monthly-report/{dog.name}")
    schedule = deployment.schedules[0]
    dog.client.update_deployment_schedule(deployment.id, schedule.id, active=False)
    assert dog.watch() == 3
    assert dog.kinds() == ["🟠 ACTION NEEDED · the schedule of the report is paused"]
    dog.client.delete_deployment_schedule(deployment.id, schedule.id)
    assert dog.watch() == 3
    assert "The report's deployment in Prefect has no schedule" in dog.admins.text()
    assert dog.kinds() == ["🟠 ACTION NEEDED · no schedule starts the report"]
    dog.client.delete_deployment(deployment.id)
    assert dog.watch() == 3
    assert dog.kinds() == []
    dog.deploy()
    assert dog.watch() == 0
    assert dog.kinds() == ["✅ Solved: no schedule starts the report"]


def test_a_profile_whose_report_a_schedule_of_all_profiles_starts_needs_none(dog: Dog) -> None:
    deployment = dog.client.read_deployment_by_name(f"monthly-report/{dog.name}")
    dog.client.delete_deployment_schedule(deployment.id, deployment.schedules[0].id)
    deploy_fleet(dog.client, WORK_POOL)
    try:
        dog.watch()
        assert dog.kinds() == []
    finally:
        dog.client.delete_deployment(fleet_deployment(dog.client))  # type: ignore[arg-type]
    dog.watch()
    assert dog.kinds() == ["🟠 ACTION NEEDED · no schedule starts the report"]


ORPHANED_DEPLOYMENTS = "🟠 ACTION NEEDED · Deployments in Prefect have no profile"


def test_an_orphaned_deployment_is_reported_without_its_name_to_the_admins_of_all_organizations_once(
    dog: Dog, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("b", "c"):
        dog.write('schedule = "none"', name=f"{dog.name}-{name}")
    (dog.folder / f"{dog.name}.toml").unlink()
    assert [status(["watch"]), status(["watch"])] == [3, 3]
    captured = capsys.readouterr()
    assert f"The runs of monthly-report/{dog.name} fail and notify nobody: there is no profile" in captured.err
    assert "with the command below.\n\n    tabnine-report deploy --prune\n" in captured.err
    assert "2 profiles checked, 0 with open problems." in captured.out
    assert "The profile of one deployment no longer exists" in dog.admins.text()
    assert f"monthly-report/{dog.name}" not in dog.admins.text()
    assert dog.kinds() == [ORPHANED_DEPLOYMENTS]

    with temporary_settings({PREFECT_API_URL: "http://127.0.0.1:9/api"}):
        status(["watch"])
    assert "✅ Solved: Deployments in Prefect have no profile" not in dog.kinds()
    dog.write()
    status(["watch"])
    assert "✅ Solved: Deployments in Prefect have no profile" in dog.kinds()


def test_an_orphaned_deployment_is_reported_only_to_the_operator_if_organizations_have_different_admins(
    dog: Dog, capsys: pytest.CaptureFixture[str]
) -> None:
    other = Webhook()
    dog.write('schedule = "none"', name=f"{dog.name}-b")
    text = PROFILE.format(name=f"{dog.name}-c", webhook=other.url, report='schedule = "none"')
    (dog.folder / f"{dog.name}-c.toml").write_text(text, encoding="utf-8")
    (dog.folder / f"{dog.name}.toml").unlink()
    assert status(["watch"]) == 3
    assert f"The runs of monthly-report/{dog.name} fail and notify nobody" in capsys.readouterr().err
    other.stop()
    assert (dog.kinds(), other.payloads) == ([], [])
    assert status(["watch", "--profile", f"{dog.name}-b"]) == 0


@pytest.mark.usefixtures("heartbeats")
def test_a_run_of_an_organization_is_not_reported_to_the_admins_of_another_that_now_has_its_profile(dog: Dog) -> None:
    dog.run(RUNNING)
    text = PROFILE.format(name=f"{dog.name}-new", webhook=dog.admins.url, report='schedule = "none"')
    (dog.folder / f"{dog.name}.toml").write_text(text, encoding="utf-8")
    assert dog.watch() == 0
    assert dog.kinds() == []


def test_a_profile_that_is_started_manually_needs_no_schedule(dog: Dog) -> None:
    dog.write('schedule = "none"')
    dog.deploy()
    assert dog.watch() == 0


def test_a_server_that_does_not_respond_is_reported_once_and_what_needs_it_is_not_checked(
    dog: Dog, capsys: pytest.CaptureFixture[str]
) -> None:
    dog.run(PENDING, of_type(StateType.CRASHED))
    assert dog.watch() == 3
    assert dog.kinds() == [LOST]
    dog.write(name="another")
    capsys.readouterr()
    with temporary_settings({PREFECT_API_URL: "http://127.0.0.1:9/api"}):
        assert status(["watch"]) == 3
    assert dog.kinds() == ["🟠 ACTION NEEDED · The Prefect server does not respond"]
    printed = capsys.readouterr().out
    assert f"{dog.name}: not checked: run. The Prefect server does not respond." in printed
    assert f"{dog.name}: not checked: schedule. The Prefect server does not respond." in printed

    (dog.folder / "another.toml").unlink()
    assert status(["watch"]) == 3
    assert (
        "✅ Solved: The Prefect server does not respond" in [payload["text"] for payload in dog.admins.payloads]
        or dog.kinds() == []
    )


def test_a_dead_server_is_reported_by_a_channel_whose_secret_it_returned_before(
    dog: Dog, client: SyncPrefectClient, capsys: pytest.CaptureFixture[str]
) -> None:
    block = f"{dog.name}-admins"
    Secret(value=dog.admins.url).save(block)
    file = dog.folder / f"{dog.name}.toml"
    file.write_text(file.read_text(encoding="utf-8").replace(dog.admins.url, f"${{secret:{block}}}"), encoding="utf-8")
    remembered = RememberedSecrets({})
    remembered.read([])
    assert remembered.values == {block: dog.admins.url}
    with temporary_settings({PREFECT_API_URL: "http://127.0.0.1:9/api"}):
        assert status(["watch"]) == 3
        assert dog.kinds() == []
        remembered.read([])
        later = RememberedSecrets(remembered.values)
        assert [result.failures for result in watch_round.watch_profiles(secrets=later)] == [()]
        assert dog.kinds() == ["🟠 ACTION NEEDED · The Prefect server does not respond"]
        with pytest.raises(SettingsError, match="cannot be looked up"):
            later.recall("secret", "another")
        assert later.resolve("secret", block) == dog.admins.url
    assert dog.admins.url not in "".join(capsys.readouterr())

    # A secret that was deleted is not used any more.
    client.delete_block_document(client.read_block_document_by_name(block, "secret").id)
    later.read([dog.name, "no-such-profile"])
    assert later.values == {}


def test_without_the_ledger_runs_are_not_checked(dog: Dog, monkeypatch: pytest.MonkeyPatch) -> None:
    dog.run(PENDING, of_type(StateType.CRASHED))
    file = dog.folder / f"{dog.name}.toml"
    file.write_text(file.read_text(encoding="utf-8") + 'ledger = "${UNSET_LEDGER}"\n', encoding="utf-8")
    assert dog.watch() == 3
    assert dog.kinds() == ["🟠 ACTION NEEDED · the delivery record cannot be used"]


def watch_flow(dog: Dog) -> State[Any]:
    async def run() -> State[Any]:
        state: State[Any] = await watch((dog.name,), return_state=True)
        return state

    return asyncio.run(run())


def test_the_flow_ends_as_healthy_or_with_open_problems(dog: Dog) -> None:
    state = watch_flow(dog)
    assert (state.type, state.name) == (StateType.COMPLETED, "Healthy")
    dog.run(PENDING, of_type(StateType.CRASHED))
    state = watch_flow(dog)
    assert (state.type, state.name) == (StateType.COMPLETED, "Problems open")
    assert state.message == "Profiles: 1. Open problems: 1."
    artifact = asyncio.run(Artifact.aget("watch"))
    assert artifact is not None
    assert "ended without a result" in str(artifact.data)
    assert dog.kinds() == [LOST]


def test_the_flow_names_an_unexpected_error_and_what_to_do(dog: Dog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flows.watch.watch_profiles", None)
    state = watch_flow(dog)
    assert (state.type, state.name) == (StateType.FAILED, "Failed")
    assert state.message == "An unexpected error occurred (TypeError). The log of the flow run states where."
    artifact = asyncio.run(Artifact.aget("watch"))
    assert artifact is not None
    assert "The watchdog stopped before it had checked all profiles." in str(artifact.data)


def test_the_flow_logs_a_notice_that_could_not_be_sent(dog: Dog, caplog: pytest.LogCaptureFixture) -> None:
    dog.admins.status = 404
    dog.run(PENDING, of_type(StateType.CRASHED))
    watch_flow(dog)
    assert "The admins were not notified." in caplog.text
    assert "hush" not in caplog.text


def test_each_round_names_the_rounds_that_prefect_has_scheduled_since(
    dog: Dog, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    deployment = dog.client.read_deployment_by_name(deploy_watchdog(dog.client, WORK_POOL).name)
    of_watchdog = DeploymentFilter(id=DeploymentFilterId(any_=[deployment.id]))
    upcoming = dog.client.read_flow_runs(deployment_filter=of_watchdog, sort=FlowRunSort.EXPECTED_START_TIME_DESC)
    dog.client.set_flow_run_name(upcoming[0].id, "smart-hornet")
    monkeypatch.setenv("PREFECT__RUNTIME__DEPLOYMENT__ID", str(deployment.id))
    watch_flow(dog)
    assert dog.client.read_flow_run(upcoming[0].id).name == upcoming[0].name

    def fail() -> None:
        raise ReportingError("The server does not respond.")

    monkeypatch.setattr("flows.watch.prefect_client", fail)
    assert watch_flow(dog).name == "Healthy"
    assert "The upcoming rounds keep random names. The server does not respond." in caplog.text


def test_a_round_that_starts_too_late_is_skipped(dog: Dog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flows.watch.OUTDATED", -timedelta(seconds=1))
    monkeypatch.setattr(watch_round, "watch_profiles", None)
    state = watch_flow(dog)
    assert (state.type, state.name) == (StateType.COMPLETED, "Skipped")


def test_deploy_makes_the_watchdogs_deployment_which_is_never_orphaned(
    dog: Dog, capsys: pytest.CaptureFixture[str]
) -> None:
    assert [status(["deploy"]), status(["deploy"])] == [0, 0]
    printed = capsys.readouterr().out.rpartition("Deployment ")[2]
    (line,) = [line for line in printed.splitlines() if line.startswith("watch/")]
    assert line.split()[1:7] == ["unchanged", "*/10", "*", "*", "*", "*"]
    assert f"{datetime.now(UTC):%Y-%m-%d}" in line or f"{datetime.now(UTC) + timedelta(days=1):%Y-%m-%d}" in line
