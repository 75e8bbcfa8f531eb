"""An admin answers a report with one form, and the next report states what was decided, and the result."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import httpx
import pytest
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import StateType
from prefect.settings import PREFECT_API_URL
from receivers import Webhook

from cli.main import status
from flows.answer import Answers, answer
from flows.monthly_report import monthly_report
from tabnine_report.analysis.rules.table import ACTIONS
from tabnine_report.archive import Archive
from tabnine_report.archive.verification import verify
from tabnine_report.deliver.send_decision import RecipientScope
from tabnine_report.model.answers import Note
from tabnine_report.model.month import Month
from tabnine_report.runs.answering import RecordedAnswers, Reply
from tasks.check_release import release_request

if TYPE_CHECKING:
    from tabnine_report.runs.result import RunResult

pytestmark = pytest.mark.usefixtures("_on_the_2nd")

SEPTEMBER = "2026-09"
CLOSE = Answers(reassign_inactive_accounts=Reply(answer="accepted", owner="IT desk", comment="Ask the leads first"))
DECISION = "reassign or deactivate inactive accounts (accepted, owner IT desk, “Ask the leads first”): "


def answers_in(artifacts: list[str]) -> list[str]:
    return [text for text in artifacts if text.partition("\n")[0].endswith(" · answers")]


def test_the_form_has_every_action_that_a_report_can_recommend() -> None:
    assert set(Answers.model_fields) == {rule.name for rule in ACTIONS}


async def test_the_next_report_states_what_was_decided_and_a_rerun_gives_the_same_report(
    write_profile: Callable[..., str], channel: Webhook, artifacts: list[str], tmp_path: Path
) -> None:
    profile = write_profile()
    september: RunResult = await monthly_report(profile, SEPTEMBER, "nobody")
    assert "reassign_inactive_accounts" in [action.rule for action in september.report.recommended_actions]
    others = {
        action.rule: Reply(answer="declined")
        for action in september.report.recommended_actions
        if action.rule != "reassign_inactive_accounts"
    }

    recorded: RecordedAnswers = await answer(profile, SEPTEMBER, answers=CLOSE.model_copy(update=others))
    october: RunResult = await monthly_report(profile)

    assert len(recorded.answers) == len(september.report.recommended_actions)
    assert "accepted on 2 November 2026 | IT desk | Ask the leads first |" in answers_in(artifacts)[0]
    assert "The report for October 2026 will state these answers" in answers_in(artifacts)[0]
    assert october.report.last_month_actions.title == "Decided on 2 November"
    sentences = [one.sentence for one in october.report.last_month_actions.statuses]
    assert [one for one in sentences if one.startswith(DECISION)]
    assert DECISION in channel.text()
    assert verify(Archive(tmp_path / "reports").bundle("acme", Month(2026, 10), 1)).is_verified

    declined = Answers(reassign_inactive_accounts=Reply(answer="declined"))
    late: RecordedAnswers = await answer(profile, SEPTEMBER, answers=declined)
    assert late.is_too_late
    assert "The report for October 2026 is already built." in answers_in(artifacts)[1]
    again: RunResult = await monthly_report(profile)
    assert again.report == october.report


async def test_a_note_of_the_form_takes_precedence_over_the_file_and_can_be_removed(
    write_profile: Callable[..., str], artifacts: list[str]
) -> None:
    profile = write_profile()
    notes = Path(profile).parent / "notes"
    notes.mkdir()
    (notes / "2026-10.md").write_text("From the file.", encoding="utf-8")
    await monthly_report(profile, delivery="nobody")

    await answer(profile, note="Warsaw joined\non 12 October.", your_name="J. B.")
    with_note: RunResult = await monthly_report(profile, delivery="nobody")
    await answer(profile, note="-")
    without: RunResult = await monthly_report(profile, delivery="nobody")

    assert (with_note.report.note, with_note.report.revision) == (
        Note(text="Warsaw joined on 12 October.", author="J. B."),
        2,
    )
    assert "Rerun the month" in answers_in(artifacts)[0]
    assert without.report.note == Note(text="From the file.")


async def test_bad_input_is_reported_in_a_sentence_and_nothing_is_recorded(
    write_profile: Callable[..., str], artifacts: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    """tests/tabnine_report/runs/test_answering.py has the other problems of the fields."""
    profile = write_profile()
    await monthly_report(profile, SEPTEMBER, "nobody")
    forms: list[tuple[str, dict[str, Any], str]] = [
        ("2026-08", {"answers": CLOSE}, "there is no report of 2026-08 for acme yet. Run the month first"),
        ("October", {"answers": CLOSE}, "October"),
        (SEPTEMBER, {"answers": Answers(renew_token=Reply(answer="done"))}, "does not recommend “create a new API"),
        (SEPTEMBER, {"answers": CLOSE, "note": "Hello.", "withheld": "release"}, "was reviewed without this note"),
    ]

    for month, form, problem in forms:
        state = await answer(profile, month, **form, return_state=True)
        assert state.type is StateType.FAILED
        assert problem in str(state.message)
        lines = artifacts[-1].replace("\\", "").split("\n\n")
        assert lines[0].endswith(f"answer to {month} · Failed")
        assert lines[2] == "The entries were rejected, or could not be recorded completely."
        assert problem in lines[4]

    assert "Traceback" not in caplog.text
    october: RunResult = await monthly_report(profile, delivery="nobody")
    assert not any(one.answer for one in october.report.last_month_actions.statuses)


async def test_a_release_without_a_deployment_is_reported_and_the_answers_are_recorded(
    write_profile: Callable[..., str], artifacts: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    profile = write_profile()
    await monthly_report(profile, SEPTEMBER, "nobody")

    state = await answer(profile, SEPTEMBER, answers=CLOSE, withheld="release", return_state=True)

    assert state.type is StateType.FAILED
    assert "There is no deployment monthly-report/acme" in str(state.message)
    assert "Traceback" not in caplog.text
    assert "accepted on 2 November 2026 | IT desk" in answers_in(artifacts)[0]
    assert "The answer is recorded, but the release was not started." in artifacts[-1]
    assert "    tabnine-report deploy" in artifacts[-1].splitlines()
    october: RunResult = await monthly_report(profile, delivery="nobody")
    assert any(one.answer for one in october.report.last_month_actions.statuses)


async def test_a_release_is_started_once_for_the_person_who_answered(
    write_profile: Callable[..., str], monkeypatch: pytest.MonkeyPatch, artifacts: list[str], admins: Webhook
) -> None:
    profile = write_profile(report='release = "after_approval"')
    monkeypatch.setenv("TABNINE_REPORT_PROFILES", str(Path(profile).parent))
    monkeypatch.setenv("PREFECT_API_URL", str(PREFECT_API_URL.value()))
    await monthly_report(profile, SEPTEMBER, return_state=True)
    assert "/run?parameters=" not in admins.text()
    assert status(["deploy"]) == 0
    await monthly_report(profile, return_state=True)
    (link,) = set(re.findall(r"http[^\s|>]*/run\?parameters=[^\s|>\"\\]*", admins.text()))

    # The first revision is withheld; the release of a later one is also for recipients of an earlier one.
    monkeypatch.setattr("tabnine_report.runs.release.scope_of_release", lambda _revision: RecipientScope.REVISED)
    await answer(profile, withheld="release", your_name="J. B.\0\x1b")

    async with get_client() as client:
        deployment = await client.read_deployment_by_name("monthly-report/acme")
        (run,) = [run for run in await client.read_flow_runs() if run.parameters.get("release") and run.deployment_id]
        form = await client.read_deployment_by_name("answer/acme")
        address, _, filled_in = link.partition("?parameters=")
        assert address.endswith(f"/deployments/deployment/{form.id}/run")
        assert json.loads(unquote(unquote(filled_in))) == {"profile": "acme", "month": "2026-10"}
        assert run.deployment_id == deployment.id
        assert run.parameters == {"profile": "acme", "month": "2026-10", "delivery": "revised", "release": True}
        assert release_request(run, run.created or run.expected_start_time).by.startswith("J. B. (")  # type: ignore[arg-type]
        assert str(run.id) in answers_in(artifacts)[0]
        for made in await client.read_deployments():
            if made.name == "acme":
                await client.delete_deployment(made.id)


async def test_a_release_that_cannot_be_started_is_reported_beside_the_recorded_answers(
    write_profile: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    profile = write_profile()
    await monthly_report(profile, SEPTEMBER, "nobody")

    def unreachable() -> None:
        raise httpx.ConnectError("hush")

    monkeypatch.setattr("flows.answer.get_client", unreachable)
    state = await answer(profile, SEPTEMBER, "release", answers=CLOSE, return_state=True)

    assert state.message == (
        "The answers are recorded, but the report is not released. "
        "The Prefect server did not create the run (ConnectError). Try again."
    )
