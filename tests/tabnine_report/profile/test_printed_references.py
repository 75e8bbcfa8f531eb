"""No reference to a secret is printed."""

from pathlib import Path

import pytest

from tabnine_report.model.errors import SettingsError
from tabnine_report.profile.printed_references import _secret_keys
from tabnine_report.profile.profile import Profile
from tabnine_report.profile.reading import load_profile, read_deployment_settings

PROFILE = """
name = "acme"
time_zone = "Europe/Berlin"
[usage_api]
base_url = "https://console.example"
token = "${TOKEN}"
[report]
title = "Usage"
[email]
host = "${HOST}"
port = 25
security = "starttls"
username = "${secret:login}"
password = "${secret:password}"
sender = "reports@acme.example"
recipients = ["${CTO}"]
[[audiences]]
name = "board"
edition = "full"
recipients = ["chair@acme.example"]
[folder]
path = "${OUTBOX}"
[archive]
ledger = "postgresql+psycopg://reports:${PASSWORD}@db.example/reports"
"""
VALUES = {"TOKEN": "t0ken", "HOST": "smtp.acme.example", "CTO": "cto@acme.example", "OUTBOX": "out", "PASSWORD": "hush"}


def resolve(kind: str, name: str) -> str | None:
    return "from-the-store" if kind == "secret" else VALUES.get(name)


def write(folder: Path, text: str) -> Path:
    path = folder / "acme.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_secret_keys_are_those_whose_values_are_masked() -> None:
    assert sorted(_secret_keys(Profile)) == [
        "admins.heartbeat_url",
        "admins.slack_webhook_url",
        "archive.ledger",
        "email.password",
        "network.proxy",
        "slack.bot_token",
        "slack.webhook_url",
        "usage_api.token",
    ]


def test_variables_are_accepted_outside_of_texts(tmp_path: Path) -> None:
    profile = load_profile(write(tmp_path, PROFILE), resolve)

    assert profile.email is not None
    assert (profile.email.host, profile.email.username) == ("smtp.acme.example", "from-the-store")


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            '"Usage"',
            '"Usage ${TOKEN}"',
            "report.title refers to the variable TOKEN, which is the secret of another key",
        ),
        ('"Usage"', '"${CITY}"', "report.title refers to the variable CITY, but the value of this key is printed"),
        ('"Usage"', '"${secret:x}"', "report.title refers to the secret x, but the value of this key is printed"),
        ('"acme"', '"${TOKEN}"', "name refers to the variable TOKEN, which is the secret"),
        ('"board"', '"${secret:x}"', "audiences.0.name refers to the secret x, but the value of this key is printed"),
        ('"board"', '"${CITY}"', "audiences.0.name refers to the variable CITY, but the value of this key is printed"),
        ('"${OUTBOX}"', '"${PASSWORD}"', "folder.path refers to the variable PASSWORD, which is the secret"),
        ('"${CTO}"', '"${secret:cto}"', "email.recipients.0 refers to the secret cto, but the value of this key"),
        ("https://console", "https://${TOKEN}", "usage_api.base_url refers to the variable TOKEN, which is the secret"),
    ],
)
def test_a_secret_in_another_key_is_a_problem(tmp_path: Path, old: str, new: str, problem: str) -> None:
    path = write(tmp_path, PROFILE.replace(old, new, 1))

    with pytest.raises(SettingsError) as caught:
        load_profile(path, lambda kind, name: resolve(kind, name) or "Berlin")

    assert len(caught.value.problems) == 1
    assert caught.value.problems[0].startswith(problem)
    assert not any(value in str(caught.value) for value in ("t0ken", "hush", "from-the-store"))


def test_a_deployment_with_a_secret_in_its_title_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, PROFILE.replace('"Usage"', '"${secret:x}"'))

    with pytest.raises(SettingsError, match=r"report\.title refers to the secret x"):
        read_deployment_settings(path, resolve)
