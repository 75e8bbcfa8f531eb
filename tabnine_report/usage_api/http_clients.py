"""Build the HTTP clients: timeouts, TLS, proxy and the headers of every request."""

import ssl
from importlib.metadata import version

import httpx

from tabnine_report.profile.network import http_proxy, tls_context
from tabnine_report.profile.usage_api_settings import NetworkSettings, UsageApiSettings

CONNECT_SECONDS = 5.0

CONTENT_ENCODINGS = ("gzip", "identity")
"""The accepted encodings. With others, or two at once, a few kilobytes can expand to gigabytes in one step."""


def http_clients(
    settings: UsageApiSettings,
    network: NetworkSettings,
    *,
    transport: httpx.AsyncBaseTransport | None = None,
) -> tuple[httpx.AsyncClient, ...]:
    """Return the HTTP clients for one API host: one for each concurrent request, with one connection each.

    A single client with many connections searches all of them for each request, which can take longer than the request.
    The clients ignore the machine's environment and follow no redirects, because either could send the token to another
    host.

    Args:
        settings: Host, token and number of concurrent requests.
        network: Certificate authorities and proxy.
        transport: Replaces the network in tests.

    Raises:
        SettingsError: If the file of certificate authorities is invalid.
    """
    tls = tls_context(network)
    proxy = None if transport else http_proxy(settings.base_url, network, tls)
    program = f"tabnine-report/{version('tabnine-report')}"
    return tuple(_http_client(settings, tls, proxy, transport, program) for _ in range(settings.max_concurrency))


def _http_client(
    settings: UsageApiSettings,
    tls: ssl.SSLContext,
    proxy: httpx.Proxy | None,
    transport: httpx.AsyncBaseTransport | None,
    program: str,
) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        base_url=settings.base_url,
        headers={
            # As bytes: an error about a character that is invalid in a header would quote the whole token.
            b"Authorization": b"Bearer " + settings.token.get_secret_value().encode(),
            b"Accept": b"application/json",
            b"Accept-Encoding": ", ".join(CONTENT_ENCODINGS).encode(),
            b"User-Agent": program.encode(),
        },
        # The client limits the time of a whole attempt.
        timeout=httpx.Timeout(None, connect=CONNECT_SECONDS),
        # No maximum: a canceled request may leave its connection neither idle nor closed, and with a maximum of one the
        # next request would wait for it until it times out.
        limits=httpx.Limits(max_connections=None, max_keepalive_connections=1),
        verify=tls,
        proxy=proxy,
        transport=transport,
        trust_env=False,
        follow_redirects=False,
    )
