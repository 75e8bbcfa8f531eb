import asyncio
import logging
import ssl
import traceback
from base64 import b64encode
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest
import trustme
from pydantic import SecretStr

from tabnine_report.model.errors import NoResponse, UntrustedCertificate
from tabnine_report.profile.usage_api_settings import NetworkSettings
from tabnine_report.usage_api.query import Query
from tabnine_report.usage_api.retrying import RetryPolicy
from tabnine_report.usage_api.snapshot import Fetch

Fetching = Callable[..., Awaitable[Fetch]]
Loopback = Callable[..., AbstractAsyncContextManager[str]]
Connected = Callable[[str, asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

ONCE = RetryPolicy(attempts=1)


def _response(seats: int) -> bytes:
    body = f'{{"license": {{"seats": {seats}}}}}'.encode()
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % len(body) + body


def _server(heads: list[str], seats: int) -> Connected:
    async def respond(head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append(head)
        writer.write(_response(seats))

    return respond


def _tunnel(heads: list[str]) -> Connected:
    """Return a proxy that opens tunnels for https, and responds to other requests itself with 1 seat."""

    async def connected(head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append(head)
        method, target, _ = head.partition("\r\n")[0].split(" ")
        if method != "CONNECT":
            writer.write(_response(1))
            return
        target_reader, target_writer = await asyncio.open_connection(*target.split(":"))
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await asyncio.gather(_pump(reader, target_writer), _pump(target_reader, writer))

    return connected


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    finally:
        writer.close()


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def tls(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


@pytest.fixture
def bundle(authority: trustme.CA, tmp_path: Path) -> Path:
    path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(path)
    return path


async def test_log_of_a_connection_does_not_contain_the_token(
    fetch: Fetching, loopback: Loopback, token: str, caplog: pytest.LogCaptureFixture
) -> None:
    """httpx and httpcore log details down to single response headers."""
    caplog.set_level(logging.DEBUG)
    heads: list[str] = []
    async with loopback(_server(heads, 5)) as address:
        await fetch(base_url=f"http://{address}")
    assert token in heads[0]
    assert "receive_response_headers" in caplog.text
    assert token not in caplog.text


async def test_error_does_not_quote_the_proxy_password(fetch: Fetching, loopback: Loopback) -> None:
    async def refuses(head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        login = head.partition("Proxy-Authorization: ")[2].partition("\r\n")[0]
        writer.write(f"HTTP/1.1 407 {login} pass-of-the-proxy\r\nContent-Length: 0\r\n\r\n".encode())

    async with loopback(refuses) as address:
        network = NetworkSettings(proxy=SecretStr(f"http://u:p%61ss-of-the-proxy@{address}"))
        with pytest.raises(NoResponse, match=r"the proxy refused the connection \(407 Basic .*\[secret\]") as caught:
            await fetch(network=network, retry_policy=ONCE)
    text = "".join(traceback.format_exception(caught.value))
    assert "of-the-proxy" not in text
    assert b64encode(b"u:pass-of-the-proxy").decode()[4:-4] not in text


def _seats(got: Fetch) -> int:
    seats: int = got.responses[0].json_body()["license"]["seats"]
    return seats


async def test_private_authority_in_the_bundle_is_trusted(
    fetch: Fetching, loopback: Loopback, tls: ssl.SSLContext, bundle: Path
) -> None:
    async with loopback(_server([], 5), tls) as address:
        got = await fetch(base_url=f"https://{address}", network=NetworkSettings(ca_bundle=bundle))
    assert _seats(got) == 5


@pytest.mark.filterwarnings("ignore::ResourceWarning")
async def test_unknown_authority_gets_no_request_and_no_retry(
    fetch: Fetching, loopback: Loopback, tls: ssl.SSLContext, caplog: pytest.LogCaptureFixture
) -> None:
    heads: list[str] = []
    async with loopback(_server(heads, 5), tls) as address:
        with pytest.raises(UntrustedCertificate, match=r"its certificate is not trusted .* network\.ca_bundle"):
            await fetch(base_url=f"https://{address}")
    assert (heads, [record for record in caplog.records if record.name.startswith("tabnine_report")]) == ([], [])


@pytest.mark.filterwarnings("ignore::ResourceWarning")
async def test_port_without_tls_names_the_setting(fetch: Fetching) -> None:
    async def speak_first(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(speak_first, "127.0.0.1", 0) as server:
        host, port = server.sockets[0].getsockname()
        with pytest.raises(NoResponse, match=r"no secure connection .* usage_api\.base_url"):
            await fetch(base_url=f"https://{host}:{port}", retry_policy=ONCE)


async def test_environment_variables_do_not_set_the_proxy(
    fetch: Fetching, loopback: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    heads: list[str] = []
    async with loopback(_tunnel(heads)) as proxy, loopback(_server([], 5)) as address:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://{proxy}")
        got = await fetch(base_url=f"http://{address}")
    assert (_seats(got), heads) == (5, [])


async def test_address_may_have_a_path_and_parameters_any_character(fetch: Fetching, loopback: Loopback) -> None:
    heads: list[str] = []
    async with loopback(_server(heads, 5)) as address:
        await fetch(
            base_url=f"http://{address}/console/", sent=[Query("q", {"teamId": "a b&c=/\u00e9?#%", "from": "x:y"})]
        )
    assert heads[0].startswith(
        "GET /console/api/v1/license?teamId=a+b%26c%3D%2F%C3%A9%3F%23%25&from=x%3Ay HTTP/1.1\r\n"
    )


async def test_cookies_are_not_sent_back(fetch: Fetching, loopback: Loopback) -> None:
    heads: list[str] = []

    async def sets_cookie(head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append(head)
        writer.write(_response(5).replace(b"\r\n", b"\r\nSet-Cookie: session=1; Path=/\r\n", 1))

    async with loopback(sets_cookie) as address:
        await fetch(base_url=f"http://{address}", sent=[Query("1"), Query("2")], max_concurrency=1)
    assert len(heads) == 2
    assert "cookie" not in "".join(heads).lower()


async def test_requests_use_the_proxy(fetch: Fetching, loopback: Loopback) -> None:
    heads: list[str] = []
    async with loopback(_tunnel(heads)) as proxy:
        network = NetworkSettings(proxy=SecretStr(f"http://user:pass@{proxy}"))
        got = await fetch(base_url="http://localhost:9", network=network)
    assert _seats(got) == 1
    assert heads[0].startswith("GET http://localhost:9/api/v1/license HTTP/1.1\r\n")


async def test_host_in_no_proxy_is_requested_directly(fetch: Fetching, loopback: Loopback) -> None:
    heads: list[str] = []
    async with loopback(_tunnel(heads)) as proxy, loopback(_server([], 5)) as address:
        network = NetworkSettings(proxy=SecretStr(f"http://{proxy}"), no_proxy=("127.0.0.1",))
        got = await fetch(base_url=f"http://{address}", network=network)
    assert (_seats(got), heads) == (5, [])


async def test_proxy_does_not_see_the_token_over_https(
    fetch: Fetching, loopback: Loopback, tls: ssl.SSLContext, bundle: Path, token: str
) -> None:
    at_proxy: list[str] = []
    at_server: list[str] = []
    async with loopback(_server(at_server, 5), tls) as address, loopback(_tunnel(at_proxy)) as proxy:
        network = NetworkSettings(ca_bundle=bundle, proxy=SecretStr(f"http://{proxy}"))
        got = await fetch(base_url=f"https://{address}", network=network)
    assert _seats(got) == 5
    assert at_proxy[0].startswith(f"CONNECT {address} HTTP/1.1\r\n")
    assert token not in "".join(at_proxy)
    assert token in at_server[0]


async def test_error_names_the_proxy_without_its_password(
    fetch: Fetching, loopback: Loopback, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    async def refuses(head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")

    async with loopback(refuses) as proxy:
        network = NetworkSettings(proxy=SecretStr(f"http://user:secret@{proxy}"))
        with pytest.raises(NoResponse) as caught:
            await fetch(base_url="https://console.example", network=network, retry_policy=ONCE)
    assert "the proxy refused the connection (407 Proxy Authentication Required). Check network.proxy." in str(
        caught.value
    )
    written = caplog.text + "".join(traceback.format_exception(caught.value))
    assert "secret" not in written
    assert b64encode(b"user:secret").decode() not in written
