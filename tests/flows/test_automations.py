"""`deploy` makes automations that start the watchdog; a second time changes nothing, and no normal run triggers one."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.events.actions import DoNothing, RunDeployment
from prefect.events.schemas.automations import Automation, AutomationCore, EventTrigger
from prefect.server.events.schemas.automations import EventTrigger as ServerTrigger
from prefect.server.events.schemas.events import ReceivedEvent

from cli.main import status
from flows.deploying.automations import deploy_automations
from flows.deploying.deployments import WORK_POOL, create_work_pool, deploy_watchdog
from tabnine_report.runs.status import RunStatus

pytestmark = pytest.mark.usefixtures("_prefect")

LATE, ENDED, SILENT = (f"tabnine-report: {what}" for what in ("late runs", "failed or crashed runs", "silent runs"))


@pytest.fixture
def client() -> Iterator[SyncPrefectClient]:
    with get_client(sync_client=True) as client:
        create_work_pool(client, WORK_POOL)
        deploy_watchdog(client, WORK_POOL)
        # Other tests of `deploy` leave theirs on the server.
        for automation in client.read_automations():
            client.delete_automation(automation.id)
        yield client
        for automation in client.read_automations():
            client.delete_automation(automation.id)


def deploy(client: SyncPrefectClient) -> dict[str, str]:
    return {each.name: each.outcome for each in deploy_automations(client)}


def automations(client: SyncPrefectClient) -> dict[str, Automation]:
    return {each.name: each for each in client.read_automations()}


def test_all_start_the_watchdog_and_deploying_again_changes_nothing(client: SyncPrefectClient) -> None:
    assert deploy(client) == dict.fromkeys((LATE, ENDED, SILENT), "created")
    before = automations(client)
    assert deploy(client) == dict.fromkeys((LATE, ENDED, SILENT), "unchanged")
    assert automations(client) == before
    watchdog = client.read_deployment_by_name("watch/tabnine-report").id
    for automation in before.values():
        (action,) = automation.actions
        assert isinstance(action, RunDeployment)
        assert (action.deployment_id, automation.enabled) == (watchdog, True)


def test_a_change_is_overwritten_but_a_disabled_one_stays_disabled(
    client: SyncPrefectClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    deploy(client)
    late = automations(client)[LATE]
    client.pause_automation(late.id)
    assert deploy(client)[LATE] == "unchanged"
    changed = late.model_dump(exclude={"id", "owner_resource"}) | {"enabled": False, "description": "Mine."}
    client.update_automation(late.id, AutomationCore(**changed))

    monkeypatch.setenv("TABNINE_REPORT_PROFILES", str(tmp_path))
    api = '[usage_api]\nbase_url = "https://console.tabnine.com"\ntoken = "${UNSET}"\n'
    profile = f'name = "{uuid4().hex}"\ntime_zone = "UTC"\n{api}'
    (tmp_path / "acme.toml").write_text(profile, encoding="utf-8")
    assert status(["deploy"]) == 0
    (row,) = (line for line in capsys.readouterr().out.splitlines() if LATE in line)
    assert row.removeprefix(LATE).split() == ["changed", "by", "event", "disabled"]
    assert automations(client)[LATE] == late.model_copy(update={"enabled": False})


def test_one_of_an_earlier_version_is_deleted_and_one_of_a_person_stays(client: SyncPrefectClient) -> None:
    for name in ("tabnine-report: former", "Page me"):
        trigger = EventTrigger(expect={"tabnine-report.failed"})
        client.create_automation(
            AutomationCore(name=name, tags=["tabnine-report"], trigger=trigger, actions=[DoNothing()])
        )
    assert deploy(client)["tabnine-report: former"] == "deleted"
    assert set(automations(client)) == {LATE, ENDED, SILENT, "Page me"}


def covers(trigger: ServerTrigger, flow: str = "monthly-report", tag: str = "tabnine-report") -> bool:
    """Return whether a trigger is about a flow run with this flow and this tag."""
    event = ReceivedEvent(
        occurred=datetime.now(UTC),
        event="prefect.flow-run.Crashed",
        resource={"prefect.resource.id": f"prefect.flow-run.{uuid4()}"},
        related=[
            {"prefect.resource.id": f"prefect.flow.{uuid4()}", "prefect.resource.role": "flow"}
            | {"prefect.resource.name": flow},
            {"prefect.resource.id": f"prefect.tag.{tag}", "prefect.resource.role": "tag"},
        ],
        id=uuid4(),
    )
    return trigger.covers_resources(event.resource, event.related)


def triggers(client: SyncPrefectClient) -> dict[str, ServerTrigger]:
    deploy(client)
    return {
        name: ServerTrigger.model_validate(automation.trigger.model_dump(mode="json"))
        for name, automation in automations(client).items()
    }


def test_only_reports_of_this_program_are_covered(client: SyncPrefectClient) -> None:
    for trigger in triggers(client).values():
        assert covers(trigger)
        assert not covers(trigger, flow="watch")
        assert not covers(trigger, tag="another-team")


def test_a_normal_run_triggers_nothing_and_every_end_silences_the_heartbeat(client: SyncPrefectClient) -> None:
    late, ended, silent = (triggers(client)[name] for name in (LATE, ENDED, SILENT))
    assert late.starts_after("prefect.flow-run.Late")
    for state in ("Pending", "Running"):
        assert late.expects(f"prefect.flow-run.{state}")
        assert not silent.expects(f"prefect.flow-run.{state}")
    assert silent.starts_after("prefect.flow-run.heartbeat")
    for state in ("heartbeat", "Completed", "Cancelled", *(each.label for each in RunStatus)):  # codespell:ignore
        assert silent.expects(f"prefect.flow-run.{state}")
        assert ended.expects(f"prefect.flow-run.{state}") is (state in {"Failed", "Crashed"})
