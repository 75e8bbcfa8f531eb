"""The profile decides which reports are withheld, and the reason says what is wrong with the report."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sample_report import sample_report

from tabnine_report.model.data_quality import CheckResult, CrossCheck, Severity
from tabnine_report.runs.context import RunContext, load_context
from tabnine_report.runs.release import withheld_reason

AT = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)


def run_with(folder: Path, report_settings: str) -> RunContext:
    path = folder / "acme.toml"
    path.write_text(
        'name = "acme"\ntime_zone = "Europe/Berlin"\n[usage_api]\nbase_url = "http://127.0.0.1:9"\n'
        f'token = "sandbox-token"\n[report]\n{report_settings}\n'
        '[admins]\nslack_webhook_url = "http://127.0.0.1:9/hush"\n[archive]\nledger_durable = true\n',
        encoding="utf-8",
    )
    return load_context(str(path), "2026-10", draft=False, at=AT, resolve=lambda _kind, _name: None)


@pytest.mark.parametrize(
    ("settings", "complete", "withheld"),
    [
        ("", False, False),
        ('when_incomplete = "hold"', True, False),
        ('when_incomplete = "hold"', False, True),
        ('release = "after_approval"', True, True),
    ],
)
def test_the_profile_decides_what_is_withheld(tmp_path: Path, settings: str, *, complete: bool, withheld: bool) -> None:
    assert bool(withheld_reason(run_with(tmp_path, settings), sample_report(complete=complete))) is withheld


def test_the_reason_for_an_incomplete_report_lists_the_endpoints_that_failed(tmp_path: Path) -> None:
    report = sample_report(complete=False)
    failure = {"state": "failed", "reason": "console.example answered 500."}
    first, second, *others = report.data_quality.data_sources
    endpoints = (first.model_copy(update=failure), second.model_copy(update=failure), *others)
    data_quality = report.data_quality.model_copy(update={"data_sources": endpoints})
    report = report.model_copy(update={"data_quality": data_quality})

    reason = withheld_reason(run_with(tmp_path, 'when_incomplete = "hold"'), report)
    assert reason.startswith(
        f"The report is incomplete: {report.data_quality.summary} No complete response from: organization, teams"
    )
    assert reason.endswith("First failure: console.example answered 500.")


def test_a_failed_check_of_severity_hold_withholds_a_complete_report(tmp_path: Path) -> None:
    report = sample_report(complete=True)
    check = CrossCheck(
        name="No figure collapsed", result=CheckResult.DIFFERS, sentence="People from 36 to 3.", severity=Severity.HOLD
    )
    data_quality = report.data_quality.model_copy(update={"checks": (check,)})
    report = report.model_copy(update={"data_quality": data_quality})

    reason = withheld_reason(run_with(tmp_path, 'when_incomplete = "hold"'), report)
    assert reason == "The report looks wrong: People from 36 to 3."
    assert withheld_reason(run_with(tmp_path, 'when_incomplete = "mark"'), report) == ""
