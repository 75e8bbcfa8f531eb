"""How a connection to the API is made: timeouts, and what every request carries."""

import ssl
from importlib.metadata import version
from urllib.parse import urlsplit

import httpx

from tabnine_report.profile.network import proxy_for, tls_context
from tabnine_report.profile.usage_api_settings import NetworkSettings, UsageApiSettings

CONNECT_SECONDS = 5.0
READ_SECONDS = 30.0

PACKINGS = ("gzip", "identity")
"""How an answer may be packed. With others, or twice, a few kilobytes can unpack to gigabytes in one step."""


def http_clients(
    settings: UsageApiSettings,
    network: NetworkSettings,
    *,
    budget_seconds: float,
    transport: httpx.AsyncBaseTransport | None = None,
) -> tuple[httpx.AsyncClient, ...]:
    """Make the HTTP clients for one API host: one for each request that may be under way, with one connection.

    A single client with many connections would look through all of them for each request, which soon takes longer than
    the request itself. They take nothing from the machine's environment and follow no redirect: neither may send the
    token elsewhere.

    Args:
        settings: Host, token and how many requests may be under way.
        network: Certificate authorities and proxy.
        budget_seconds: The time for all tries of an endpoint; one silence may use at most half of it.
        transport: Takes the place of the network.

    Raises:
        SettingsError: If the file of certificate authorities cannot be used.
    """
    tls = tls_context(network)
    proxy = None if transport else _proxy(settings, network, tls)
    return tuple(_http_client(settings, tls, proxy, budget_seconds, transport) for _ in range(settings.max_concurrency))


def _http_client(
    settings: UsageApiSettings,
    tls: ssl.SSLContext,
    proxy: httpx.Proxy | None,
    budget_seconds: float,
    transport: httpx.AsyncBaseTransport | None,
) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        base_url=settings.base_url,
        headers={
            # As bytes: an error about a letter that a header cannot hold would quote the whole token.
            b"Authorization": b"Bearer " + settings.token.get_secret_value().encode(),
            b"Accept": b"application/json",
            b"Accept-Encoding": ", ".join(PACKINGS).encode(),
            b"User-Agent": f"tabnine-report/{version('tabnine-report')}".encode(),
        },
        timeout=httpx.Timeout(
            connect=min(CONNECT_SECONDS, budget_seconds / 2),
            read=min(READ_SECONDS, budget_seconds / 2),
            write=None,
            pool=None,
        ),
        # One is kept, and never waited for: a request that is given up midway may leave its connection neither idle nor
        # closed, and with a bound of one the next request would wait for it until its time is up.
        limits=httpx.Limits(max_connections=None, max_keepalive_connections=1),
        verify=tls,
        proxy=proxy,
        transport=transport,
        trust_env=False,
        follow_redirects=False,
    )


def _proxy(settings: UsageApiSettings, network: NetworkSettings, tls: ssl.SSLContext) -> httpx.Proxy | None:
    url = proxy_for(settings.base_url, network)
    return httpx.Proxy(url, ssl_context=tls if urlsplit(url).scheme == "https" else None) if url else None
