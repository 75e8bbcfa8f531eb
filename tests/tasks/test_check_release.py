"""A withheld report is released by a run that a person started, after the admins received its preview."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from prefect.client.schemas.objects import FlowRun
from prefect.context import FlowRunContext
from sample_report import sample_report

from tabnine_report.runs.context import RunContext
from tabnine_report.runs.release import record_preview
from tasks.check_release import check_release
from tasks.read_profile import open_run

AT = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)
BY_A_PERSON = FlowRun(flow_id=uuid4())
BY_THE_SCHEDULE = FlowRun(flow_id=uuid4(), auto_scheduled=True)
BY_AN_AUTOMATION = FlowRun.model_validate({"flow_id": uuid4(), "created_by": {"type": "AUTOMATION"}})
BY_A_BACKFILL = FlowRun(flow_id=uuid4(), parent_task_run_id=uuid4())


@pytest.fixture
def run(tmp_path: Path) -> RunContext:
    path = tmp_path / "acme.toml"
    path.write_text(
        'name = "acme"\ntime_zone = "Europe/Berlin"\n[usage_api]\nbase_url = "http://127.0.0.1:9"\n'
        'token = "sandbox-token"\n[report]\nrelease = "after_approval"\n'
        '[admins]\nslack_webhook_url = "http://127.0.0.1:9/hush"\n[archive]\nledger_durable = true\n',
        encoding="utf-8",
    )
    return open_run(str(path), "2026-10", draft=False, at=AT)


async def is_released(run: RunContext, flow_run: FlowRun, revision: int = 1) -> bool:
    # Only the flow run of the context matters here.
    with FlowRunContext.model_construct(flow_run=flow_run):  # type: ignore[call-arg]
        reason: str = await check_release.fn(run, sample_report(), revision)
    return not reason


async def test_a_revision_is_released_only_after_the_admins_received_its_preview(run: RunContext) -> None:
    assert not await is_released(run, BY_A_PERSON)

    record_preview(run, 1)

    assert await is_released(run, BY_A_PERSON)
    assert not await is_released(run, BY_A_PERSON, revision=2)


@pytest.mark.parametrize(
    "flow_run", [BY_THE_SCHEDULE, BY_AN_AUTOMATION, BY_A_BACKFILL], ids=["schedule", "automation", "backfill"]
)
async def test_a_run_that_no_person_started_releases_nothing(run: RunContext, flow_run: FlowRun) -> None:
    record_preview(run, 1)

    assert not await is_released(run, flow_run)
