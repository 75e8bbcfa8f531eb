"""How a connection to the API is made: certificates, proxy, timeouts, and what every request carries."""

import ssl
from importlib.metadata import version
from urllib.parse import urlsplit

import httpx

from reporting.errors import SettingsError
from reporting.settings import NetworkSettings, UsageApiSettings

CONNECT_SECONDS = 5.0
READ_SECONDS = 30.0


def http_client(
    settings: UsageApiSettings,
    network: NetworkSettings,
    *,
    budget_seconds: float,
    transport: httpx.AsyncBaseTransport | None = None,
) -> httpx.AsyncClient:
    """Make the HTTP client for one API host.

    It takes nothing from the machine's environment and follows no redirect: neither may send the token elsewhere.

    Args:
        settings: Host, token and how many connections there may be.
        network: Certificate authorities and proxy.
        budget_seconds: The time for all tries of an endpoint; one silence may use at most half of it.
        transport: Takes the place of the network.

    Raises:
        SettingsError: If the file of certificate authorities cannot be used.
    """
    tls = _tls(network)
    proxy = None if transport else _proxy(settings, network, tls)
    return httpx.AsyncClient(
        base_url=settings.base_url,
        headers={
            # As bytes: an error about a letter that a header cannot hold would quote the whole token.
            b"Authorization": b"Bearer " + settings.token.get_secret_value().encode(),
            b"Accept": b"application/json",
            b"User-Agent": f"tabnine-report/{version('tabnine-report')}".encode(),
        },
        timeout=httpx.Timeout(
            connect=min(CONNECT_SECONDS, budget_seconds / 2),
            read=min(READ_SECONDS, budget_seconds / 2),
            write=None,
            pool=None,
        ),
        limits=httpx.Limits(
            max_connections=settings.max_concurrency, max_keepalive_connections=settings.max_concurrency
        ),
        verify=tls,
        proxy=proxy,
        transport=transport,
        trust_env=False,
        follow_redirects=False,
    )


def asked_directly(host: str, no_proxy: tuple[str, ...]) -> bool:
    """Tell whether a host is asked without the proxy.

    An entry is a host, or a domain as `.acme.example`, which stands for itself and everything in it.
    """
    host = host.lower()
    entries = [entry.lower() for entry in no_proxy]
    return any(host == entry.removeprefix(".") or (entry[:1] == "." and host.endswith(entry)) for entry in entries)


def _proxy(settings: UsageApiSettings, network: NetworkSettings, tls: ssl.SSLContext) -> httpx.Proxy | None:
    host = urlsplit(settings.base_url).hostname or ""
    if network.proxy is None or asked_directly(host, network.no_proxy):
        return None
    url = network.proxy.get_secret_value()
    return httpx.Proxy(url, ssl_context=tls if urlsplit(url).scheme == "https" else None)


def _tls(network: NetworkSettings) -> ssl.SSLContext:
    if network.ca_bundle is None:
        return httpx.create_ssl_context(trust_env=False)
    try:
        return ssl.create_default_context(cafile=network.ca_bundle)
    except OSError as error:
        problem = f"network.ca_bundle: {network.ca_bundle} holds no certificates that can be read (PEM)"
        raise SettingsError("The network settings", [problem]) from error
