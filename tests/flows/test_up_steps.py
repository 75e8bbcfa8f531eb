"""The steps of `up` and `down` in this process, with the session's Prefect server and a stand-in for the worker."""

import json
import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from prefect.client.orchestration import get_client
from prefect.settings import PREFECT_API_URL
from profile_file import write_profile

from cli import up
from cli.main import status
from tabnine_report.runs import local_process

# The program runs on while the test has no handle of it.
pytestmark = pytest.mark.filterwarnings("ignore:subprocess .* is still running:ResourceWarning")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path))
    monkeypatch.setenv("PREFECT_API_URL", "")
    monkeypatch.setenv("TABNINE_REPORT_PROFILES", str(tmp_path))
    return local_process.create_state_folder()


@pytest.mark.usefixtures("_prefect")
def test_a_worker_is_started_once_and_stopped(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    port = urlsplit(PREFECT_API_URL.value()).port
    server = {"pid": os.getpid(), "started": local_process._start_of(os.getpid()), "port": port}
    (folder / "server.json").write_text(json.dumps(server), encoding="utf-8")
    write_profile(folder.parent, token="${TOKEN_THAT_IS_NOT_SET}")

    def reporting_worker(*arguments: str) -> list[str]:
        name = arguments[arguments.index("--name") + 1]
        with get_client(sync_client=True) as client:
            client.send_worker_heartbeat("reports", name, heartbeat_interval_seconds=30)
        return [sys.executable, "-c", "import time; time.sleep(300)"]

    monkeypatch.setattr(up, "_prefect", reporting_worker)
    assert status(["up"]) == 0
    output, errors = capsys.readouterr()
    assert f"Server: running on http://127.0.0.1:{port}" in output
    assert "Worker: started" in output
    assert "Watchdog: started" in output
    assert "TOKEN_THAT_IS_NOT_SET" in errors
    records = [(folder / f"{name}.json").read_text(encoding="utf-8") for name in ("worker", "watchdog")]
    monkeypatch.setenv("TOKEN_THAT_IS_NOT_SET", "t0ken")

    assert status(["up"]) == 0
    output, errors = capsys.readouterr()
    assert "Worker: running" in output
    assert "Watchdog: running" in output
    assert "does not have: TOKEN_THAT_IS_NOT_SET" in errors  # it is set in this shell only
    assert records == [(folder / f"{name}.json").read_text(encoding="utf-8") for name in ("worker", "watchdog")]

    (folder / "server.json").unlink()
    assert status(["down"]) == 0
    assert capsys.readouterr().out == "Worker: stopped\nWatchdog: stopped\nServer: not running\n"


def test_a_server_that_does_not_start_is_reported_with_its_log(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], unused_tcp_port: int
) -> None:
    monkeypatch.setattr(up, "_prefect", lambda *_: [sys.executable, "-c", "print('database is corrupt')"])
    assert status(["up", "--port", str(unused_tcp_port)]) == 1
    errors = capsys.readouterr().err
    assert errors.startswith("The server stopped while it started. The end of its log, ")
    assert errors.endswith("    database is corrupt\n")
