"""A ledger that would be gone with its container is refused before anything is sent."""

from pathlib import Path

import pytest

from tabnine_report.model.errors import SettingsError
from tasks.read_profile import open_profile

KUBERNETES = "KUBERNETES_SERVICE_HOST"


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(KUBERNETES, "10.0.0.1")
    path = tmp_path / "acme.toml"
    path.write_text(
        'name = "acme"\ntime_zone = "UTC"\n[usage_api]\nbase_url = "http://127.0.0.1:9"\ntoken = "t"\n[archive]\n',
        encoding="utf-8",
    )
    return path


def add(path: Path, line: str) -> str:
    path.write_text(path.read_text(encoding="utf-8") + line, encoding="utf-8")
    return str(path)


def test_a_file_in_a_container_is_refused_with_what_to_say_instead(write: Path) -> None:
    with pytest.raises(SettingsError, match=r"archive.ledger is a file in a container .*archive\.durable = true"):
        open_profile(str(write))


def test_a_file_that_the_profile_calls_durable_is_taken(write: Path) -> None:
    assert open_profile(add(write, "durable = true\n")).archive.durable


def test_a_server_is_nobodys_file(write: Path) -> None:
    opened = open_profile(add(write, 'ledger = "postgresql+psycopg://db.acme.example/reports"\n'))
    assert opened.archive.ledger_file is None
