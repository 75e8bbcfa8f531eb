"""`deploy` states in one message why the Prefect server cannot be used; tests/flows uses a server."""

import http.server
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest
from prefect.settings import PREFECT_API_URL, PREFECT_CLIENT_MAX_RETRIES, temporary_settings
from profile_file import write_profile

from cli.main import status

Deploy = Callable[[str], tuple[int, str, str]]


@pytest.fixture
def deploy(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Deploy:
    """Return a function that deploys a profile to the server of an address."""
    profile = write_profile(tmp_path)

    def deploy(url: str) -> tuple[int, str, str]:
        with temporary_settings({PREFECT_API_URL: url, PREFECT_CLIENT_MAX_RETRIES: 0}):
            exit_status = status(["deploy", "--profile", profile])
        return exit_status, *capsys.readouterr()

    return deploy


@contextmanager
def serve(health: int, body: bytes, *, others: int = 404) -> Iterator[str]:
    """Serve a status and body as the health of a server; close the connection without a response for status 0."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer = health if self.path == "/api/health" else others
            if not answer:
                return
            self.send_response(answer)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/api"
        server.shutdown()


def test_without_a_server_the_error_states_how_to_name_one(deploy: Deploy) -> None:
    exit_status, output, errors = deploy("")
    assert (exit_status, output) == (1, "")
    assert errors.startswith("There is no Prefect server, because PREFECT_API_URL is not set.")
    assert errors.endswith("\n    export PREFECT_API_URL=http://127.0.0.1:4200/api\n")


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:{port}/api", "127.0.0.1:{port}/api", "prefect", "http://127.0.0.1:x"]
)
def test_a_server_that_does_not_respond_is_reported(url: str, unused_tcp_port: int, deploy: Deploy) -> None:
    exit_status, output, errors = deploy(url.format(port=unused_tcp_port))
    assert (exit_status, output) == (1, "")
    assert errors.startswith("The Prefect server of PREFECT_API_URL does not respond (")


@pytest.mark.parametrize(
    ("answer", "body", "others", "message"),
    [
        (404, b"{}", 404, "PREFECT_API_URL is not the address of a Prefect API. The address ends with /api"),
        (200, b"<html></html>", 404, "PREFECT_API_URL is not the address of a Prefect API. The address ends with /api"),
        (401, b"{}", 401, "The Prefect server of PREFECT_API_URL requires a login (status 401). Set PREFECT_API_KEY"),
        (200, b"true", 401, "The Prefect server of PREFECT_API_URL requires a login (status 401). Set PREFECT_API_KEY"),
    ],
)
def test_a_wrong_address_and_a_missing_login_are_reported(
    answer: int, body: bytes, others: int, message: str, deploy: Deploy
) -> None:
    with serve(answer, body, others=others) as url:
        exit_status, output, errors = deploy(url)
    assert (exit_status, output) == (1, "")
    assert errors.startswith(message)


def test_a_server_that_rejects_a_request_is_reported(deploy: Deploy) -> None:
    with serve(200, b"true", others=500) as url:
        exit_status, output, errors = deploy(url)
    assert (exit_status, output) == (1, "")
    assert errors == (
        "The Prefect server rejected GET /api/work_pools/reports with status 500. If its version is older than that of "
        "this program, update the server.\n"
    )


def test_a_server_that_stops_during_the_command_is_reported(deploy: Deploy) -> None:
    with serve(200, b"true", others=0) as url:
        exit_status, output, errors = deploy(url)
    assert (exit_status, output) == (1, "")
    assert errors.startswith("The Prefect server stopped responding (RemoteProtocolError). Start it, then")
