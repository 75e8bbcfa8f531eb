"""Every kind of fault, over a real connection; and the server's start, end and memory."""

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
    """A server whose faults and log are this test's own."""
    shared.faults.clear()
    shared.requests.entries.clear()
    yield shared
    shared.faults.clear()


def get(sandbox: RunningSandbox, path: str = "v1/license", timeout: float = 20, **params: str) -> httpx.Response:
    headers = {"Authorization": f"Bearer {sandbox.token}"}
    return httpx.get(f"{sandbox.base_url}/api/{path}", params=params, headers=headers, timeout=timeout)


@pytest.mark.parametrize(
    ("status", "form"),
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
def test_a_status_comes_with_a_body_of_the_api(faulty: RunningSandbox, status: int, form: set[str]) -> None:
    faulty.faults.add(f"license={status}")
    answer = get(faulty)

    assert status == answer.status_code
    assert form == set(answer.json())
    assert "Retry-After" not in answer.headers


@pytest.mark.parametrize("status", [429, 503])
def test_a_status_may_say_when_to_come_again(faulty: RunningSandbox, status: int) -> None:
    faulty.faults.add(f"license={status}:7")

    assert get(faulty).headers["Retry-After"] == "7"


def test_after_its_count_a_fault_is_over_and_other_endpoints_never_saw_it(faulty: RunningSandbox) -> None:
    faulty.faults.add("license=500*2")

    statuses = [get(faulty).status_code, get(faulty, "v1/organization").status_code]
    statuses += [get(faulty).status_code, get(faulty).status_code]

    assert statuses == [500, 200, 500, 200]


def test_a_proxy_may_answer_instead(faulty: RunningSandbox) -> None:
    faulty.faults.add("license=html")
    answer = get(faulty)

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert "Company proxy" in answer.text


def test_null_is_valid_json_and_no_answer(faulty: RunningSandbox) -> None:
    faulty.faults.add("license=null")
    answer = get(faulty)

    assert (answer.status_code, answer.json()) == (200, None)


def test_a_misshapen_answer_is_valid_json(faulty: RunningSandbox) -> None:
    faulty.faults.add("license=shape")

    assert isinstance(get(faulty).json()["license"]["seats"], dict)


def test_a_truncated_answer_ends_before_its_announced_length(faulty: RunningSandbox) -> None:
    faulty.faults.add("license=truncated")

    with pytest.raises(httpx.RemoteProtocolError, match="without sending complete message body"):
        get(faulty)
    assert faulty.requests.entries[0].status == 200


def test_a_reset_connection_gives_no_answer_at_all(faulty: RunningSandbox) -> None:
    faulty.faults.add("license=reset")

    with pytest.raises(httpx.ReadError):
        get(faulty)
    assert faulty.requests.entries[0].status is None


def test_a_timeout_never_answers(faulty: RunningSandbox) -> None:
    faulty.faults.add("license=timeout")

    with pytest.raises(httpx.ReadTimeout):
        get(faulty, timeout=0.2)


def test_a_slow_answer_is_a_true_one_and_too_slow_for_the_impatient(faulty: RunningSandbox) -> None:
    faulty.faults.add("license=slow:0.01*1")
    assert get(faulty).status_code == 200

    faulty.faults.add("license=slow:60")
    with pytest.raises(httpx.ReadTimeout):
        get(faulty, timeout=0.2)


def test_the_log_tells_who_asked_for_what_and_what_came_out(faulty: RunningSandbox) -> None:
    faulty.faults.add("license=503")
    answer = get(faulty)
    get(faulty, "v1/instance/permissions", role="Admin")
    refused, answered = faulty.requests.entries

    assert (refused.method, refused.path, refused.params, refused.status) == ("GET", "/api/v1/license", {}, 503)
    assert (answer.headers["X-Request-Id"], {"role": "Admin"}) == (refused.request_id, answered.params)
    assert [answered] == faulty.requests.to("instance/permissions")
    assert refused.finished is not None
    assert refused.started <= refused.finished <= answered.started


async def test_the_log_tells_how_many_were_under_way_at_once(now: datetime) -> None:
    with serve_sandbox(World(users=10, teams=2), now=lambda: now, faults=["license=timeout"]) as sandbox:
        headers = {"Authorization": f"Bearer {sandbox.token}"}
        async with httpx.AsyncClient(base_url=sandbox.base_url, headers=headers, timeout=0.5) as client:
            requests = [client.get("/api/v1/license") for _ in range(4)]
            answers = await asyncio.gather(*requests, return_exceptions=True)

    assert [httpx.ReadTimeout] * 4 == [type(answer) for answer in answers]
    assert (sandbox.requests.most_in_flight, sandbox.requests.in_flight) == (4, 0)


def test_latency_makes_every_answer_wait(now: datetime) -> None:
    with serve_sandbox(World(users=10, teams=2), now=lambda: now, latency_seconds=60) as sandbox:  # noqa: SIM117
        with pytest.raises(httpx.ReadTimeout):
            get(sandbox, timeout=0.2)


def test_stopping_leaves_no_thread_no_socket_and_nobody_waiting(now: datetime) -> None:
    before = set(threading.enumerate())
    with serve_sandbox(World(users=10, teams=2), now=lambda: now, faults=["license=timeout"]) as sandbox:
        port = int(sandbox.base_url.rpartition(":")[2])
        waiting = socket.create_connection(("127.0.0.1", port), timeout=20)
        waiting.sendall(b"GET /api/v1/license HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n")
        # The server says this only once it holds the request and waits for the client.
        assert waiting.recv(100).startswith(b"HTTP/1.1 100")
    with waiting:
        assert received(waiting) == b""

    assert before == set(threading.enumerate())
    with socket.socket() as again:
        again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        again.bind(("127.0.0.1", port))


def received(connection: socket.socket) -> bytes:
    """What still comes; a connection that was reset brings nothing."""
    try:
        return connection.recv(100)
    except ConnectionResetError:
        return b""


def test_a_port_that_is_taken_is_said_at_once(now: datetime) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match="in use"), serve_sandbox(World(users=1), now=lambda: now, port=port):
            pass


def test_a_fault_that_is_not_understood_starts_no_server(now: datetime) -> None:
    with (
        pytest.raises(ValueError, match="of no kind"),
        serve_sandbox(World(users=1), now=lambda: now, faults=["license=x"]),
    ):
        pass
