"""Ping a monitor that alerts when pings stop, such as Healthchecks.io or Uptime Kuma.

The address is a secret: anyone who knows it can send a false signal. A ping is never a reason for a failure.
"""

import asyncio
import logging
from enum import StrEnum
from http import HTTPStatus
from urllib.parse import urlsplit

from tabnine_report.deliver.channels.http_post import HttpFailure, HttpPoster, HttpResponse
from tabnine_report.model.errors import SettingsError
from tabnine_report.profile.channel_settings import AdminSettings
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
    if address := _address(admins.heartbeat_url.get_secret_value(), signal):
        try:
            requests = await asyncio.to_thread(HttpPoster, network, TIMEOUT_SECONDS)
        except SettingsError as error:
            problem = str(error)
        else:
            response = await requests.get(address)
            problem = _problem(response)
        if problem:
            _log.warning("The monitor of admins.heartbeat_url was not pinged: %s", problem)


def _address(url: str, signal: Signal) -> str:
    """Return the address to ping; empty if the monitor has none for this signal."""
    base, _, query = url.partition("?")
    if _UPTIME_KUMA in urlsplit(base).path:
        states = {Signal.SUCCESS: "up", Signal.FAIL: "down"}
        return f"{base}?status={states[signal]}&msg={signal}" if signal in states else ""
    end = "" if signal is Signal.SUCCESS else f"/{signal}"
    return f"{base}{end}?{query}".rstrip("?")


def _problem(response: HttpResponse | HttpFailure) -> str:
    if isinstance(response, HttpFailure):
        # Its reason may quote a part of the address.
        return "no response"
    return "" if HTTPStatus.OK <= response.status < HTTPStatus.MULTIPLE_CHOICES else f"status {response.status}"
