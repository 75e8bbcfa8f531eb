"""The command line says what is wrong in one sentence and an exit status, before anything slow begins."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from cli.main import exit_status, sentence, status
from reporting.errors import ArchiveError, DeliveryError, MonthError, SettingsError


@pytest.fixture
def profile(tmp_path: Path) -> str:
    path = tmp_path / "acme.toml"
    path.write_text(
        'name = "acme"\ntime_zone = "Europe/Berlin"\n'
        '[usage_api]\nbase_url = "http://127.0.0.1:9"\ntoken = "${ACME_TOKEN}"\n'
        "[archive]\ndurable = true\n",
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


def test_history_of_an_organization_without_reports_says_so(
    profile: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACME_TOKEN", "sandbox-token")
    assert status(["history", "--profile", profile]) == 0
    assert capsys.readouterr().out == "No report of acme has been made yet.\n"


def test_render_of_something_that_is_no_bundle_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["render", str(tmp_path), "--output", str(tmp_path / "out")]) == 1
    assert "is no bundle" in capsys.readouterr().err


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
