"""docs/reliability.md states the limits of the code."""

from pathlib import Path

import pytest

from cli import run_in_process
from tabnine_report.archive import bucket
from tabnine_report.deliver import heartbeat
from tabnine_report.deliver.channels import email, http_post, slack_bot, smtp_connections
from tabnine_report.deliver.ledger import database, limited_connection
from tabnine_report.runs import process_end
from tabnine_report.usage_api import response_memory
from tabnine_report.usage_api.retrying import SIDE_SECONDS
from tasks import publish_artifacts
from tasks.read_profile import SECRET_SECONDS

PAGE = (Path(__file__).parents[1] / "docs" / "reliability.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("conversation", "seconds"),
    [
        ("all optional requests together", SIDE_SECONDS),
        ("one step with the mail server", email.STEP_TIMEOUT_SECONDS),
        (
            "the response of the mail server to the content of a message",
            email.STEP_TIMEOUT_SECONDS * email.CONTENT_TIMEOUT_FACTOR,
        ),
        ("all messages of an email channel", smtp_connections.TOTAL_SECONDS),
        ("one request to Slack", http_post.REQUEST_SECONDS),
        ("one upload to Slack", slack_bot.UPLOAD_SECONDS),
        ("one operation of a bucket", bucket.OPERATION_SECONDS),
        ("a connection to the ledger in PostgreSQL", database.CONNECTION_TIMEOUT_SECONDS),
        ("one statement of the ledger in PostgreSQL", limited_connection.STATEMENT_SECONDS),
        ("the wait for a lock of the ledger", database.LOCK_TIMEOUT_SECONDS),
        ("one attempt to look up a secret in Prefect; there are three", SECRET_SECONDS),
        ("the first response of the Prefect server to `tabnine-report run`", run_in_process.SERVER_SECONDS),
        ("the artifacts in Prefect", publish_artifacts.TIME_LIMIT_SECONDS),
        ("the end of the process, after the run has ended", process_end.REPORT_SECONDS),
        ("a ping to the monitor (`admins.heartbeat_url`)", heartbeat.TIMEOUT_SECONDS),
        ("a run that is stopped by SIGTERM", process_end.STOP_SECONDS),
    ],
)
def test_the_limits_of_time_are_those_of_the_code(conversation: str, seconds: float) -> None:
    assert f"| {conversation} | {seconds:g} seconds" in PAGE


def test_the_limits_of_memory_are_those_of_the_code() -> None:
    for name, limit in {
        "one response": response_memory.MAX_RESPONSE_BYTES,
        "all responses of one endpoint": response_memory.MAX_ENDPOINT_BYTES,
        "all responses of a run": response_memory.MAX_RUN_BYTES,
    }.items():
        assert f"| {name} | {limit // 2**20} MiB |" in PAGE
