"""Apply the network settings to connections: certificate authorities and proxy."""

import ssl
from urllib.parse import unquote, urlsplit

import httpx

from tabnine_report.model.errors import SettingsError
from tabnine_report.profile.addresses import is_in_domain
from tabnine_report.profile.usage_api_settings import NetworkSettings


def tls_context(network: NetworkSettings) -> ssl.SSLContext:
    """Return the TLS context of all connections; it always checks certificates and host names.

    Raises:
        SettingsError: If the file of certificate authorities cannot be read.
    """
    if network.ca_bundle is None:
        return httpx.create_ssl_context(trust_env=False)
    try:
        return ssl.create_default_context(cafile=network.ca_bundle)
    except OSError as error:
        problem = f"network.ca_bundle: {network.ca_bundle} contains no readable certificates (PEM)"
        raise SettingsError("The network settings", [problem]) from error


def proxy_for(url: str, network: NetworkSettings) -> str | None:
    """Return the proxy URL for a request, or None for a direct connection.

    An entry of `network.no_proxy` is a host, or a domain such as `.acme.example`, which includes its subdomains.
    """
    host = urlsplit(url).hostname or ""
    if network.proxy is None or any(is_in_domain(host, entry) for entry in network.no_proxy):
        return None
    return network.proxy.get_secret_value()


def http_proxy(url: str, network: NetworkSettings, tls: ssl.SSLContext) -> httpx.Proxy | None:
    """Return the proxy for a request as httpx uses it, or None for a direct connection."""
    proxy = proxy_for(url, network)
    return httpx.Proxy(proxy, ssl_context=tls if urlsplit(proxy).scheme == "https" else None) if proxy else None


def secrets_of(network: NetworkSettings) -> tuple[str, ...]:
    """Return the proxy password, encoded as in the settings and decoded, for redaction."""
    try:
        password = urlsplit(network.proxy.get_secret_value() if network.proxy else "").password or ""
    except ValueError:
        password = ""
    return (password, unquote(password))
