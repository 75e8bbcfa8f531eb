"""Prefect is set up the same with and without --debug, but for what it prints."""

import os

import pytest

from cli.terminal import settle_prefect


@pytest.mark.parametrize(("debug", "level"), [(False, "CRITICAL"), (True, None)])
def test_a_temporary_server_gets_its_time_and_tells_nobody_of_us(
    monkeypatch: pytest.MonkeyPatch, *, debug: bool, level: str | None
) -> None:
    monkeypatch.setattr(os, "environ", {})
    settle_prefect(debug=debug)
    assert os.environ["PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS"] == "120"
    assert os.environ["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"
    assert os.environ.get("PREFECT_LOGGING_LEVEL") == level
