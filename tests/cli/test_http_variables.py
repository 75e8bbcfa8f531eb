import os
import subprocess
import sys
from pathlib import Path

import pytest
from profile_file import write_profile
from receivers import Webhook

from cli.http_variables import remove_unusable_http_variables
from cli.main import status

COMMAND = Path(sys.executable).with_name("tabnine-report")
VARIABLES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "ALL_PROXY", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SSL_CERT_FILE", "/nonexistent/hush.pem"),
        ("SSL_CERT_FILE", "/"),
        ("all_proxy", "socks5://reader:hush@127.0.0.1:1"),
        ("HTTP_PROXY", "http://reader:hush@127.0.0.1:hush"),
        ("https_proxy", "ftp://reader:hush@127.0.0.1"),
        ("no_proxy", "fd00::/8,hush"),
    ],
)
def test_a_variable_with_which_prefect_cannot_be_imported_is_named(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv(name, value)
    assert status(["history", "--profile", "acme"]) == 2
    error = capsys.readouterr().err
    assert f"Prefect cannot connect with {name}:" in error
    assert name not in os.environ
    assert "HTTP_PROXY" in os.environ or name == "HTTP_PROXY"
    assert "hush" not in error


@pytest.mark.parametrize("arguments", [["watch", "--profile", "none"], ["--version"], ["run", "--help"]])
def test_what_needs_no_connection_only_prints_the_problem(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "ftp://127.0.0.1")
    assert status(arguments) == (3 if "watch" in arguments else 0)
    output, errors = capsys.readouterr()
    assert "Prefect cannot connect with HTTP_PROXY" in errors
    assert output


def test_usable_variables_are_accepted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert remove_unusable_http_variables() is None
    monkeypatch.setenv("HTTPS_PROXY", "http://reader:hush@127.0.0.1:1")
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    assert remove_unusable_http_variables() is None
    assert "HTTPS_PROXY" in os.environ


def test_the_admins_are_notified_of_a_run_that_they_prevent(
    tmp_path: Path, admins: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A process of its own: Prefect, which this one has imported, cannot be imported with this variable.
    monkeypatch.setenv("https_proxy", "http://reader:hush@127.0.0.1:hush")
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path / "home"))
    profile = write_profile(tmp_path, f'[admins]\nslack_webhook_url = "{admins.url}"')
    command = [str(COMMAND), "run", "--profile", profile, "--month", "2026-09"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 2
    assert "Prefect cannot connect with https_proxy" in ended.stderr
    assert "Prefect cannot connect with https_proxy" in admins.text()
    assert "acme: the run for September 2026 could not start" in admins.text()
    assert "hush" not in ended.stderr + ended.stdout + admins.text()
