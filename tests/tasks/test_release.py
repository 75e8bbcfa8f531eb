"""A report that is held is released by a person who started the run, and only once the admins were shown it."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from prefect.client.schemas.objects import CreatedBy, FlowRun
from prefect.context import FlowRunContext
from sample_report import sample_report

from tabnine_report.model.data_quality import CheckResult, CrossCheck, Severity
from tasks.release import held_because, is_released, note_shown
from tasks.run import Run, begin

AT = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)
BY_A_PERSON = FlowRun(flow_id=uuid4())
BY_THE_SCHEDULE = FlowRun(flow_id=uuid4(), auto_scheduled=True)
BY_AN_AUTOMATION = FlowRun(flow_id=uuid4(), created_by=CreatedBy(type="AUTOMATION"))

BY_A_BACKFILL = FlowRun(flow_id=uuid4(), parent_task_run_id=uuid4())


def begun(folder: Path, report: str = "") -> Run:
    path = folder / "acme.toml"
    path.write_text(
        'name = "acme"\ntime_zone = "Europe/Berlin"\n[usage_api]\nbase_url = "http://127.0.0.1:9"\n'
        f'token = "sandbox-token"\n[report]\n{report}\n[admins]\nslack_webhook_url = "http://127.0.0.1:9/hush"\n'
        "[archive]\ndurable = true\n",
        encoding="utf-8",
    )
    return begin(str(path), "2026-10", draft=False, at=AT)


async def released(run: Run, by: FlowRun, revision: int = 1) -> bool:
    with FlowRunContext.model_construct(flow_run=by):
        return await is_released(run, revision)


async def test_nobody_releases_what_the_admins_were_not_shown(tmp_path: Path) -> None:
    run = begun(tmp_path)
    assert not await released(run, BY_A_PERSON)

    await note_shown(run, 1)

    assert await released(run, BY_A_PERSON)
    assert not await released(run, BY_A_PERSON, revision=2)


@pytest.mark.parametrize(
    "by", [BY_THE_SCHEDULE, BY_AN_AUTOMATION, BY_A_BACKFILL], ids=["schedule", "automation", "backfill"]
)
async def test_a_run_that_no_person_started_releases_nothing(tmp_path: Path, by: FlowRun) -> None:
    run = begun(tmp_path)
    await note_shown(run, 1)

    assert not await released(run, by)


@pytest.mark.parametrize(
    ("settings", "complete", "held"),
    [
        ("", False, False),
        ('when_incomplete = "hold"', True, False),
        ('when_incomplete = "hold"', False, True),
        ('release = "after_approval"', True, True),
    ],
)
def test_what_the_profile_says_decides_what_is_held(
    tmp_path: Path, settings: str, *, complete: bool, held: bool
) -> None:
    assert bool(held_because(begun(tmp_path, settings), sample_report(complete=complete))) is held


def test_an_incomplete_report_says_which_endpoints_gave_no_whole_answer(tmp_path: Path) -> None:
    report = sample_report(complete=False)
    fails = {"state": "failed", "reason": "console.example answered 500."}
    first, second, *others = report.data_quality.data_sources
    lines = (first.model_copy(update=fails), second.model_copy(update=fails), *others)
    report = report.model_copy(update={"data_quality": report.data_quality.model_copy(update={"data_sources": lines})})

    held = held_because(begun(tmp_path, 'when_incomplete = "hold"'), report)
    assert held.startswith(
        f"The report is incomplete: {report.data_quality.summary} Without a whole answer: organization, teams"
    )
    assert held.endswith("The first one because: console.example answered 500.")


def test_a_check_that_holds_keeps_a_complete_report_back_with_its_sentence(tmp_path: Path) -> None:
    report = sample_report(complete=True)
    check = CrossCheck(
        name="No sudden drop", result=CheckResult.DIFFERS, sentence="People from 36 to 3.", severity=Severity.HOLD
    )
    report = report.model_copy(update={"data_quality": report.data_quality.model_copy(update={"checks": (check,)})})

    held = held_because(begun(tmp_path, 'when_incomplete = "hold"'), report)
    assert held == "The report looks wrong: People from 36 to 3."
    assert held_because(begun(tmp_path, 'when_incomplete = "mark"'), report) == ""
