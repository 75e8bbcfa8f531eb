"""Prefect shows one sentence about an expected error; and where an unexpected one occurred, but not its text."""

import logging
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import pytest
from receivers import Mail, Webhook

from flows.backfill import backfill
from flows.monthly_report import monthly_report
from tabnine_report.archive.retention import Retention
from tabnine_report.model.errors import ReportingError
from tasks import build_report, purge_archive, read_profile

WriteProfile = Callable[..., str]
SECRET = "https://hooks.example/hush"

pytestmark = pytest.mark.usefixtures("_on_the_2nd")


def errors(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return the red lines of a run's page in Prefect."""
    assert not any(record.exc_info for record in caplog.records)
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]


def block_archive(folder: Path) -> None:
    (folder / "reports").write_text("a file in the archive's place", encoding="utf-8")


@pytest.mark.parametrize(
    ("settings", "month", "prepare", "sentence"),
    [
        ({"token": "hush"}, "2026-10", None, "The API token was rejected. 127.0.0.1:"),
        ({"more": "[targets]\nnonsense = 1"}, "2026-10", None, "targets.nonsense is not a known key"),
        ({"token": "${A_TOKEN_NOT_SET}"}, "2026-10", None, "the environment variable A_TOKEN_NOT_SET"),
        ({}, "October", None, "'October' is not a month; write it as YYYY-MM"),
        ({}, "2026-11", None, "2026-11 is still open"),
        ({}, "2026-10", block_archive, "reports"),
    ],
)
async def test_an_expected_error_is_one_line_of_the_task_and_one_of_the_run(
    *,
    write_profile: WriteProfile,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    settings: dict[str, str],
    month: str,
    prepare: Callable[[Path], None] | None,
    sentence: str,
) -> None:
    if prepare:
        prepare(tmp_path)

    state = await monthly_report(write_profile(**settings), month, return_state=True)

    assert (state.name, state.is_failed()) == ("Failed", True)
    assert sentence in str(state.message)
    of_task, of_run = errors(caplog)
    assert sentence in of_task.replace("\\'", "'")
    assert of_run == f"Finished in state Failed({state.message!r})"
    assert not any("Traceback" in line or "hush" in line for line in (of_task, of_run, str(state.message)))


async def test_an_expected_error_of_a_backfill_is_one_line(
    write_profile: WriteProfile, caplog: pytest.LogCaptureFixture
) -> None:
    state = await backfill("2026-09", "2026-08", write_profile(), return_state=True)

    assert str(state.message).startswith("The range from 2026-09 to 2026-08 has no months.")
    assert errors(caplog) == [f"Finished in state Failed({state.message!r})"]


def fail(*_: Any, **__: Any) -> NoReturn:
    try:
        os.environ[SECRET]
    except KeyError as error:
        raise RuntimeError(SECRET) from error
    raise AssertionError


async def fail_in_flow(*_: Any, **__: Any) -> NoReturn:
    fail()


@pytest.mark.parametrize(
    ("owner", "name", "function", "tasks"),
    [
        (build_report, "_build", fail, 1),
        (read_profile, "open_run", fail, 1),
        ("flows.monthly_report", "_build_and_seal", fail_in_flow, 0),
    ],
)
async def test_an_unexpected_error_has_a_traceback_without_its_text_which_may_contain_a_secret(
    *,
    write_profile: WriteProfile,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    owner: Any,
    name: str,
    function: Callable[..., Any],
    tasks: int,
) -> None:
    profile = write_profile()
    if isinstance(owner, str):
        monkeypatch.setattr(f"{owner}.{name}", function)
    else:
        monkeypatch.setattr(owner, name, function)

    state = await monthly_report(profile, return_state=True)

    assert "An unexpected error occurred (RuntimeError)" in str(state.message)
    *of_tasks, where, of_run = errors(caplog)
    assert len(of_tasks) == tasks
    assert all("An unexpected error occurred (RuntimeError)" in line for line in of_tasks)
    first, second = where.split("Traceback (most recent call last):\n")[1:]
    assert first.splitlines()[-1] == "KeyError"
    assert second.splitlines()[-1] == "RuntimeError"
    assert "in fail\n" in first
    assert "flows/monthly_report.py" in second
    assert of_run == f"Finished in state Failed({state.message!r})"
    assert "hush" not in "".join([*map(str, (state.message, where, of_run)), *of_tasks])
    with pytest.raises(RuntimeError, match="hush"):
        await state.aresult()


async def test_an_unexpected_error_of_the_purge_is_logged_and_does_not_fail_the_run(
    write_profile: WriteProfile, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(purge_archive, "purge_profile", fail)
    monkeypatch.setattr("flows.monthly_report.retention_of", lambda _: Retention(bundle_months=24))
    state = await monthly_report(write_profile(), return_state=True)

    assert state.name == "Sent"
    of_task, where = errors(caplog)
    assert "in purge_archive\n" in where
    assert "hush" not in of_task + where


async def test_the_caller_of_a_run_receives_the_error_itself(write_profile: WriteProfile) -> None:
    with pytest.raises(ReportingError, match="rejected"):
        await monthly_report(write_profile(token="another-token"))


async def test_a_task_is_red_if_a_recipient_was_rejected_and_the_other_channels_go_on(
    write_profile: WriteProfile, mail: Mail, channel: Webhook, admins: Webhook, caplog: pytest.LogCaptureFixture
) -> None:
    mail.refused.add("cfo@acme.example")
    channel.status = 404

    state = await monthly_report(write_profile(), return_state=True)

    assert state.name == "Partly delivered"
    by_slack, by_email = sorted(errors(caplog)[:2])
    assert by_slack.startswith(
        "Finished in state Failed('The message reached 0 of 1 recipient: slack to webhook: rejected ("
    )
    assert by_email.startswith(
        "Finished in state Failed('The message reached 1 of 2 recipients: email to cfo@acme.example: rejected ("
    )
    assert "550 5.1.1 No such user" in by_email
    assert "cto@acme.example" in mail.recipients()
    assert len(admins.payloads) == 1


async def test_a_notice_that_an_admin_did_not_receive_makes_its_task_red_and_not_the_run(
    write_profile: WriteProfile, mail: Mail, caplog: pytest.LogCaptureFixture
) -> None:
    mail.refused.add("it-tools@acme.example")

    state = await monthly_report(write_profile(), return_state=True)

    assert state.name == "Sent"
    (of_task,) = errors(caplog)
    assert of_task.startswith("Finished in state Failed('The admins were not notified by email: ")
