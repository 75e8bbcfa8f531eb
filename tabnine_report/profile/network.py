"""How every connection leaves this network, to the API and to the channels: certificate authorities and proxy."""

import ssl
from urllib.parse import unquote, urlsplit

import httpx

from tabnine_report.model.errors import SettingsError
from tabnine_report.profile.usage_api_settings import NetworkSettings


def tls_context(network: NetworkSettings) -> ssl.SSLContext:
    """Give the context of every TLS connection: certificates and host names are always checked.

    Raises:
        SettingsError: If the file of certificate authorities cannot be used.
    """
    if network.ca_bundle is None:
        return httpx.create_ssl_context(trust_env=False)
    try:
        return ssl.create_default_context(cafile=network.ca_bundle)
    except OSError as error:
        problem = f"network.ca_bundle: {network.ca_bundle} holds no certificates that can be read (PEM)"
        raise SettingsError("The network settings", [problem]) from error


def proxy_for(url: str, network: NetworkSettings) -> str | None:
    """Give the address of the proxy through which a URL is asked, or None when it is asked directly.

    An entry of `network.no_proxy` is a host, or a domain as `.acme.example`, which stands for itself and everything
    in it.
    """
    host = (urlsplit(url).hostname or "").lower()
    if network.proxy is None or any(_covers(entry.lower(), host) for entry in network.no_proxy):
        return None
    return network.proxy.get_secret_value()


def secrets_of(network: NetworkSettings) -> tuple[str, ...]:
    """Give what the proxy knows and nobody may read: its password, as the settings write it and as it is."""
    try:
        password = urlsplit(network.proxy.get_secret_value() if network.proxy else "").password or ""
    except ValueError:
        password = ""
    return (password, unquote(password))


def _covers(entry: str, host: str) -> bool:
    return host == entry.removeprefix(".") or (entry.startswith(".") and host.endswith(entry))
