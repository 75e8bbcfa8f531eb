"""A ping reaches the monitor under the address of its signal, and is never a reason for a failure or a leak."""

import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from receivers import Monitor

from tabnine_report.deliver import heartbeat
from tabnine_report.deliver.heartbeat import Signal, ping
from tabnine_report.profile.channel_settings import AdminSettings
from tabnine_report.profile.usage_api_settings import NetworkSettings

NETWORK = NetworkSettings()


def admins(url: str) -> AdminSettings:
    return AdminSettings.model_validate({"heartbeat_url": url})


@pytest.fixture
def open_monitor() -> Iterator[Callable[[str], Monitor]]:
    opened: list[Monitor] = []

    def open_at(path: str) -> Monitor:
        opened.append(Monitor(path))
        return opened[-1]

    yield open_at
    for monitor in opened:
        monitor.stop()


@pytest.mark.parametrize(
    ("path", "requested"),
    [
        ("/ping/hush", ["/ping/hush/start", "/ping/hush", "/ping/hush/fail"]),
        ("/ping/hush?rid=1", ["/ping/hush/start?rid=1", "/ping/hush?rid=1", "/ping/hush/fail?rid=1"]),
        ("/api/push/hush", ["/api/push/hush?status=up&msg=success", "/api/push/hush?status=down&msg=fail"]),
        (
            "/api/push/hush?status=up&msg=OK&ping=",
            ["/api/push/hush?status=up&msg=success", "/api/push/hush?status=down&msg=fail"],
        ),
    ],
)
async def test_each_signal_has_its_address(
    open_monitor: Callable[[str], Monitor], path: str, requested: list[str]
) -> None:
    monitor = open_monitor(path)
    for signal in Signal:
        await ping(admins(monitor.url), NETWORK, signal)
    assert monitor.paths == requested


async def test_without_an_address_nothing_is_pinged() -> None:
    await ping(AdminSettings(), NETWORK, Signal.START)


async def test_a_monitor_that_rejects_or_does_not_respond_is_only_logged(
    open_monitor: Callable[[str], Monitor], caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    caplog.set_level(logging.DEBUG)
    monitor = open_monitor("/ping/hush")
    monitor.status = 404
    await ping(admins(monitor.url), NETWORK, Signal.SUCCESS)
    await ping(admins("http://127.0.0.1:9/ping/hush"), NETWORK, Signal.SUCCESS)
    certificates = tmp_path / "ca.pem"
    certificates.write_text("no certificate", encoding="utf-8")
    await ping(admins(monitor.url), NetworkSettings(ca_bundle=certificates), Signal.SUCCESS)

    problems = [record.getMessage() for record in caplog.records if record.name == heartbeat.__name__]
    assert [problem.partition(": ")[2].partition(": network")[0] for problem in problems] == [
        "status 404",
        "no response",
        "The network settings",
    ]
    assert "hush" not in caplog.text


@pytest.mark.parametrize("url", ["http://monitor.example/ping/hush", "hush", "https://a:b@monitor.example/hush"])
def test_an_address_that_would_leak_is_refused_without_its_value(url: str) -> None:
    with pytest.raises(ValueError, match="heartbeat_url") as raised:
        admins(url)
    assert "hush" not in str(raised.value)
