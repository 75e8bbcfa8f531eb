"""A backfill builds a range of months, oldest first; a month that fails does not stop the others."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from prefect.artifacts import Artifact
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterParentFlowRunId
from prefect.client.schemas.objects import StateType
from prefect.flow_engine import run_flow_async
from receivers import Mail, Webhook

from flows.backfill import backfill
from tabnine_report.archive import Archive
from tabnine_report.model.errors import MonthError, ReportingError
from tabnine_report.model.month import Month
from tabnine_report.runs.context import MONTH_OR_LAST_PATTERN, MONTH_PATTERN
from tabnine_report.sandbox.server import RunningSandbox

WriteProfile = Callable[..., str]

pytestmark = pytest.mark.usefixtures("_on_the_2nd")


async def test_each_month_is_built_oldest_first_and_not_delivered(
    write_profile: WriteProfile, mail: Mail, channel: Webhook, admins: Webhook, tmp_path: Path
) -> None:
    state = await backfill("2026-08", "2026-09", write_profile(), return_state=True)

    assert (state.type, state.message) == (StateType.COMPLETED, "2 months: 2 archived.")
    assert await state.aresult() == {"2026-08": "Archived", "2026-09": "Archived"}
    artifact = await Artifact.aget("backfill-acme")
    assert artifact is not None
    assert str(artifact.data).splitlines()[-2:] == [r"| 2026\-08 | Archived |  |", r"| 2026\-09 | Archived |  |"]
    assert (mail.messages, channel.payloads, admins.payloads) == ([], [], [])
    september = Archive(tmp_path / "reports").bundle("acme", Month(2026, 9), 1)
    assert [prior.month for prior in september.prior_reports().months] == ["2026-08"]


async def test_a_failed_month_is_reported_and_the_others_are_built(
    write_profile: WriteProfile, sandbox: RunningSandbox, admins: Webhook, artifacts: list[str], tmp_path: Path
) -> None:
    sandbox.faults.add("organization=400*1")
    with pytest.raises(ReportingError, match=r"^2 months: 1 failed, 1 archived\.\n2026-08: .*400"):
        await backfill("2026-08", "2026-09", write_profile())
    assert "the run for August 2026 failed" in admins.text()
    assert re.search(r"^\| 2026\\-08 \| Failed \| .*400", artifacts[-1], re.MULTILINE)
    assert "**What to do**" in artifacts[-1]
    assert Archive(tmp_path / "reports").list_revisions("acme") == [(Month(2026, 9), 1)]


@pytest.mark.parametrize(
    ("first", "last", "message"),
    [
        ("2026-09", "2026-08", "no months"),
        ("2026-09", "2026-11", "still open"),
        ("2020-01", "last complete month", "82 months"),
        ("August", "2026-09", "is not a month"),
    ],
)
async def test_an_impossible_range_is_rejected_before_the_first_request(
    write_profile: WriteProfile, sandbox: RunningSandbox, first: str, last: str, message: str
) -> None:
    with pytest.raises(MonthError, match=message):
        await backfill(first, last, write_profile())
    assert sandbox.requests.entries == []


def test_the_form_describes_each_parameter() -> None:
    properties = json.loads(backfill.parameters.model_dump_json())["properties"]
    assert list(properties) == ["first", "last", "profile", "delivery"]
    assert all(parameter["description"] for parameter in properties.values())
    assert properties["delivery"]["default"] == "nobody"
    assert (properties["first"]["pattern"], properties["last"]["pattern"]) == (MONTH_PATTERN, MONTH_OR_LAST_PATTERN)


async def test_the_runs_of_the_months_have_the_tags_of_the_backfill(write_profile: WriteProfile) -> None:
    tags = ["tabnine-report", "organization:acme", "edition:executive"]
    parameters = {"first": "2026-09", "last": "2026-09", "profile": write_profile()}
    async with get_client() as client:
        run = await client.create_flow_run(backfill, parameters=parameters, tags=tags)
        await run_flow_async(backfill, flow_run=run, parameters=parameters)
        of_backfill = FlowRunFilter(parent_flow_run_id=FlowRunFilterParentFlowRunId(any_=[run.id]))
        (child,) = await client.read_flow_runs(flow_run_filter=of_backfill)
    assert sorted(child.tags) == sorted(tags)
