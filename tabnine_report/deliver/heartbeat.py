"""Ping a monitor that notices when signs of life stop, such as Healthchecks.io or Uptime Kuma.

The address is a secret: whoever knows it can report a false sign of life. A ping is never a reason for a failure.
"""

import asyncio
import logging
from enum import StrEnum
from urllib.parse import urlsplit

import httpx

from tabnine_report.profile.channel_settings import AdminSettings
from tabnine_report.profile.network import proxy_for, tls_context
from tabnine_report.profile.usage_api_settings import NetworkSettings

TIMEOUT_SECONDS = 5.0
"""How long one ping may take in all."""

_UPTIME_KUMA = "/api/push/"

_log = logging.getLogger(__name__)


class Signal(StrEnum):
    """What a ping reports."""

    START = "start"
    """A run or a round of the watchdog has begun."""
    SUCCESS = "success"
    """It has ended, and nothing is wrong."""
    FAIL = "fail"
    """It failed, or a problem is open."""


async def ping(admins: AdminSettings, network: NetworkSettings, signal: Signal) -> None:
    """Ping the monitor of `admins.heartbeat_url`, if there is one; a ping that fails is only logged."""
    if admins.heartbeat_url is None:
        return
    address = _address(admins.heartbeat_url.get_secret_value(), signal)
    if not address:
        return
    try:
        async with asyncio.timeout(TIMEOUT_SECONDS):
            status = await _get(address, network)
    except Exception as error:  # noqa: BLE001 - the text of any error may contain the address
        _log.warning("The monitor of admins.heartbeat_url was not pinged (%s)", type(error).__name__)
    else:
        if not httpx.codes.is_success(status):
            _log.warning("The monitor of admins.heartbeat_url responded with status %s", status)


def _address(url: str, signal: Signal) -> str:
    """Return the address to ping; empty if the monitor has none for this signal."""
    base, _, query = url.partition("?")
    if _UPTIME_KUMA in urlsplit(base).path:
        states = {Signal.SUCCESS: "up", Signal.FAIL: "down"}
        return f"{base}?status={states[signal]}&msg={signal}" if signal in states else ""
    end = "" if signal is Signal.SUCCESS else f"/{signal}"
    return f"{base}{end}?{query}".rstrip("?")


async def _get(address: str, network: NetworkSettings) -> int:
    """Return the status of the response, whose body is not read.

    A client would log the address; its transport does not.
    """
    transport = httpx.AsyncHTTPTransport(verify=tls_context(network), proxy=proxy_for(address, network))
    timeout = dict.fromkeys(("connect", "read", "write", "pool"), TIMEOUT_SECONDS)
    async with transport:
        response = await transport.handle_async_request(
            httpx.Request("GET", address, extensions={"timeout": timeout})
        )
        await response.aclose()
        return response.status_code
