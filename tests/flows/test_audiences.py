"""Whole runs with two audiences: each recipient receives one message with their edition."""

from collections.abc import Callable
from email.message import EmailMessage
from typing import TYPE_CHECKING

import pytest
from receivers import Mail, Webhook

from flows.monthly_report import monthly_report
from tabnine_report.archive import Bundle
from tabnine_report.runs.status import RunStatus

if TYPE_CHECKING:
    from tabnine_report.runs.result import RunResult

WriteProfile = Callable[..., str]

pytestmark = pytest.mark.usefixtures("_on_the_2nd")
# The CFO is in both audiences, with another spelling.
AUDIENCE = """
[[audiences]]
name = "platform team"
edition = "full"
recipients = ["Platform <platform@acme.example>", "The CFO <CFO@acme.example>"]
"""


def text(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


async def test_a_recipient_in_two_audiences_receives_one_message_with_the_full_edition(
    write_profile: WriteProfile, mail: Mail, channel: Webhook
) -> None:
    profile = write_profile(more=AUDIENCE)
    result: RunResult = await monthly_report(profile)
    rerun: RunResult = await monthly_report(profile, "2026-10")

    assert (result.status, rerun.status) == (RunStatus.SENT, RunStatus.NOTHING_TO_SEND)
    sent = [(address.lower(), message) for address, message in mail.messages if "it-tools" not in address]
    assert sorted(address for address, _ in sent) == ["cfo@acme.example", "cto@acme.example", "platform@acme.example"]
    full = {address: "full edition" in text(message) for address, message in sent}
    assert full == {"cfo@acme.example": True, "cto@acme.example": False, "platform@acme.example": True}
    bundle = Bundle(result.folder)
    attached = {address: next(message.iter_attachments()).get_content() for address, message in sent}
    assert attached["cto@acme.example"] == bundle.read("report.pdf")
    assert attached["cfo@acme.example"] == bundle.read("full/report.pdf")
    assert len(channel.payloads) == 1


async def test_teams_are_fetched_only_for_readers_of_the_full_edition_who_may_be_added_later(
    write_profile: WriteProfile, mail: Mail
) -> None:
    first: RunResult = await monthly_report(write_profile())
    assert first.report.teams is None
    assert not [line for line in first.report.data_quality.data_sources if line.endpoint.startswith("team-")]
    assert not [name for name in Bundle(first.folder).documents() if name.startswith("full/")]
    second: RunResult = await monthly_report(write_profile(more=AUDIENCE))

    assert (first.report.revision, second.report.revision) == (1, 2)
    assert second.report.teams is not None
    assert second.report.teams.rows
    to_platform = dict(mail.messages)["platform@acme.example"]
    assert "full edition" in text(to_platform)
    # A recipient who already has the month does not receive it again in another edition.
    assert [address.lower() for address in mail.recipients()].count("cfo@acme.example") == 1


async def test_a_preview_sends_the_admins_both_messages_with_their_editions(
    write_profile: WriteProfile, mail: Mail, admins: Webhook
) -> None:
    await monthly_report(write_profile(more=AUDIENCE), delivery="preview")

    assert [address for address, _ in mail.messages] == ["it-tools@acme.example"] * 2
    full = {str(message["Subject"]).partition(":")[0]: "full edition" in text(message) for _, message in mail.messages}
    assert full == {"PREVIEW (executive edition)": False, "PREVIEW (full edition)": True}
    # The full edition is delivered only by email.
    (in_slack,) = admins.payloads
    assert in_slack["text"].startswith("PREVIEW (executive edition): ")
    assert len({message["Message-ID"] for _, message in mail.messages}) == 2
