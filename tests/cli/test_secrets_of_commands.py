"""The commands on the archive and the ledger work without the secrets of the API and of the channels."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sealing import seal

from cli.main import status
from tabnine_report.archive import Archive
from tabnine_report.deliver.ledger.ledger import Claim, Ledger
from tabnine_report.deliver.receipt import DeliveryState
from tabnine_report.deliver.send_decision import DeliveryRequest, RecipientScope

NOW = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)
ON_LEDGER = [
    ["history"],
    ["history", "--json"],
    ["settle", "--month", "2026-10", "--channel", "email", "--recipient", "cto@acme.example", "--as", "sent"],
]
ON_ARCHIVE = [["purge"], ["purge", "--dry-run"]]
PROFILE = """\
name = "acme"
time_zone = "Europe/Berlin"

[usage_api]
base_url = "${UNSET_URL}"
token = "${secret:unset-token}"

[report]
title = "${UNSET_TITLE}"
logo = "missing.svg"
locale = "de"

[email]
host = "relay.acme.example"
port = 587
security = "starttls"
username = "reports"
password = "${UNSET_PASSWORD}"
sender = "reports@acme.example"

[admins]
slack_webhook_url = "${UNSET_WEBHOOK}"

[archive]
link_base = "https://reports.acme.example"
keep_months = 24
"""


def words(command: list[str]) -> str:
    return " ".join(command[:2])


@pytest.fixture
def profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write a profile whose only known settings are those of the archive, and deliver its month."""
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    monkeypatch.setenv("PREFECT_CLIENT_MAX_RETRIES", "0")
    path = tmp_path / "acme.toml"
    path.write_text(PROFILE, encoding="utf-8")
    seal(Archive(tmp_path / "reports"))
    ledger = Ledger(f"sqlite:///{tmp_path}/reports/ledger.db", lambda: NOW)
    request = DeliveryRequest("acme", "2026-10", 1, RecipientScope.UNDELIVERED, NOW)
    claim = ledger.claim(request, "email", "cto@acme.example")
    assert isinstance(claim, Claim)
    ledger.settle(claim, DeliveryState.UNCONFIRMED, "")
    return path


@pytest.mark.parametrize("command", ON_LEDGER + ON_ARCHIVE, ids=words)
def test_a_command_needs_no_secret_of_the_api_or_a_channel(
    profile: Path, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert status([command[0], "--profile", str(profile), *command[1:]]) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("command", ON_LEDGER, ids=words)
def test_a_command_on_the_ledger_names_only_the_secrets_that_it_needs(
    profile: Path, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    profile.write_text(f'{PROFILE}ledger = "${{UNSET_LEDGER}}"\n', encoding="utf-8")

    assert status([command[0], "--profile", str(profile), *command[1:]]) == 2
    problem = "archive.ledger needs the environment variable UNSET_LEDGER, which is not set"
    assert capsys.readouterr().err == f"Profile {profile}: {problem}.\n"


@pytest.mark.parametrize("command", ON_ARCHIVE, ids=words)
def test_a_command_on_the_archive_does_not_need_the_ledgers_secret(profile: Path, command: list[str]) -> None:
    profile.write_text(f'{PROFILE}ledger = "${{UNSET_LEDGER}}"\n', encoding="utf-8")

    assert status([command[0], "--profile", str(profile), *command[1:]]) == 0


@pytest.mark.parametrize("command", [ON_LEDGER[0], ON_ARCHIVE[0]], ids=words)
@pytest.mark.parametrize("line", ["keep_month = 6", '[emial]\nhost = "relay"', "[archive.s3]"])
def test_a_misspelled_key_is_an_error_in_every_command(
    profile: Path, command: list[str], line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    profile.write_text(f"{PROFILE}{line}\n", encoding="utf-8")

    assert status([command[0], "--profile", str(profile), *command[1:]]) == 2
    assert "is not a known key" in capsys.readouterr().err


@pytest.mark.parametrize("command", [ON_LEDGER[0], ON_ARCHIVE[0]], ids=words)
@pytest.mark.parametrize("table", ["report", "archive"])
def test_a_value_in_the_place_of_a_table_is_an_error(
    profile: Path, command: list[str], table: str, capsys: pytest.CaptureFixture[str]
) -> None:
    profile.write_text(f'name = "acme"\ntime_zone = "Europe/Berlin"\n{table} = 1\n', encoding="utf-8")

    assert status([command[0], "--profile", str(profile), *command[1:]]) == 2
    assert capsys.readouterr().err == f"Profile {profile}: {table} must be a table.\n"
