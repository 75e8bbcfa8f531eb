"""The command line reports errors in one message and an exit status, before anything slow starts."""

import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from profile_file import write_profile
from receivers import Webhook
from sample_report import sample_report

from cli.main import app, error_message, exit_status, status
from tabnine_report.archive import Archive
from tabnine_report.deliver.ledger.ledger import Claim, Ledger
from tabnine_report.deliver.send_decision import DeliveryRequest, RecipientScope
from tabnine_report.model.data_quality import RevisionChanges
from tabnine_report.model.errors import ArchiveError, MonthError, SettingsError
from tabnine_report.model.month import Month


@pytest.fixture
def profile(tmp_path: Path) -> str:
    return write_profile(tmp_path, token="${ACME_TOKEN}")


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (SettingsError("x", ["y"]), 2),
        (MonthError("x"), 2),
        (ArchiveError("x"), 1),
        (RuntimeError("x"), 1),
    ],
)
def test_each_error_has_its_exit_status(error: Exception, expected: int) -> None:
    assert exit_status(error) == expected


@pytest.mark.parametrize(("stop", "expected"), [(KeyboardInterrupt(), 130), (SystemExit(143), 143)], ids=repr)
def test_a_stopped_command_reports_this_whichever_code_caught_the_signal(
    stop: BaseException, expected: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stopped(*_: object, **__: object) -> None:
        raise stop

    monkeypatch.setattr("cli.main.app", stopped)

    assert status(["run"]) == expected
    assert capsys.readouterr().err == "Stopped.\n"


def test_the_text_of_an_unexpected_error_is_hidden_because_it_may_contain_a_secret() -> None:
    assert "hush" not in error_message(RuntimeError("https://hooks.example/hush"))


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
def test_wrong_usage_exits_with_2_and_mentions_the_help(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert status(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "tabnine-report --help" in captured.err


@pytest.mark.parametrize("command", ["run", "check"])
def test_a_missing_variable_exits_with_2_and_is_named(
    command: str, profile: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status([command, "--profile", profile]) == 2
    assert "usage_api.token needs the environment variable ACME_TOKEN" in capsys.readouterr().err


@pytest.mark.parametrize("path", ["/" + "x" * 5000, "~nobody-of-this-name/acme.toml", "", "."])
@pytest.mark.parametrize("command", ["run", "check", "history", "purge"])
def test_an_impossible_path_exits_with_2(command: str, path: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert status([command, "--profile", path]) == 2
    assert "there is no file" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("month", "message"), [("2999-01", "has not begun yet"), ("October", "write it as YYYY-MM"), ("2026-13", "no")]
)
def test_an_impossible_month_exits_with_2(
    month: str, message: str, profile: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACME_TOKEN", "sandbox-token")
    assert status(["run", "--profile", profile, "--month", month]) == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    ("token", "expected", "message"),
    [
        ("sandbox-token", 1, "The Prefect server at PREFECT_API_URL does not respond. Start it"),
        ("${secret:acme-token}", 2, "The secret acme-token: cannot be looked up (ConnectError)"),
    ],
)
def test_an_unreachable_prefect_server_is_reported_to_the_admins_too(  # noqa: PLR0917 - fixtures and a table
    token: str, expected: int, message: str, admins: Webhook, unused_tcp_port: int, tmp_path: Path
) -> None:
    profile = write_profile(tmp_path, f'[admins]\nslack_webhook_url = "{admins.url}"', token=token)
    completed = subprocess.run(
        [sys.executable, "-c", "from cli.main import main; main()", "run", "--profile", profile],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PREFECT_HOME": str(tmp_path), "PREFECT_API_URL": f"http://127.0.0.1:{unused_tcp_port}/api"},
    )
    assert (completed.returncode, completed.stdout) == (expected, "")
    assert completed.stderr.count("\n") == 1
    assert completed.stderr.startswith(message)
    assert len(admins.payloads) == 1
    assert message in admins.text()


def test_history_without_reports_states_this(
    profile: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACME_TOKEN", "sandbox-token")
    assert status(["history", "--profile", profile]) == 0
    assert capsys.readouterr().out == "There are no reports of acme yet.\n"


def test_history_as_json_has_a_version(
    profile: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACME_TOKEN", "sandbox-token")
    assert status(["history", "--profile", profile, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"history_version": 1, "organization": "acme", "months": []}


def test_history_shows_what_a_revision_changed(
    profile: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACME_TOKEN", "sandbox-token")
    sentence = "Figures that differ from revision 1: People 412 (before: 409)."
    for revision, revision_changes in ((1, None), (2, RevisionChanges(revision=1, sentence=sentence, figures=()))):
        report = sample_report(revision=revision, revision_changes=revision_changes)
        content = json.dumps(report.model_dump(mode="json")).encode()
        Archive(tmp_path / "reports").seal("acme", Month(2026, 10), revision, {"report.json": content}, {}, {})
    assert status(["history", "--profile", profile]) == 0
    out = capsys.readouterr().out
    assert "2026-10  not recorded  r1, r2" in out
    assert out.splitlines()[-1] == f"2026-10 r2  {sentence}"


def test_the_help_describes_each_command() -> None:
    """Runs in a process of its own, in which no command has been imported."""
    program = [sys.executable, "-c", "from cli.main import main; main()", "--help"]
    output = subprocess.run(program, capture_output=True, text=True, check=True).stdout
    for name, first_words in {
        "demo": "Build a sample report",
        "run": "Build one month's report and deliver it",
        "check": "Check the settings, token, endpoints",
        "render": "Render a bundle's documents again",
        "history": "List the archived months",
        "settle": "Record the outcome of an unconfirmed delivery",
        "sandbox": "Serve a simulated Usage Metrics API",
    }.items():
        assert re.search(rf"{name} +{first_words}", output)
    assert "--debug" in output


MEANINGFUL_NEGATIVES = {"--no-agent-usage-licensed", "--no-slack", "--no-admin-slack", "--no-fleet"}
"""The options that differ from a missing one."""


@pytest.mark.parametrize("command", [name for name in app if not name.startswith("-")])
def test_the_help_of_a_command_shows_only_defaults_that_mean_something(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status([command, "--help"]) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert "Exit status: 0 done" in text
    defaults = re.findall(r"\[default: ([^\]]*)\]", text)
    assert {default for default in defaults if default in {"", "False", "None", "()", "{}", '""'}} == set()
    assert set(re.findall(r"--(?:no|empty)-[a-z-]+", text)) <= MEANINGFUL_NEGATIVES


def test_an_invalid_port_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["sandbox", "--port", "99999"]) == 2
    assert "65535" in capsys.readouterr().err


def test_history_outside_a_terminal_shows_whole_addresses(
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
    cells = [
        "2026-10",
        "not",
        "recorded",
        "none",
        "email",
        address,
        "0",
        "claimed",
        "r1",
        "2",
        "November",
        "2026,",
        "07:00",
    ]
    assert row.split() == cells


def test_rendering_a_folder_that_is_no_bundle_is_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["render", str(tmp_path), "--output", str(tmp_path / "out")]) == 1
    assert "is not a bundle" in capsys.readouterr().err


def test_a_process_reports_an_error_in_one_line_without_a_traceback(tmp_path: Path) -> None:
    completed = subprocess.run(
        [
            sys.executable,
            "-c",
            "from cli.main import main; main()",
            "history",
            "--profile",
            str(tmp_path / "none.toml"),
        ],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PREFECT_HOME": str(tmp_path)},
    )
    assert (completed.returncode, completed.stdout) == (2, "")
    assert completed.stderr.count("\n") == 1
    assert completed.stderr.startswith(f"Profile {tmp_path}/none.toml: there is no file")
