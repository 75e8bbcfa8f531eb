"""Opening a profile rejects a ledger that would be lost with its container, and a Prefect server that is silent."""

from pathlib import Path

import pytest
from misbehaving_server import Behavior, answering, serve, silent
from prefect.settings import PREFECT_API_URL, temporary_settings

from tabnine_report.model.errors import SettingsError
from tasks import read_profile as read_profile_module
from tasks.read_profile import open_profile, resolve_reference

KUBERNETES = "KUBERNETES_SERVICE_HOST"


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    path = tmp_path / "acme.toml"
    path.write_text(
        'name = "acme"\ntime_zone = "UTC"\n[usage_api]\nbase_url = "http://127.0.0.1:9"\ntoken = "hush"\n[archive]\n',
        encoding="utf-8",
    )
    return path


def add(path: Path, line: str) -> str:
    path.write_text(path.read_text(encoding="utf-8") + line, encoding="utf-8")
    return str(path)


def test_a_ledger_file_in_a_container_is_rejected_with_the_alternatives(
    profile: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KUBERNETES, "10.0.0.1")
    with pytest.raises(
        SettingsError, match=r"archive.ledger is a file in a container .*archive\.ledger_durable = true"
    ):
        open_profile(str(profile))


def test_a_ledger_file_that_the_profile_calls_durable_is_accepted(
    profile: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KUBERNETES, "10.0.0.1")
    assert open_profile(add(profile, "ledger_durable = true\n")).archive.ledger_durable


def test_a_ledger_on_a_database_server_is_accepted(profile: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KUBERNETES, "10.0.0.1")
    opened = open_profile(add(profile, 'ledger = "postgresql+psycopg://db.acme.example/reports"\n'))
    assert opened.archive.ledger_file is None


def test_a_silent_prefect_server_uses_up_the_time_limit_of_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_profile_module, "SECRET_SECONDS", 0.3)
    monkeypatch.setattr(read_profile_module, "SECRET_RETRIES", 0)
    with (
        serve(silent) as port,
        temporary_settings({PREFECT_API_URL: f"http://127.0.0.1:{port}/api"}),
        pytest.raises(SettingsError, match=r"acme-token: cannot be looked up \(ReadTimeout\)\. Check that the server"),
    ):
        resolve_reference("secret", "acme-token")


@pytest.mark.parametrize(
    "behavior",
    [
        answering(b"HTTP/1.0 404 Not Found\r\nContent-Length: 2\r\n\r\n{}"),
        answering(b"HTTP/1.0 200 OK\r\nContent-Length: 13\r\n\r\n<html></html>"),
    ],
    ids=["nothing exists", "a web page"],
)
def test_what_answers_instead_of_a_prefect_server_cannot_state_that_a_secret_does_not_exist(behavior: Behavior) -> None:
    with (
        serve(behavior) as port,
        temporary_settings({PREFECT_API_URL: f"http://127.0.0.1:{port}/api"}),
        pytest.raises(SettingsError, match="acme-token: cannot be looked up"),
    ):
        resolve_reference("secret", "acme-token")
