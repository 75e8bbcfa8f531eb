"""A range of months is made oldest first; one that fails stops no other and is told."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from receivers import Mail, Webhook

from flows.backfill import backfill
from tabnine_report.archive import Archive
from tabnine_report.model.errors import MonthError, ReportingError
from tabnine_report.model.month import Month
from tabnine_report.sandbox.server import RunningSandbox

WriteProfile = Callable[..., str]

pytestmark = [
    pytest.mark.usefixtures("_on_the_2nd"),
    # Prefect's client leaves connections to its server for the garbage collector to close.
    pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"),
    pytest.mark.filterwarnings("ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning"),
]


async def test_each_month_is_made_oldest_first_and_nobody_gets_it(
    write_profile: WriteProfile, mail: Mail, channel: Webhook, admins: Webhook, tmp_path: Path
) -> None:
    assert await backfill("2026-08", "2026-09", write_profile()) == {"2026-08": "made", "2026-09": "made"}
    assert (mail.messages, channel.payloads, admins.payloads) == ([], [], [])
    september = Archive(tmp_path / "reports").bundle("acme", Month(2026, 9), 1)
    assert [one.month for one in september.prior_reports().months] == ["2026-08"]


async def test_a_month_that_fails_is_told_and_the_others_are_made(
    write_profile: WriteProfile, sandbox: RunningSandbox, admins: Webhook, tmp_path: Path
) -> None:
    sandbox.faults.add("organization=400*1")
    with pytest.raises(ReportingError, match=r"1 of 2 months failed, the others are made\. 2026-08: .*400"):
        await backfill("2026-08", "2026-09", write_profile())
    assert "the run for August 2026 failed" in admins.text()
    assert Archive(tmp_path / "reports").list_revisions("acme") == [(Month(2026, 9), 1)]


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ("2026-09", "2026-08", "no months"),
        ("2026-09", "2026-11", "still open"),
        ("2020-01", "last complete month", "82 months"),
        ("August", "2026-09", "is not a month"),
    ],
)
async def test_a_range_that_cannot_be_reported_is_refused_before_anything_is_asked(
    write_profile: WriteProfile, sandbox: RunningSandbox, first: str, last: str, said: str
) -> None:
    with pytest.raises(MonthError, match=said):
        await backfill(first, last, write_profile())
    assert sandbox.requests.entries == []


def test_the_form_describes_each_parameter() -> None:
    properties = json.loads(backfill.parameters.model_dump_json())["properties"]
    assert list(properties) == ["first", "last", "profile", "delivery"]
    assert all(parameter["description"] for parameter in properties.values())
    assert properties["delivery"]["default"] == "nobody"
