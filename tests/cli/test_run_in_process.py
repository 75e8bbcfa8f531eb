import asyncio
import json
import re
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import NoReturn

import prefect
import pytest
from misbehaving_server import Behavior, answering, serve, silent
from prefect.client.base import ServerType
from prefect.exceptions import TerminationSignal
from prefect.settings import PREFECT_API_URL, PREFECT_CLIENT_MAX_RETRIES, temporary_settings
from profile_file import write_profile
from receivers import Webhook

from cli import run_in_process
from tabnine_report.model.errors import MonthError, PrefectError, ReportingError
from tabnine_report.runs.process_end import TERMINATED


@pytest.mark.parametrize(
    "behavior", [silent, answering(b"x", pause_seconds=0.05, repeated=True)], ids=["silent", "slow"]
)
def test_a_prefect_server_that_does_not_respond_in_time_ends_the_run_before_it_starts(
    behavior: Behavior, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_in_process, "SERVER_SECONDS", 0.3)
    with (
        serve(behavior) as port,
        temporary_settings({PREFECT_API_URL: f"http://127.0.0.1:{port}/api"}),
        pytest.raises(ReportingError, match="The Prefect server at PREFECT_API_URL does not respond"),
    ):
        asyncio.run(run_in_process._check_server())


@contextmanager
def prefect_server(statuses: dict[str, int], version: str = prefect.__version__) -> Iterator[str]:
    """Yield the address of a server that answers each path of Prefect's API with a status, 200 by default."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps(version).encode()
            self.send_response(statuses.get(self.path.removeprefix("/api"), 200))
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
    try:
        yield f"http://ann:hush@127.0.0.1:{server.server_port}/api"
    finally:
        server.shutdown()
        server.server_close()


@pytest.fixture
def profile(tmp_path: Path, admins: Webhook) -> str:
    return write_profile(tmp_path, f'[admins]\nslack_webhook_url = "{admins.url}"')


@pytest.mark.parametrize(
    ("statuses", "version", "message"),
    [
        ({"/health": 503}, prefect.__version__, "does not respond. Start it, correct the address"),
        ({"/admin/version": 401}, prefect.__version__, "rejects the login. Set PREFECT_API_AUTH_STRING"),
        ({"/admin/version": 404}, prefect.__version__, "no Prefect server of the version"),
        ({}, "2.20.0", "no Prefect server of the version"),
        ({}, prefect.__version__, "did not accept the run"),
    ],
)
def test_the_admins_are_notified_if_the_server_cannot_be_used(
    statuses: dict[str, int], version: str, message: str, profile: str, admins: Webhook
) -> None:
    with (
        prefect_server(statuses, version) as address,
        temporary_settings({PREFECT_API_URL: address, PREFECT_CLIENT_MAX_RETRIES: 0}),
        pytest.raises(PrefectError, match=re.escape(message)),
    ):
        run_in_process.run_flow(profile)
    assert len(admins.payloads) == 1
    assert message in admins.text()
    assert "The run stopped while starting." in admins.text()
    assert "hush" not in admins.text()


def test_the_admins_are_notified_if_prefects_home_cannot_be_written(
    profile: str, admins: Webhook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_in_process, "determine_server_type", lambda: ServerType.EPHEMERAL)
    monkeypatch.setenv("PREFECT_HOME", f"{profile}/home")
    with pytest.raises(PrefectError, match=r"home cannot be written: Not a directory. Set PREFECT_HOME"):
        run_in_process.run_flow(profile)
    assert "Set PREFECT_HOME" in admins.text()


def test_the_admins_are_notified_if_the_run_is_stopped_before_the_flow_begins(profile: str, admins: Webhook) -> None:
    with pytest.raises(SystemExit), run_in_process.notifying_of_failed_start(profile, "2026-10"):
        sys.exit(TERMINATED)
    assert "The run was stopped before it began. Rerun the month." in admins.text()


def test_a_channel_that_cannot_be_read_is_named(
    profile: str, admins: Webhook, caplog: pytest.LogCaptureFixture
) -> None:
    file = Path(profile)
    text = file.read_text(encoding="utf-8").replace(admins.url, "${ADMINS_NOT_SET}")
    file.write_text(text, encoding="utf-8")
    with pytest.raises(PrefectError), run_in_process.notifying_of_failed_start(profile, "2026-10"):
        raise PrefectError("It is down.")
    assert "The admins could not be notified: " in caplog.text
    assert "ADMINS_NOT_SET, which is not set." in caplog.text


def test_a_wrong_month_is_reported_only_to_the_person_who_typed_it(profile: str, admins: Webhook) -> None:
    with pytest.raises(MonthError), run_in_process.notifying_of_failed_start(profile, "October"):
        raise MonthError
    assert admins.payloads == []


def alone() -> NoReturn:
    raise TerminationSignal(signal.SIGTERM)


def in_a_group() -> NoReturn:
    raise BaseExceptionGroup("tasks", [ValueError(), TerminationSignal(signal.SIGTERM)])


def behind_the_error_of_what_it_interrupted() -> NoReturn:
    try:
        alone()
    except TerminationSignal:
        raise RuntimeError("exited another scope") from None


@pytest.mark.parametrize("end", [alone, in_a_group, behind_the_error_of_what_it_interrupted])
def test_a_run_that_sigterm_ends_in_any_way_is_stopped(
    end: Callable[[], NoReturn], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def run(*_: object, **__: object) -> NoReturn:
        end()

    monkeypatch.setattr(run_in_process, "_run", run)
    monkeypatch.setattr(run_in_process, "_start_server", lambda: None)
    with pytest.raises(SystemExit) as stopped:
        run_in_process.run_flow("demo")
    assert stopped.value.code == TERMINATED


def test_an_error_without_sigterm_stays_what_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(*_: object, **__: object) -> NoReturn:
        raise ExceptionGroup("tasks", [ValueError("x")])

    monkeypatch.setattr(run_in_process, "_run", fail)
    monkeypatch.setattr(run_in_process, "_start_server", lambda: None)
    with pytest.raises(ExceptionGroup):
        run_in_process.run_flow("demo")
