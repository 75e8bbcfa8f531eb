"""How the channels leave this network: certificate authorities and proxy, the same as for the API."""

import ssl
from urllib.parse import urlsplit

import httpx

from reporting.errors import SettingsError
from reporting.settings import NetworkSettings
from reporting.usage_api.connection import asked_directly


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
    """Give the proxy through which an address is asked, or None when it is asked directly."""
    if network.proxy is None or asked_directly(urlsplit(url).hostname or "", network.no_proxy):
        return None
    return network.proxy.get_secret_value()
