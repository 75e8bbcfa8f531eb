"""Whole runs with two audiences: everybody gets one message, in the edition that is theirs."""

from collections.abc import Callable
from email.message import EmailMessage

import pytest
from receivers import Mail, Webhook

from flows.monthly_report import monthly_report
from tabnine_report.archive import Bundle
from tabnine_report.runs.result import Outcome, Status

WriteProfile = Callable[..., str]

pytestmark = [
    pytest.mark.usefixtures("_on_the_2nd"),
    # Prefect's client leaves connections to its server for the garbage collector to close.
    pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"),
    pytest.mark.filterwarnings("ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning"),
]
# The CFO stands in both, written otherwise.
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


async def test_a_person_in_two_audiences_gets_one_message_of_the_fuller_edition(
    write_profile: WriteProfile, mail: Mail, channel: Webhook
) -> None:
    profile = write_profile(more=AUDIENCE)
    outcome: Outcome = await monthly_report(profile)
    again: Outcome = await monthly_report(profile, "2026-10")

    assert outcome.status is again.status is Status.DELIVERED
    sent = [(address.lower(), message) for address, message in mail.messages if "it-tools" not in address]
    assert sorted(address for address, _ in sent) == ["cfo@acme.example", "cto@acme.example", "platform@acme.example"]
    full = {address: "full edition" in text(message) for address, message in sent}
    assert full == {"cfo@acme.example": True, "cto@acme.example": False, "platform@acme.example": True}
    bundle = Bundle(outcome.folder)
    attached = {address: next(message.iter_attachments()).get_content() for address, message in sent}
    assert attached["cto@acme.example"] == bundle.read("report.pdf")
    assert attached["cfo@acme.example"] == bundle.read("full/report.pdf")
    assert len(channel.payloads) == 1


async def test_teams_are_asked_about_only_for_those_who_read_of_them_and_an_audience_may_come_later(
    write_profile: WriteProfile, mail: Mail
) -> None:
    first: Outcome = await monthly_report(write_profile())
    assert first.report.teams is None
    assert not [line for line in first.report.data_quality.endpoints if line.endpoint.startswith("team-")]
    assert not [name for name in Bundle(first.folder).documents() if name.startswith("full/")]
    second: Outcome = await monthly_report(write_profile(more=AUDIENCE))

    assert (first.report.revision, second.report.revision) == (1, 2)
    assert second.report.teams is not None
    assert second.report.teams.rows
    to_platform = dict(mail.messages)["platform@acme.example"]
    assert "full edition" in text(to_platform)
    # Who has the month already does not get it again, whatever the edition.
    assert [address.lower() for address in mail.recipients()].count("cfo@acme.example") == 1


async def test_a_preview_shows_the_admins_both_messages_and_which_is_which(
    write_profile: WriteProfile, mail: Mail, admins: Webhook
) -> None:
    await monthly_report(write_profile(more=AUDIENCE), delivery="preview")

    assert [address for address, _ in mail.messages] == ["it-tools@acme.example"] * 2
    full = {str(message["Subject"]).partition(":")[0]: "full edition" in text(message) for _, message in mail.messages}
    assert full == {"PREVIEW (executive edition)": False, "PREVIEW (full edition)": True}
    # The full edition goes out by email alone.
    (in_slack,) = admins.payloads
    assert in_slack["text"].startswith("PREVIEW (executive edition): ")
    assert len({message["Message-ID"] for _, message in mail.messages}) == 2
