"""A release is requested by the user of the command line, or by the person who started the run in Prefect."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from prefect.client.schemas.objects import FlowRun
from prefect.context import FlowRunContext
from sample_report import sample_report

from tabnine_report.runs import clock
from tabnine_report.runs.context import RunContext
from tabnine_report.runs.release import operating_system_user, record_preview
from tasks.check_release import check_release, release_request
from tasks.read_profile import open_run

AT = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)
CREATED = AT - timedelta(minutes=5)


def flow_run(**values: Any) -> FlowRun:
    return FlowRun.model_validate({"flow_id": uuid4(), "name": "acme · 2026-10", "created": CREATED, **values})


def deployed(**values: Any) -> FlowRun:
    return flow_run(deployment_id=uuid4(), **values)


def created_by(kind: str, name: str | None = "Ann") -> dict[str, Any]:
    return {"created_by": {"type": kind, "display_value": name}}


@pytest.mark.parametrize(
    ("run", "by"),
    [
        (None, operating_system_user()),
        (flow_run(), operating_system_user()),
        (deployed(**created_by("USER")), "Ann in Prefect"),
        (deployed(), "a run in Prefect, acme · 2026-10 ("),
        (deployed(**created_by("USER", None)), "a run in Prefect, acme · 2026-10 ("),
        (flow_run(parent_task_run_id=uuid4()), "a run in Prefect, acme · 2026-10 ("),
    ],
    ids=["no run", "command line", "known user", "deployment", "unknown user", "another flow"],
)
def test_a_request_names_who_made_it(run: FlowRun | None, by: str) -> None:
    request = release_request(run, AT)

    assert request.by.startswith(by)
    assert not request.is_automatic
    if "a run in Prefect" in by and run is not None:
        assert request.by.endswith(f"({run.id})")


@pytest.mark.parametrize(
    "values",
    [{"auto_scheduled": True}, created_by("SCHEDULE"), created_by("AUTOMATION")],
    ids=lambda value: next(iter(value)),
)
def test_a_schedule_or_an_automation_is_recognized(values: dict[str, Any]) -> None:
    assert release_request(deployed(**values), AT).is_automatic


def test_a_request_is_made_when_the_run_is_created_even_if_prefect_retries_it_later() -> None:
    assert release_request(deployed(), AT).at == CREATED
    assert release_request(deployed(created=None), AT).at == AT
    with clock.rehearse(AT):
        assert release_request(deployed(), AT).at == AT


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


async def test_a_run_releases_only_if_it_was_started_to_release_and_after_the_preview(run: RunContext) -> None:
    record_preview(run, 1)
    previewed = clock.now()
    report = sample_report()
    retried, requested = deployed(created=previewed - timedelta(hours=1)), deployed(created=previewed)
    # Only the flow run of the context matters here.
    for current, release, is_released in (
        (requested, False, False),
        (retried, True, False),
        (requested, True, True),
    ):
        with FlowRunContext.model_construct(flow_run=current):  # type: ignore[call-arg]
            decision = await check_release.fn(run, report, AT, release)
        assert (decision.reason == "") is is_released
