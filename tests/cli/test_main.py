"""The command line says what is wrong in one sentence and an exit status, before anything slow begins."""

import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sample_report import sample_report

from cli.main import exit_status, sentence, status
from tabnine_report.archive import Archive
from tabnine_report.deliver.ledger.ledger import Claim, Ledger
from tabnine_report.deliver.recipients import DeliveryRequest, RecipientScope
from tabnine_report.model.data_quality import RevisionChanges
from tabnine_report.model.errors import ArchiveError, DeliveryError, MonthError, SettingsError
from tabnine_report.model.month import Month


@pytest.fixture
def profile(tmp_path: Path) -> str:
    path = tmp_path / "acme.toml"
    path.write_text(
        'name = "acme"\ntime_zone = "Europe/Berlin"\n'
        '[usage_api]\nbase_url = "http://127.0.0.1:9"\ntoken = "${ACME_TOKEN}"\n'
        "[archive]\nledger_durable = true\n",
        encoding="utf-8",
    )
    return str(path)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (SettingsError("x", ["y"]), 2),
        (MonthError("x"), 2),
        (DeliveryError("x"), 3),
        (ArchiveError("x"), 1),
        (RuntimeError("x"), 1),
    ],
)
def test_each_error_has_its_exit_status(error: Exception, expected: int) -> None:
    assert exit_status(error) == expected


def test_a_foreign_errors_text_is_not_shown_because_it_may_hold_a_secret() -> None:
    assert "hush" not in sentence(RuntimeError("https://hooks.example/hush"))


@pytest.mark.parametrize(
    "arguments",
    [
        ["frobnicate"],
        ["settle", "--profile", "x", "--as", "lost"],
        ["run"],
        ["run", "--profile"],
        ["run", "--profile", "x", "--delivery", "all"],
        ["--nope"],
    ],
)
def test_wrong_usage_is_status_2_and_names_the_help(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert status(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "tabnine-report --help" in captured.err


@pytest.mark.parametrize("command", ["run", "check", "history"])
def test_a_missing_variable_is_status_2_and_named(
    command: str, profile: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status([command, "--profile", profile]) == 2
    assert "usage_api.token needs the environment variable ACME_TOKEN" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("month", "said"), [("2999-01", "has not begun yet"), ("October", "write it as YYYY-MM"), ("2026-13", "no")]
)
def test_an_impossible_month_is_status_2(
    month: str, said: str, profile: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACME_TOKEN", "sandbox-token")
    assert status(["run", "--profile", profile, "--month", month]) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("token", "expected", "said"),
    [
        ("sandbox-token", 1, "The Prefect server that PREFECT_API_URL names does not answer; start it"),
        ("${secret:acme-token}", 2, "The secret acme-token: cannot be looked up (ConnectError)"),
    ],
)
def test_a_prefect_server_that_is_not_there_is_said(  # noqa: PLR0917 - fixtures and a table
    token: str, expected: int, said: str, profile: str, unused_tcp_port: int, tmp_path: Path
) -> None:
    path = Path(profile)
    path.write_text(path.read_text(encoding="utf-8").replace("${ACME_TOKEN}", token), encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, "-c", "from cli.main import main; main()", "run", "--profile", profile],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PREFECT_HOME": str(tmp_path), "PREFECT_API_URL": f"http://127.0.0.1:{unused_tcp_port}/api"},
    )
    assert (ran.returncode, ran.stdout) == (expected, "")
    assert ran.stderr.count("\n") == 1
    assert ran.stderr.startswith(said)


def test_history_of_an_organization_without_reports_says_so(
    profile: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACME_TOKEN", "sandbox-token")
    assert status(["history", "--profile", profile]) == 0
    assert capsys.readouterr().out == "No report of acme has been made yet.\n"


def test_history_as_json_is_the_same_in_a_shape_of_its_own(
    profile: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACME_TOKEN", "sandbox-token")
    assert status(["history", "--profile", profile, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"history_version": 1, "organization": "acme", "months": []}


def test_history_says_what_a_revision_changed(
    profile: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACME_TOKEN", "sandbox-token")
    said = "Figures changed since revision 1: Active users 412 (previously 409)."
    for revision, revision_changes in ((1, None), (2, RevisionChanges(revision=1, sentence=said, figures=()))):
        report = sample_report(revision=revision, revision_changes=revision_changes)
        content = json.dumps(report.model_dump(mode="json")).encode()
        Archive(tmp_path / "reports").seal("acme", Month(2026, 10), revision, {"report.json": content}, {}, {})
    assert status(["history", "--profile", profile]) == 0
    out = capsys.readouterr().out
    assert "2026-10  r1, r2" in out
    assert out.splitlines()[-1] == f"2026-10 r2  {said}"


def test_the_help_says_what_each_command_does() -> None:
    """Seen in a process of its own, in which no command has been imported yet."""
    program = [sys.executable, "-c", "from cli.main import main; main()", "--help"]
    shown = subprocess.run(program, capture_output=True, text=True, check=True).stdout
    for name, first_words in {
        "demo": "Make the report of an invented organization",
        "run": "Make one month's report and deliver it",
        "check": "Try everything that a run will need",
        "render": "Make the documents of a bundle again",
        "history": "Show the months",
        "settle": "Settle an unknown delivery",
        "sandbox": "Serve a synthetic organization's usage",
    }.items():
        assert re.search(rf"{name} +{first_words}", shown)
    assert "--debug" in shown


def test_a_port_that_is_none_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["sandbox", "--port", "99999"]) == 2
    assert "65535" in capsys.readouterr().err


def test_history_shows_every_address_whole_where_nobody_watches(
    profile: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACME_TOKEN", "sandbox-token")
    address = f"{'a' * 60}@acme.example"
    at = datetime(2026, 11, 2, 6, tzinfo=UTC)
    ledger = Ledger(f"sqlite:///{tmp_path / 'reports/ledger.db'}", clock=lambda: at)
    assert isinstance(
        ledger.claim(DeliveryRequest("acme", "2026-10", 1, RecipientScope.UNDELIVERED, at), "email", address), Claim
    )
    assert status(["history", "--profile", profile]) == 0
    _, row = capsys.readouterr().out.splitlines()
    cells = ["2026-10", "none", "email", address, "0", "claimed", "r1", "2", "November", "2026,", "07:00"]
    assert row.split() == cells


def test_render_of_something_that_is_no_bundle_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["render", str(tmp_path), "--output", str(tmp_path / "out")]) == 1
    assert "is not a bundle" in capsys.readouterr().err


def test_an_error_is_one_sentence_without_a_traceback_for_a_real_process(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", "from cli.main import main; main()", "run", "--profile", str(tmp_path / "none.toml")],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PREFECT_HOME": str(tmp_path)},
    )
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.count("\n") == 1
    assert ran.stderr.startswith(f"Profile {tmp_path}/none.toml: there is no file")
