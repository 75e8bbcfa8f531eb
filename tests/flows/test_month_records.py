"""Each run records the status of its month in the ledger, regardless of how it ends."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.settings import PREFECT_API_URL, temporary_settings
from receivers import Mail, Webhook

from flows.monthly_report import monthly_report
from flows.running.termination import notify_of_crash
from flows.watching.watch_round import watch_profiles
from tabnine_report.deliver.ledger.month_records import MonthRecord
from tabnine_report.model.errors import LedgerError
from tabnine_report.runs import clock
from tabnine_report.runs.storage import month_records_of
from tabnine_report.sandbox.server import RunningSandbox
from tasks.read_profile import open_ledger_profile

pytestmark = pytest.mark.usefixtures("_on_the_2nd")
AT = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)
WriteProfile = Callable[..., str]


def recorded(profile: str) -> MonthRecord:
    (record,) = month_records_of(open_ledger_profile(profile)).read_all()
    return record


async def run(profile: str, **options: object) -> State[object]:
    state: State[object] = await monthly_report(profile, return_state=True, **options)
    return state


async def test_a_month_fails_then_is_withheld_then_sent_and_stays_so(
    write_profile: WriteProfile, sandbox: RunningSandbox
) -> None:
    sandbox.faults.add("organization=401")
    await run(write_profile())
    failed = recorded(write_profile())
    assert (failed.month, failed.state, failed.revision) == ("2026-10", "failed", None)
    assert failed.reason == "The API token was rejected."

    sandbox.faults.clear()
    sandbox.faults.add("license=403")
    profile = write_profile(report='when_incomplete = "hold"')
    await run(profile)
    withheld = recorded(profile)
    assert (withheld.state, withheld.revision, bool(withheld.reason)) == ("withheld", 1, True)

    sandbox.faults.clear()
    await run(profile)
    sent = recorded(profile)
    assert (sent.state, sent.revision, sent.reason) == ("sent", 2, "")
    assert sent.digest

    await run(profile, delivery="preview")
    await run(profile, month="2026-10", draft=True)
    assert recorded(profile) == sent


async def test_a_run_without_its_token_is_recorded(write_profile: WriteProfile) -> None:
    profile = write_profile(token="${A_TOKEN_NOT_SET}")
    await run(profile)

    assert recorded(profile).state == "failed"
    assert "needs the environment variable A_TOKEN_NOT_SET, which is not set." in recorded(profile).reason


async def test_a_stopped_run_is_recorded(write_profile: WriteProfile) -> None:
    stopped = FlowRun(flow_id=uuid4(), parameters={"profile": write_profile()}, expected_start_time=AT)
    await notify_of_crash(monthly_report, stopped, State(type=StateType.CRASHED))

    assert recorded(write_profile()).reason == "The run was stopped, or its process ended, before it was complete."


async def test_the_watchdog_does_not_repeat_the_notice_of_a_stopped_run_on_the_due_day(
    write_profile: WriteProfile, admins: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    profile = write_profile(admins=f'[admins]\nslack_webhook_url = "{admins.url}"')
    with (
        clock.rehearse(datetime(2026, 11, 5, 6, 0, tzinfo=UTC)),
        temporary_settings(restore_defaults={PREFECT_API_URL}),
    ):
        stopped = FlowRun(flow_id=uuid4(), parameters={"profile": profile}, expected_start_time=AT)
        await notify_of_crash(monthly_report, stopped, State(type=StateType.CRASHED))
        (told,) = admins.payloads
        await asyncio.to_thread(watch_profiles, [profile])
    assert admins.payloads == [told]


async def test_a_run_does_not_fail_because_its_end_cannot_be_recorded(
    write_profile: WriteProfile, mail: Mail, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise LedgerError("The ledger cannot be used.")

    monkeypatch.setattr("tabnine_report.deliver.ledger.month_records.MonthRecords.record", fail)
    state = await run(write_profile())

    assert state.name == "Sent"
    assert Path(write_profile()).parent.joinpath("outbox").exists()
    assert "cto@acme.example" in mail.recipients()
