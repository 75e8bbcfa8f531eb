"""With `artifacts = "status"`, states, logs and artifacts in Prefect have no figure, no headline and no address."""

from collections.abc import Callable
from typing import Any

import pytest
from prefect.client.schemas.objects import StateType
from receivers import Mail, Webhook

from flows.backfill import backfill
from flows.monthly_report import monthly_report
from flows.settle import settle
from tabnine_report.sandbox.server import RunningSandbox
from tasks import publish_artifacts

READER = "cto@acme.example"
WriteProfile = Callable[..., str]
STATUS_ONLY = '[prefect]\nartifacts = "status"'

pytestmark = pytest.mark.usefixtures("_on_the_2nd")


@pytest.fixture
def artifacts(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the artifacts that are published from now on."""
    published: list[str] = []

    async def publish(**content: Any) -> None:
        published.append(str(content))

    monkeypatch.setattr(publish_artifacts, "acreate_markdown_artifact", publish)
    return published


def assert_no_details(*texts: object) -> None:
    for text in map(str, texts):
        assert "@acme.example" not in text
        assert "people used Tabnine" not in text
        assert "No such user" not in text
        assert "data:image" not in text


async def test_a_run_that_is_partly_delivered(
    write_profile: WriteProfile, mail: Mail, artifacts: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    mail.refused |= {"cfo@acme.example", "it-tools@acme.example"}

    state = await monthly_report(write_profile(more=STATUS_ONLY), return_state=True)

    assert state.name == "Partly delivered"
    assert "email: 1 rejected" in str(state.message)
    assert "The admins were not notified by email: rejected" in caplog.text
    assert len(artifacts) == 1
    assert_no_details(state.message, caplog.text, *artifacts)
    # The caller in the same process, such as the command line, receives everything.
    assert "cfo@acme.example" in str(await state.aresult(raise_on_failure=False))


async def test_a_backfill_whose_report_is_withheld_by_a_cross_check(
    write_profile: WriteProfile,
    sandbox: RunningSandbox,
    mail: Mail,
    artifacts: list[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    sandbox.faults.add("v1/organization/account-utilizations=400")
    mail.refused.add("it-tools@acme.example")
    profile = write_profile(more=STATUS_ONLY)

    state = await backfill("2026-09", "2026-09", profile, "undelivered", return_state=True)

    assert "is withheld. The notice to the admins and the archived report state the reason." in str(state.message)
    assert len(artifacts) == 2
    assert "is withheld" in artifacts[-1]
    assert_no_details(state.message, caplog.text, *artifacts)


async def test_the_settlement_of_a_delivery(
    write_profile: WriteProfile, artifacts: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    profile = write_profile(more=STATUS_ONLY)
    await monthly_report(profile)
    caplog.clear()
    artifacts.clear()

    states = [await settle("2026-10", "email", READER, "bounced", profile, return_state=True) for _ in range(2)]

    assert [state.type for state in states] == [StateType.COMPLETED, StateType.FAILED]
    assert len(artifacts) == 2
    assert_no_details(*(state.message for state in states), caplog.text, *artifacts)


async def test_the_admins_are_notified_before_the_artifacts_are_published(
    write_profile: WriteProfile, admins: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    notices: list[int] = []

    async def publish(**_: Any) -> None:
        notices.append(len(admins.payloads))

    monkeypatch.setattr(publish_artifacts, "acreate_markdown_artifact", publish)
    for settings in ({}, {"token": "another-token"}, {"more": "[targets]\nnonsense = 1"}):
        await monthly_report(write_profile(**settings), return_state=True)

    assert notices == [1, 2, 3]
