"""A notice links to the forms in Prefect with which an admin can act now, with the month filled in."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote
from uuid import UUID

import pytest
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.settings import PREFECT_API_URL
from receivers import Mail, Webhook

from cli.main import status
from flows.monthly_report import monthly_report
from flows.running.termination import notify_of_crash

WriteProfile = Callable[..., str]
READER = "cfo@acme.example"

pytestmark = pytest.mark.usefixtures("_on_the_2nd")


@pytest.fixture
def client() -> Iterator[SyncPrefectClient]:
    with get_client(sync_client=True) as client:
        yield client


@pytest.fixture
def write_deployed(
    write_profile: WriteProfile, client: SyncPrefectClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[WriteProfile]:
    """Return a function that writes the profile, whose flows are deployed."""
    monkeypatch.setenv("TABNINE_REPORT_PROFILES", str(tmp_path))
    monkeypatch.setenv("PREFECT_API_URL", str(PREFECT_API_URL.value()))
    write_profile()
    assert status(["deploy"]) == 0
    yield write_profile
    for made in client.read_deployments():
        if made.name == "acme":
            client.delete_deployment(made.id)


def forms_in(text: str, client: SyncPrefectClient) -> dict[str, dict[str, str]]:
    """Return what the forms of a notice are filled in with, by the flow."""
    forms = {}
    for deployment, entries in re.findall(r"/deployments/deployment/([0-9a-f-]+)/run\?parameters=([\w%.-]+)", text):
        flow = client.read_flow(client.read_deployment(UUID(deployment)).flow_id)
        forms[flow.name] = json.loads(unquote(unquote(entries)))
    return forms


OCTOBER = {"profile": "acme", "month": "2026-10"}


async def test_a_failed_run_links_to_the_form_that_runs_the_month_again(
    write_deployed: WriteProfile, admins: Webhook, client: SyncPrefectClient
) -> None:
    await monthly_report(write_deployed(token="another"), return_state=True)

    assert "Run the month again:" in admins.text()
    assert forms_in(admins.text(), client) == {"monthly-report": OCTOBER}


@pytest.mark.parametrize(("month", "filled_in"), [("2026-09", {"month": "2026-09"}), ("September", {})])
async def test_a_run_that_cannot_start_links_to_it_too_and_fills_in_only_a_month(
    write_deployed: WriteProfile, admins: Webhook, client: SyncPrefectClient, month: str, filled_in: dict[str, str]
) -> None:
    await monthly_report(write_deployed(more="[targets]\nnonsense = 1"), month, return_state=True)

    assert forms_in(admins.text(), client) == {"monthly-report": {"profile": "acme"} | filled_in}


async def test_a_rejected_and_an_unconfirmed_delivery_have_the_forms_to_send_and_to_settle_them(
    write_deployed: WriteProfile, admins: Webhook, mail: Mail, client: SyncPrefectClient
) -> None:
    mail.unconfirmed.add(READER)
    state = await monthly_report(write_deployed(), return_state=True)

    assert state.name == "Unconfirmed"
    assert forms_in(admins.text(), client) == {"settle": OCTOBER, "answer": OCTOBER}

    admins.payloads.clear()
    mail.refused.add("cto@acme.example")
    await monthly_report(write_deployed(), "2026-09", return_state=True)

    assert list(forms_in(admins.text(), client)) == ["monthly-report", "settle", "answer"]


async def test_a_stopped_run_does_not_wait_for_the_prefect_server_to_name_a_form(
    write_deployed: WriteProfile, admins: Webhook, client: SyncPrefectClient
) -> None:
    profile = write_deployed()
    flow_run = client.create_flow_run(monthly_report, parameters={"profile": profile})

    assert flow_run.state is not None
    await notify_of_crash(monthly_report, flow_run, flow_run.state)

    assert "The run was stopped, or its process ended" in admins.text()
    assert forms_in(admins.text(), client) == {}
