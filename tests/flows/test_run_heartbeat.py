"""A monitor receives signals when a run begins and ends; a run does not depend on it."""

from collections.abc import Callable, Iterator

import pytest
from receivers import Monitor, Webhook

from flows.monthly_report import monthly_report
from tabnine_report.sandbox.server import RunningSandbox

pytestmark = pytest.mark.usefixtures("_on_the_2nd")


@pytest.fixture
def monitor() -> Iterator[Monitor]:
    monitor = Monitor()
    yield monitor
    monitor.stop()


@pytest.fixture
def write(write_profile: Callable[..., str], admins: Webhook, monitor: Monitor) -> Callable[..., str]:
    table = f'[admins]\nslack_webhook_url = "{admins.url}"\nheartbeat_url = "{monitor.url}"'
    return lambda **options: write_profile(admins=table, **options)


async def test_a_run_that_sends_is_a_success_also_if_the_monitor_rejects_it(
    write: Callable[..., str], monitor: Monitor
) -> None:
    monitor.status = 500
    state = await monthly_report(write(), return_state=True)
    assert state.name == "Sent"
    assert monitor.paths == ["/ping/hush/start", "/ping/hush"]


async def test_a_failed_run_and_one_that_could_not_start_are_failures(
    write: Callable[..., str], monitor: Monitor, sandbox: RunningSandbox
) -> None:
    sandbox.faults.add("organization=401")
    await monthly_report(write(), return_state=True)
    assert monitor.paths == ["/ping/hush/start", "/ping/hush/fail"]
    await monthly_report(write(token="${UNSET}"), return_state=True)
    assert monitor.paths[2:] == ["/ping/hush/fail"]


async def test_a_draft_and_a_profile_that_cannot_be_read_ping_nothing(
    write: Callable[..., str], monitor: Monitor
) -> None:
    await monthly_report(write(), month="2026-11", draft=True, return_state=True)
    await monthly_report("no-such-profile", return_state=True)
    assert monitor.paths == []
