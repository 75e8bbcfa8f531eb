import asyncio

import pytest
from misbehaving_server import Behavior, answering, serve, silent
from prefect.settings import PREFECT_API_URL, temporary_settings

from cli import flow_run
from tabnine_report.model.errors import ReportingError


@pytest.mark.parametrize(
    "behavior", [silent, answering(b"x", pause_seconds=0.05, repeated=True)], ids=["silent", "slow"]
)
def test_a_prefect_server_that_does_not_respond_in_time_ends_the_run_before_it_starts(
    behavior: Behavior, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flow_run, "SERVER_SECONDS", 0.3)
    with (
        serve(behavior) as port,
        temporary_settings({PREFECT_API_URL: f"http://127.0.0.1:{port}/api"}),
        pytest.raises(ReportingError, match="The Prefect server at PREFECT_API_URL does not respond"),
    ):
        asyncio.run(flow_run._check_server())
