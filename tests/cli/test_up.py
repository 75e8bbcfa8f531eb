"""`up` states why it cannot start; tests/flows starts a real server and worker."""

import json
import os
import socket
import sys
from pathlib import Path

import pytest
from prefect.settings import PREFECT_API_DATABASE_CONNECTION_URL, temporary_settings
from profile_file import write_profile

from cli import up
from cli.main import status
from tabnine_report.runs import local_process


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path))
    monkeypatch.setenv("PREFECT_API_URL", "")
    monkeypatch.setenv("TABNINE_REPORT_PROFILES", str(tmp_path))
    return local_process.create_state_folder()


def test_a_port_in_use_is_reported_with_the_command_for_another(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        assert status(["up", "--port", str(port)]) == 1
    output, errors = capsys.readouterr()
    assert output == ""
    assert errors.startswith(f"Port {port} is in use by another program. Stop that program, or choose another port:")
    assert errors.endswith(f"tabnine-report up --port {port + 1}\n")


def test_a_server_on_another_port_is_reported(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record = {"pid": os.getpid(), "started": local_process._start_of(os.getpid()), "port": 4300}
    (folder / "server.json").write_text(json.dumps(record), encoding="utf-8")
    assert status(["up", "--port", "4301"]) == 1
    assert capsys.readouterr().err.startswith("The server already runs, on port 4300.")


def test_the_address_of_another_server_is_reported_without_its_password(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREFECT_API_URL", "http://ann:hush@prefect.acme.example/api")
    assert status(["up"]) == 2
    errors = capsys.readouterr().err
    assert errors.startswith("PREFECT_API_URL: names another server than http://127.0.0.1:4200. Unset it; or,")
    assert "hush" not in errors


@pytest.mark.parametrize("arguments", [["--port", "0"], ["--port", "65536"], ["--limit", "0"]])
def test_an_impossible_number_is_wrong_usage(arguments: list[str], folder: Path) -> None:
    assert status(["up", *arguments]) == 2


def test_down_without_up_stops_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["down"]) == 0
    assert capsys.readouterr().out == "Worker: not running\nWatchdog: not running\nServer: not running\n"


def test_the_programs_do_not_inherit_the_settings_that_hide_prefect_s_output(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_LOGGING_LEVEL", "CRITICAL")
    monkeypatch.setenv("PREFECT_SERVER_LOGGING_LEVEL", "DEBUG")
    monkeypatch.setenv("TABNINE_TOKEN", "t0ken")
    environment = up._environment()
    assert "PREFECT_LOGGING_LEVEL" not in environment
    assert (environment["PREFECT_SERVER_LOGGING_LEVEL"], environment["TABNINE_TOKEN"]) == ("DEBUG", "t0ken")


def test_the_variables_that_the_worker_lacks_are_reported(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_profile(folder.parent, "[slack]\nwebhook_url = '${ACME_HOOK}'", token="${ACME_TOKEN}")
    (folder.parent / "broken.toml").write_text("name = ", encoding="utf-8")
    monkeypatch.setenv("ACME_TOKEN", "t0ken")
    worker = {"ACME_HOOK": "https://hooks.example/T000/B000/hush"}
    up._report_variables([worker, worker | {"ACME_TOKEN": "t0ken"}], 4300)
    errors = capsys.readouterr().err
    assert errors.startswith(
        "Profile acme needs variables that the worker or the watchdog does not have: ACME_TOKEN. Set them, then"
    )
    assert errors.endswith("tabnine-report up --port 4300\n\n")
    assert "broken" not in errors
    up._report_variables([worker | {"ACME_TOKEN": "t0ken"}], 4200)
    assert capsys.readouterr().err == ""


def test_a_variable_that_was_changed_after_the_worker_was_started_is_reported_without_its_value(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_profile(folder.parent, token="${ACME_TOKEN}")
    monkeypatch.setenv("ACME_TOKEN", "new-t0ken")
    up._report_variables([{"ACME_TOKEN": "new-t0ken"}, {"ACME_TOKEN": "old-t0ken"}], 4200)
    errors = capsys.readouterr().err
    assert errors.startswith(
        "Profile acme: the worker or the watchdog and this shell have different values for these variables: ACME_TOKEN."
    )
    assert errors.endswith("tabnine-report up\n\n")
    assert "t0ken" not in errors


@pytest.mark.parametrize(
    ("limit", "url", "beginning"),
    [
        (3, "sqlite+aiosqlite:////home/prefect.db", "The server's database is SQLite,"),
        (2, "sqlite+aiosqlite:////home/prefect.db", ""),
        (3, "postgresql+asyncpg://ann:hush@127.0.0.1/prefect", ""),
    ],
)
def test_more_runs_than_sqlite_supports_are_started_with_a_warning(
    limit: int, url: str, beginning: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with temporary_settings({PREFECT_API_DATABASE_CONNECTION_URL: url}):
        up._warn_of_sqlite(limit)
    assert capsys.readouterr().err.partition(" which")[0] == beginning


@pytest.mark.parametrize(
    ("url", "port"),
    [
        ("http://127.0.0.1:4300/api", 4300),
        ("http://localhost:4300/api", 4300),
        ("http://prefect.acme.example:4300/api", None),
        ("https://127.0.0.1:4300/api", None),
        ("", None),
    ],
)
def test_the_port_is_by_default_that_of_a_server_on_this_machine(url: str, port: int | None) -> None:
    assert up._port_of(url) == port


def test_the_next_commands_are_about_the_first_organization(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    profiles = folder.parent
    monkeypatch.chdir(Path(sys.prefix).parent)
    program = Path(sys.executable).with_name("tabnine-report").relative_to(Path.cwd())
    server = "export PREFECT_API_URL=http://127.0.0.1:4300/api"
    assert [command for command, _ in up._next_commands(4300)] == [server, f"{program} init", f"{program} up"]
    for name in ("demo", "acme", "globex"):
        (profiles / f"{name}.toml").touch()
    assert [command for command, _ in up._next_commands(4300)] == [
        server,
        f"{program} check --profile acme",
        f"{program} run --profile acme --delivery preview",
        f"{program} down",
    ]
