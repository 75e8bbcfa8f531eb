"""`deploy` makes the deployments of the profiles on a Prefect server, and a second time changes nothing."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.actions import DeploymentScheduleCreate, DeploymentUpdate
from prefect.client.schemas.filters import DeploymentFilter, DeploymentFilterId
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.client.schemas.responses import DeploymentResponse
from prefect.client.schemas.schedules import CronSchedule
from prefect.exceptions import ObjectNotFound, PrefectHTTPStatusError
from prefect.states import Pending

from cli.main import status
from flows.deploying.deployments import WORK_POOL, Deployed, create_work_pool, deploy_fleet, deploy_watchdog

pytestmark = pytest.mark.usefixtures("_prefect")

PROFILE = """
name = "{name}"
time_zone = "America/New_York"
[usage_api]
base_url = "https://console.tabnine.com"
token = "${{TOKEN_THAT_IS_NOT_SET}}"
[slack]
webhook_url = "${{secret:hook-that-does-not-exist}}"
edition = "full"
[report]
{report}
"""


FLOWS = ("monthly-report", "backfill", "answer", "settle", "check")


def all_of(result: str, *, report: str = "") -> dict[str, str]:
    """Return the result of each deployment of a profile by flow; `report` is that of the monthly report."""
    return {**dict.fromkeys(FLOWS, result), **({"monthly-report": report} if report else {})}


class Profiles:
    """The profiles folder of one test. Its organizations exist in no other test."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.organization = f"org-{uuid4().hex[:12]}"
        self._capsys = capsys

    def write(self, report: str = "", *, file: str = "acme", name: str = "") -> Path:
        path = self.folder / f"{file}.toml"
        path.write_text(PROFILE.format(name=name or self.organization, report=report), encoding="utf-8")
        return path

    def deploy(self, *arguments: str) -> tuple[int, dict[str, str], str]:
        """Return the exit status, the result of each deployment of this test by flow, and the errors."""
        exit_status = status(["deploy", *arguments])
        captured = self._capsys.readouterr()
        rows = [line.split() for line in captured.out.splitlines() if self.organization in line]
        return exit_status, {row[0].partition("/")[0]: row[1] for row in rows}, captured.err


@pytest.fixture
def profiles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Profiles:
    folder = tmp_path / "profiles"
    folder.mkdir()
    monkeypatch.setenv("TABNINE_REPORT_PROFILES", str(folder))
    return Profiles(folder, capsys)


@pytest.fixture
def client() -> Iterator[SyncPrefectClient]:
    with get_client(sync_client=True) as client:
        yield client


def deployment_of(client: SyncPrefectClient, profiles: Profiles, flow: str = "monthly-report") -> DeploymentResponse:
    return client.read_deployment_by_name(f"{flow}/{profiles.organization}")


def upcoming(client: SyncPrefectClient, deployment: DeploymentResponse) -> list[FlowRun]:
    runs = client.read_flow_runs(deployment_filter=DeploymentFilter(id=DeploymentFilterId(any_=[deployment.id])))
    return sorted(runs, key=lambda run: str(run.expected_start_time))


def test_a_profile_becomes_a_scheduled_report_and_other_deployments_without_its_secrets(
    profiles: Profiles, client: SyncPrefectClient
) -> None:
    profiles.write()

    assert profiles.deploy() == (0, all_of("created"), "")

    report, *others = (deployment_of(client, profiles, flow) for flow in FLOWS)
    (schedule,) = report.schedules
    assert (schedule.schedule, schedule.active) == (CronSchedule(cron="0 7 2 * *", timezone="America/New_York"), True)
    assert [deployment.schedules for deployment in others] == [[]] * len(others)
    organization = f"organization:{profiles.organization}"
    for deployment in (report, *others):
        assert deployment.tags == ["tabnine-report", organization, "edition:executive", "edition:full"]
        assert deployment.work_pool_name == "reports"
        assert deployment.parameters == {"profile": "acme"}
        assert deployment.job_variables["env"]["TABNINE_REPORT_PROFILES"] == str(profiles.folder)
        assert profiles.organization in str(deployment.description)
    assert client.read_work_pool("reports").type == "process"


def test_upcoming_runs_have_the_names_that_they_give_themselves_when_they_start(
    profiles: Profiles, client: SyncPrefectClient
) -> None:
    profiles.write()
    profiles.deploy()

    runs = upcoming(client, deployment_of(client, profiles))

    assert len(runs) == 3
    assert [run.name for run in runs] == [f"{profiles.organization} · {month_before(run)}" for run in runs]


@pytest.mark.parametrize(
    ("deploy", "pattern"),
    [
        (deploy_watchdog, "watchdog · {:%Y-%m-%d %H:%M}"),
        (deploy_fleet, "reports due on {:%Y-%m-%d %H:%M}"),
    ],
)
def test_upcoming_runs_of_all_profiles_are_named_after_their_time(
    client: SyncPrefectClient, deploy: Callable[[SyncPrefectClient, str], Deployed], pattern: str
) -> None:
    create_work_pool(client, WORK_POOL)
    deployment = client.read_deployment_by_name(deploy(client, WORK_POOL).name)
    try:
        runs = [run for run in upcoming(client, deployment) if run.state and run.state.is_scheduled()]
    finally:
        if deploy is deploy_fleet:
            client.delete_deployment(deployment.id)
    assert len(runs) > 2
    assert [run.name for run in runs] == [pattern.format(run.expected_start_time) for run in runs]


def test_a_run_of_due_that_starts_while_another_one_is_active_is_canceled(
    client: SyncPrefectClient,
) -> None:
    create_work_pool(client, WORK_POOL)
    deployment = client.read_deployment_by_name(deploy_fleet(client, WORK_POOL).name)
    try:
        first, second = (client.create_flow_run_from_deployment(deployment.id) for _ in range(2))
        client.set_flow_run_state(first.id, Pending())
        state: State[Any] | None = client.set_flow_run_state(second.id, Pending()).state
        assert deploy_fleet(client, WORK_POOL).outcome == "unchanged"
    finally:
        client.delete_deployment(deployment.id)
    assert state is not None
    assert (state.type, state.message) == (
        StateType.CANCELLED,  # codespell:ignore - Prefect's spelling
        "Deployment concurrency limit reached.",
    )


def month_before(run: FlowRun) -> str:
    at = run.expected_start_time
    assert isinstance(at, datetime)
    return f"{at.year}-{at.month - 1:02d}" if at.month > 1 else f"{at.year - 1}-12"


def test_deploying_again_changes_nothing(profiles: Profiles, client: SyncPrefectClient) -> None:
    profiles.write()
    profiles.deploy()
    before, runs = deployment_of(client, profiles), upcoming(client, deployment_of(client, profiles))

    assert profiles.deploy() == (0, all_of("unchanged"), "")

    assert deployment_of(client, profiles).updated == before.updated
    assert upcoming(client, before) == runs


def test_a_change_of_the_profile_changes_only_what_it_is_about(profiles: Profiles, client: SyncPrefectClient) -> None:
    profiles.write()
    profiles.deploy()
    profiles.write('schedule = "30 6 3 * *"')

    assert profiles.deploy()[1] == all_of("unchanged", report="changed")

    report = deployment_of(client, profiles)
    assert [each.schedule for each in report.schedules] == [
        CronSchedule(cron="30 6 3 * *", timezone="America/New_York")
    ]
    assert {run.expected_start_time.day for run in upcoming(client, report) if run.expected_start_time} == {3}
    profiles.write('schedule = "none"')
    assert profiles.deploy()[1] == all_of("unchanged", report="changed")
    assert deployment_of(client, profiles).schedules == []
    assert upcoming(client, report) == []


def test_a_pause_and_a_schedule_of_a_person_stay(profiles: Profiles, client: SyncPrefectClient) -> None:
    profiles.write()
    profiles.deploy()
    report = deployment_of(client, profiles)
    client.update_deployment_schedule(report.id, report.schedules[0].id, active=False)
    added = CronSchedule(cron="0 9 15 * *", timezone="UTC")
    parameters = {"delivery": "nobody"}
    own = DeploymentScheduleCreate(schedule=added, active=False, parameters=parameters)
    client.create_deployment_schedules(report.id, [own])

    assert profiles.deploy()[1]["monthly-report"] == "unchanged"
    profiles.write('schedule = "30 6 3 * *"')
    assert profiles.deploy()[1]["monthly-report"] == "changed"

    schedules = deployment_of(client, profiles).schedules
    assert {each.schedule.cron: (each.active, each.parameters) for each in schedules} == {  # type: ignore[union-attr]
        "30 6 3 * *": (False, {}),
        "0 9 15 * *": (False, parameters),
    }
    assert upcoming(client, report) == []


def test_a_change_in_the_user_interface_is_overwritten(profiles: Profiles, client: SyncPrefectClient) -> None:
    profiles.write()
    profiles.deploy()
    report = deployment_of(client, profiles)
    client.update_deployment(report.id, DeploymentUpdate(tags=["mine"], parameters={"profile": "acme"}))

    assert profiles.deploy()[1]["monthly-report"] == "changed"

    assert deployment_of(client, profiles).tags == report.tags


@pytest.mark.parametrize(
    ("flow", "parameters"),
    [
        ("monthly-report", {"month": "October"}),
        ("monthly-report", {"month": ""}),
        ("monthly-report", {"month": "2026-13"}),
        ("monthly-report", {"delivery": "all"}),
        ("monthly-report", {"profile": "globex"}),
        ("backfill", {}),
        ("backfill", {"first": "last complete month"}),
        ("backfill", {"first": "2026-01", "last": "2026-1"}),
        ("answer", {"month": "October"}),
        ("answer", {"withheld": "yes"}),
        ("answer", {"answers": {"rename_teams": {"answer": "done"}}}),
        ("answer", {"answers": {"renew_token": {"answer": "yes"}}}),
        ("answer", {"answers": {"renew_token": {"answer": "done", "owner": "x" * 61}}}),
        ("answer", {"note": "x" * 401}),
        ("settle", {"month": "2026-10", "channel": "email", "recipient": "a@acme.example"}),
        ("settle", {"month": "2026-10", "channel": "fax", "recipient": "a@acme.example", "outcome": "sent"}),
        ("settle", {"month": "October", "channel": "email", "recipient": "a@acme.example", "outcome": "sent"}),
    ],
)
def test_the_form_rejects_what_the_flow_would(
    flow: str, parameters: dict[str, Any], profiles: Profiles, client: SyncPrefectClient
) -> None:
    profiles.write()
    profiles.deploy()

    with pytest.raises(PrefectHTTPStatusError, match="409"):
        client.create_flow_run_from_deployment(deployment_of(client, profiles, flow).id, parameters=parameters)


@pytest.mark.parametrize(
    ("flow", "parameters"),
    [
        ("monthly-report", {"month": "2026-09", "delivery": "preview", "profile": "acme"}),
        ("monthly-report", {"month": "last complete month"}),
        ("backfill", {"first": "2026-01"}),
        ("answer", {"answers": {"renew_token": {"answer": "done", "owner": "IT desk"}}, "withheld": "release"}),
        ("settle", {"month": "2026-10", "channel": "email", "recipient": "a@acme.example", "outcome": "sent"}),
        ("check", {}),
    ],
)
def test_the_form_accepts_a_month(
    flow: str, parameters: dict[str, Any], profiles: Profiles, client: SyncPrefectClient
) -> None:
    profiles.write()
    profiles.deploy()

    run = client.create_flow_run_from_deployment(deployment_of(client, profiles, flow).id, parameters=parameters)

    assert run.parameters == {"profile": "acme", **parameters}
    client.delete_flow_run(run.id)


def test_an_invalid_profile_is_reported_and_does_not_stop_the_others(profiles: Profiles) -> None:
    profiles.write()
    profiles.write('schedule = "0 7 31 * *"', file="late", name="late")
    (profiles.folder / "broken.toml").write_text("name = ", encoding="utf-8")

    exit_status, results, errors = profiles.deploy()

    assert (exit_status, results) == (2, all_of("created"))
    assert f"Profile {profiles.folder}/broken.toml: is not TOML" in errors
    assert f"Profile {profiles.folder}/late.toml: report would be late: 2027-01" in errors


def test_two_profiles_of_one_organization_are_rejected(profiles: Profiles) -> None:
    profiles.write()
    profiles.write(file="copy")

    exit_status, results, errors = profiles.deploy()

    assert (exit_status, results) == (2, {})
    assert errors.splitlines() == [
        f"Profile acme: has the same organization name as copy ({profiles.organization}). Use a unique name.",
        f"Profile copy: has the same organization name as acme ({profiles.organization}). Use a unique name.",
    ]
    assert profiles.deploy("--profile", "acme")[:2] == (2, {})


def test_the_named_profiles_are_deployed_and_the_example_is_not(profiles: Profiles, client: SyncPrefectClient) -> None:
    other = f"{profiles.organization}-2"
    profiles.write(file="example", name="example-organization")
    profiles.write(file="globex", name=other)
    elsewhere = profiles.folder.parent / "acme.toml"
    profiles.write().rename(elsewhere)

    assert profiles.deploy("--profile", str(elsewhere))[:2] == (0, all_of("created"))

    assert deployment_of(client, profiles).parameters == {"profile": str(elsewhere)}
    assert profiles.deploy("--profile", "globex", "--profile", str(elsewhere), "--work-pool", "second")[0] == 0
    assert client.read_deployment_by_name(f"monthly-report/{other}").work_pool_name == "second"


def test_one_schedule_replaces_those_of_the_profiles_until_that_is_undone(
    profiles: Profiles, client: SyncPrefectClient
) -> None:
    profiles.write()
    profiles.deploy()
    try:
        assert profiles.deploy("--fleet")[1] == all_of("unchanged", report="changed")
        assert deployment_of(client, profiles).schedules == []
        (hourly,) = client.read_deployment_by_name("due/fleet").schedules
        assert (hourly.active, str(hourly.schedule.cron)) == (True, "0 6-20 * * *")  # type: ignore[union-attr]
        assert profiles.deploy()[1] == all_of("unchanged")
    finally:
        result = profiles.deploy("--no-fleet")[1]

    assert result == all_of("unchanged", report="changed")
    assert len(deployment_of(client, profiles).schedules) == 1
    with pytest.raises(ObjectNotFound):
        client.read_deployment_by_name("due/fleet")


def test_a_folder_without_a_profile_is_reported(profiles: Profiles) -> None:
    profiles.write(file="example")
    exit_status, results, errors = profiles.deploy()
    assert (exit_status, results) == (2, {})
    assert errors == f"Folder {profiles.folder}: contains no profile. Write one with tabnine-report init.\n"


def test_an_orphaned_deployment_is_reported_and_deleted_only_on_request(
    profiles: Profiles, client: SyncPrefectClient
) -> None:
    profiles.write()
    profiles.deploy()
    (profiles.folder / "acme.toml").unlink()
    profiles.write(file="globex", name=uuid4().hex)

    assert profiles.deploy()[:2] == (0, all_of("ORPHANED"))
    assert deployment_of(client, profiles).name == profiles.organization
    assert profiles.deploy("--prune")[:2] == (0, all_of("deleted"))
    assert profiles.deploy()[:2] == (0, {})


def test_a_deployment_under_the_former_name_of_an_organization_is_orphaned(profiles: Profiles) -> None:
    profiles.write()
    profiles.deploy()
    profiles.write(name=uuid4().hex)

    assert profiles.deploy()[1] == all_of("ORPHANED")


def test_a_deployment_whose_profile_is_invalid_is_not_orphaned(profiles: Profiles) -> None:
    profiles.write()
    profiles.deploy()
    profiles.write("color = 1")

    exit_status, results, _ = profiles.deploy("--prune")

    assert (exit_status, results) == (2, {})
    profiles.write()
    assert profiles.deploy()[1] == all_of("unchanged")


def test_a_deployment_from_another_folder_is_never_deleted(
    profiles: Profiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    profiles.write()
    profiles.deploy()
    other = tmp_path / "other"
    other.mkdir()
    monkeypatch.setenv("TABNINE_REPORT_PROFILES", str(other))

    assert profiles.deploy("--prune")[1] == {}
    (profiles.folder / "acme.toml").unlink()
    assert profiles.deploy("--prune")[1] == all_of("ORPHANED")
