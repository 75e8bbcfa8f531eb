"""Prefect has the same settings with and without --debug, except for its output, and no proxy to this machine."""

import os
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import httpx
import pytest

from cli.prefect_defaults import configure_prefect


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *arguments: object) -> None:
        pass


@pytest.mark.parametrize(("debug", "level"), [(False, "CRITICAL"), (True, None)])
def test_a_temporary_server_has_time_to_start_and_sends_no_analytics(
    monkeypatch: pytest.MonkeyPatch, *, debug: bool, level: str | None
) -> None:
    monkeypatch.setattr(os, "environ", {})
    configure_prefect(debug=debug)
    assert os.environ["PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS"] == "120"
    assert os.environ["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"
    assert os.environ.get("PREFECT_LOGGING_LEVEL") == level


@pytest.mark.parametrize("variable", ["http_proxy", "HTTP_PROXY", "ALL_PROXY"])
def test_a_prefect_server_on_this_machine_is_reached_without_the_proxy_of_the_environment(
    variable: str, monkeypatch: pytest.MonkeyPatch, unused_tcp_port: int
) -> None:
    monkeypatch.setattr(
        os, "environ", {variable: f"http://127.0.0.1:{unused_tcp_port}", "no_proxy": "", "NO_PROXY": ".acme.example"}
    )
    configure_prefect(debug=True)
    assert os.environ["no_proxy"] == os.environ["NO_PROXY"] == ".acme.example,127.0.0.1,localhost,::1"
    with ThreadingHTTPServer(("127.0.0.1", 0), QuietHandler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        for host in ("127.0.0.1", "localhost"):
            assert httpx.head(f"http://{host}:{server.server_port}/").is_success
        server.shutdown()
