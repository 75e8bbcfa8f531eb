"""Prefect has the same settings with and without --debug, except for its output."""

import os

import pytest

from cli.terminal import configure_prefect


@pytest.mark.parametrize(("debug", "level"), [(False, "CRITICAL"), (True, None)])
def test_a_temporary_server_has_time_to_start_and_sends_no_analytics(
    monkeypatch: pytest.MonkeyPatch, *, debug: bool, level: str | None
) -> None:
    monkeypatch.setattr(os, "environ", {})
    configure_prefect(debug=debug)
    assert os.environ["PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS"] == "120"
    assert os.environ["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"
    assert os.environ.get("PREFECT_LOGGING_LEVEL") == level
