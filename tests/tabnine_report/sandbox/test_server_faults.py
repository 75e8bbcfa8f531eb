"""Every kind of fault works over a real connection, and the server starts, stops and logs."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from datetime import datetime

import httpx
import pytest

from tabnine_report.sandbox.server import RunningSandbox, serve_sandbox
from tabnine_report.sandbox.world import World


@pytest.fixture(scope="module")
def shared(now: datetime) -> Iterator[RunningSandbox]:
    with serve_sandbox(World(users=30, teams=3), now=lambda: now) as sandbox:
        yield sandbox


@pytest.fixture
def faulty(shared: RunningSandbox) -> Iterator[RunningSandbox]:
    """A server with the test's own faults and log."""
    shared.faults.clear()
    shared.requests.entries.clear()
    yield shared
    shared.faults.clear()


def get(sandbox: RunningSandbox, path: str = "v1/license", timeout: float = 20, **params: str) -> httpx.Response:
    headers = {"Authorization": f"Bearer {sandbox.token}"}
    return httpx.get(f"{sandbox.base_url}/api/{path}", params=params, headers=headers, timeout=timeout)


@pytest.mark.parametrize(
    ("status", "fields"),
    [
        (400, {"error"}),
        (401, {"error", "message", "status", "requestId", "details"}),
        (403, {"error", "message"}),
        (404, {"message", "status"}),
        (422, {"error"}),
        (429, {"error", "message", "status", "requestId", "details"}),
        (500, {"error", "message", "status", "requestId", "details"}),
        (503, {"error", "message", "status", "requestId", "details"}),
    ],
)
def test_a_status_fault_has_the_api_error_format(faulty: RunningSandbox, status: int, fields: set[str]) -> None:
    faulty.faults.add(f"license={status}")
    response = get(faulty)

    assert status == response.status_code
    assert fields == set(response.json())
    assert "Retry-After" not in response.headers


@pytest.mark.parametrize("status", [429, 503])
def test_a_status_fault_can_set_retry_after(faulty: RunningSandbox, status: int) -> None:
    faulty.faults.add(f"license={status}:7")

    assert get(faulty).headers["Retry-After"] == "7"


def test_a_fault_ends_after_its_count_and_does_not_affect_other_endpoints(faulty: RunningSandbox) -> None:
    faulty.faults.add("license=500*2")

    statuses = [get(faulty).status_code, get(faulty, "v1/organization").status_code]
    statuses += [get(faulty).status_code, get(faulty).status_code]

    assert statuses == [500, 200, 500, 200]


def test_an_html_fault_returns_a_proxy_page(faulty: RunningSandbox) -> None:
    faulty.faults.add("license=html")
    response = get(faulty)

    assert (response.status_code, response.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert "Company proxy" in response.text


def test_a_null_fault_returns_null(faulty: RunningSandbox) -> None:
    faulty.faults.add("license=null")
    response = get(faulty)

    assert (response.status_code, response.json()) == (200, None)


def test_a_shape_fault_returns_valid_json_with_a_wrong_type(faulty: RunningSandbox) -> None:
    faulty.faults.add("license=shape")

    assert isinstance(get(faulty).json()["license"]["seats"], dict)


def test_a_truncated_answer_ends_before_its_content_length(faulty: RunningSandbox) -> None:
    faulty.faults.add("license=truncated")

    with pytest.raises(httpx.RemoteProtocolError, match="without sending complete message body"):
        get(faulty)
    assert faulty.requests.entries[0].status == 200


def test_a_reset_connection_returns_no_response(faulty: RunningSandbox) -> None:
    faulty.faults.add("license=reset")

    with pytest.raises(httpx.ReadError):
        get(faulty)
    assert faulty.requests.entries[0].status is None


def test_a_timeout_never_responds(faulty: RunningSandbox) -> None:
    faulty.faults.add("license=timeout")

    with pytest.raises(httpx.ReadTimeout):
        get(faulty, timeout=0.2)


def test_a_slow_answer_is_complete_but_may_exceed_the_timeout(faulty: RunningSandbox) -> None:
    faulty.faults.add("license=slow:0.01*1")
    assert get(faulty).status_code == 200

    faulty.faults.add("license=slow:60")
    with pytest.raises(httpx.ReadTimeout):
        get(faulty, timeout=0.2)


def test_the_log_records_requests_and_responses(faulty: RunningSandbox) -> None:
    faulty.faults.add("license=503")
    response = get(faulty)
    get(faulty, "v1/instance/permissions", role="Admin")
    failed, answered = faulty.requests.entries

    assert (failed.method, failed.path, failed.params, failed.status) == ("GET", "/api/v1/license", {}, 503)
    assert (response.headers["X-Request-Id"], {"role": "Admin"}) == (failed.request_id, answered.params)
    assert [answered] == faulty.requests.to("instance/permissions")
    assert failed.finished is not None
    assert failed.started <= failed.finished <= answered.started


async def test_the_log_records_the_highest_number_of_concurrent_requests(now: datetime) -> None:
    with serve_sandbox(World(users=10, teams=2), now=lambda: now, faults=["license=timeout"]) as sandbox:
        headers = {"Authorization": f"Bearer {sandbox.token}"}
        async with httpx.AsyncClient(base_url=sandbox.base_url, headers=headers, timeout=0.5) as client:
            requests = [client.get("/api/v1/license") for _ in range(4)]
            responses = await asyncio.gather(*requests, return_exceptions=True)

    assert [httpx.ReadTimeout] * 4 == [type(response) for response in responses]
    assert (sandbox.requests.most_in_flight, sandbox.requests.in_flight) == (4, 0)


def test_latency_delays_every_response(now: datetime) -> None:
    with serve_sandbox(World(users=10, teams=2), now=lambda: now, latency_seconds=60) as sandbox:  # noqa: SIM117
        with pytest.raises(httpx.ReadTimeout):
            get(sandbox, timeout=0.2)


def sandbox_threads() -> set[threading.Thread]:
    """Return the sandboxes' threads. Libraries start and end their own at any time, and other tests' sandboxes stay."""
    return {thread for thread in threading.enumerate() if thread.name == "sandbox"}


def test_stopping_closes_threads_sockets_and_connections(now: datetime) -> None:
    threads_before = sandbox_threads()
    with serve_sandbox(World(users=10, teams=2), now=lambda: now, faults=["license=timeout"]) as sandbox:
        port = int(sandbox.base_url.rpartition(":")[2])
        connection = socket.create_connection(("127.0.0.1", port), timeout=20)
        connection.sendall(
            b"GET /api/v1/license HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n"
        )
        # The server sends this only after it has accepted the request and waits for the client.
        assert connection.recv(100).startswith(b"HTTP/1.1 100")
        assert len(sandbox_threads() - threads_before) == 1
    with connection:
        assert received(connection) == b""

    assert threads_before == sandbox_threads()
    with socket.socket() as second_socket:
        second_socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        second_socket.bind(("127.0.0.1", port))


def received(connection: socket.socket) -> bytes:
    """Return the remaining data; none after a reset."""
    try:
        return connection.recv(100)
    except ConnectionResetError:
        return b""


def test_an_occupied_port_is_reported_at_once(now: datetime) -> None:
    with socket.socket() as occupied:
        occupied.bind(("127.0.0.1", 0))
        occupied.listen()
        port = occupied.getsockname()[1]
        with pytest.raises(OSError, match="in use"), serve_sandbox(World(users=1), now=lambda: now, port=port):
            pass


def test_an_invalid_fault_starts_no_server(now: datetime) -> None:
    with (
        pytest.raises(ValueError, match="unknown kind"),
        serve_sandbox(World(users=1), now=lambda: now, faults=["license=x"]),
    ):
        pass
