"""The connections to the API's host: timeouts, TLS, proxy and the headers of every request."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from urllib.parse import urlencode

import httpx

from tabnine_report.profile.network import http_proxy, tls_context
from tabnine_report.profile.usage_api_settings import NetworkSettings, UsageApiSettings

CONTENT_ENCODINGS = ("gzip", "identity")
"""The accepted encodings. With others, or two at once, a few kilobytes can expand to gigabytes in one step."""

# The client limits the time of a whole attempt.
_TIMEOUT = httpx.Timeout(None, connect=5.0).as_dict()


@dataclass(frozen=True)
class HttpConnection:
    """Sends one request at a time to the API's host, and keeps its connection open for the next one.

    It uses the transport of httpx without its client, which takes as long again for each request: it parses the URL
    three times and prepares logins, redirects and cookies. The transport has none of them, so the token is sent to no
    other host.

    Attributes:
        base_url: The address of the API.
        headers: The headers of every request.
        transport: Opens the connection.
    """

    base_url: str
    headers: httpx.Headers = field(repr=False)
    transport: httpx.AsyncBaseTransport

    @asynccontextmanager
    async def get(self, path: str, params: Mapping[str, str]) -> AsyncIterator[httpx.Response]:
        """Send a GET request, and yield its response, whose body has not been read.

        Raises:
            httpx.RequestError: If no response arrives.
        """
        url = f"{self.base_url}{path}?{urlencode(params)}" if params else f"{self.base_url}{path}"
        request = httpx.Request("GET", url, headers=self.headers, extensions={"timeout": _TIMEOUT})
        response = await self.transport.handle_async_request(request)
        try:
            yield response
        finally:
            await response.aclose()


def http_connections(
    settings: UsageApiSettings,
    network: NetworkSettings,
    *,
    transport: httpx.AsyncBaseTransport | None = None,
) -> tuple[HttpConnection, ...]:
    """Return the connections to one API host: one for each concurrent request.

    A single transport with many connections searches all of them for each request, which can take longer than the
    request. The connections ignore the machine's environment, which could send the token to another host.

    Args:
        settings: Host, token and number of concurrent requests.
        network: Certificate authorities and proxy.
        transport: Replaces the network in tests.

    Raises:
        SettingsError: If the file of certificate authorities is invalid.
    """
    tls = tls_context(network)
    proxy = http_proxy(settings.base_url, network, tls)
    headers = httpx.Headers(
        {
            # As bytes: an error about a character that is invalid in a header would quote the whole token.
            b"Authorization": b"Bearer " + settings.token.get_secret_value().encode(),
            b"Accept": b"application/json",
            b"Accept-Encoding": ", ".join(CONTENT_ENCODINGS).encode(),
            b"User-Agent": f"tabnine-report/{version('tabnine-report')}".encode(),
        }
    )
    # No maximum: a canceled request may leave its connection neither idle nor closed, and with a maximum of one the
    # next request would wait for it until it times out.
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=1)
    transports = (
        transport or httpx.AsyncHTTPTransport(verify=tls, trust_env=False, limits=limits, proxy=proxy)
        for _ in range(settings.max_concurrency)
    )
    return tuple(HttpConnection(settings.base_url, headers, each) for each in transports)
