"""`init` writes a profile that can be read, from options alone; tests/flows answers its questions at a terminal."""

import io
import tomllib
from pathlib import Path

import pytest

from cli.main import status
from cli.terminal import command_line
from tabnine_report.runs.profile_file import load_profile_of_run

EMAIL = ("--mail-host", "smtp.acme.example", "--sender", "Usage reports <reports@acme.example>")
SECRETS = {
    "TABNINE_TOKEN": "t0ken",
    "SMTP_PASSWORD": "pa55word",
    "SLACK_WEBHOOK_URL": "https://hooks.slack.com/services/T0/B0/s3cret",
    "ADMIN_SLACK_WEBHOOK_URL": "https://hooks.slack.com/services/T0/B0/s3cret",
}


@pytest.fixture
def profiles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder of profiles, without a Prefect server, a terminal, or variables of the profile."""
    for variable in (*SECRETS, "PREFECT_API_URL"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr("sys.stdin", io.StringIO())
    monkeypatch.setenv("TABNINE_REPORT_PROFILES", str(tmp_path / "profiles"))
    return tmp_path / "profiles"


def test_the_smallest_profile_has_defaults_and_refers_to_the_token(
    profiles: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status(["init", "--name", "acme", "--time-zone", "Asia/Tokyo"]) == 0

    written = tomllib.loads((profiles / "acme.toml").read_text(encoding="utf-8"))
    assert written == {
        "name": "acme",
        "time_zone": "Asia/Tokyo",
        "usage_api": {"base_url": "https://console.tabnine.com", "token": "${TABNINE_TOKEN}"},
    }
    assert capsys.readouterr().out.splitlines()[-2:] == [
        "    export TABNINE_TOKEN=…",
        f"    {command_line('check --profile acme')}",
    ]


def test_a_profile_with_all_channels_is_valid_and_contains_no_secret(profiles: Path) -> None:
    named = ("Jane Doe <cfo@acme.example>", r'"Lovelace, \"Ada\"" <ada@acme.example>')
    recipients = [word for address in ("cto@acme.example", *named) for word in ("--recipient", address)]
    options = ("--admin", "it@acme.example", *EMAIL, "--mail-user", 'o"brien\\', "--slack", "--admin-slack")
    assert status(["init", "--name", "acme", *recipients, *options]) == 0

    profile = load_profile_of_run("acme", lambda _kind, name: SECRETS[name])
    assert profile.email is not None
    assert profile.slack is not None
    assert profile.email.recipients == ("cto@acme.example", *named)
    assert (profile.email.port, profile.email.security, profile.email.username) == (587, "starttls", 'o"brien\\')
    assert profile.email.password is not None
    assert profile.email.password.get_secret_value() == SECRETS["SMTP_PASSWORD"]
    assert profile.admins.email == ("it@acme.example",)
    assert [value for value in SECRETS.values() if value in (profiles / "acme.toml").read_text(encoding="utf-8")] == []


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ((), "name is missing"),
        (("--name", "Acme Ltd"), "name has an invalid format"),
        (("--name", "acme", "--time-zone", "Mars"), "time_zone is not an IANA time zone"),
        (("--name", "acme", "--base-url", "console"), "usage_api.base_url"),
        (("--name", "acme", "--recipient", "cto"), "email.recipients.0 is not an email address"),
        (
            ("--name", "acme", "--admin", "Doe, Jane <it@acme.example>"),
            "admins.email.0 is not an email address. A display",
        ),
        (("--name", "acme", "--recipient", "cto@acme.example"), "email.host is missing"),
        (("--name", "acme", "--recipient", "cto@acme.example", *EMAIL, "--mail-port", "many"), "email.port"),
        (("--name", "acme", "--recipient", "cto@acme.example", *EMAIL, "--mail-security", "rot13"), "email.security"),
    ],
)
def test_an_invalid_or_missing_option_is_named_and_nothing_is_written(
    options: tuple[str, ...], problem: str, profiles: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status(["init", *options]) == 2

    assert f"The new profile: {problem}" in capsys.readouterr().err
    assert not profiles.exists()


def test_an_existing_profile_is_not_overwritten(profiles: Path, capsys: pytest.CaptureFixture[str]) -> None:
    profiles.mkdir()
    (profiles / "acme.toml").write_text("# mine", encoding="utf-8")

    assert status(["init", "--name", "acme"]) == 2

    assert "already exists" in capsys.readouterr().err
    assert (profiles / "acme.toml").read_text(encoding="utf-8") == "# mine"
