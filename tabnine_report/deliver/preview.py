"""What the admins are shown before anybody gets it: the exact messages, marked."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from tabnine_report.deliver.message import Message
from tabnine_report.deliver.routes import Clock, Way, admin_channels, report_channels
from tabnine_report.model.edition import EDITIONS
from tabnine_report.profile.profile import Profile
from tabnine_report.text.i18n import Language


def preview_ways(profile: Profile, clock: Clock) -> list[Way]:
    """Give the ways by which the admins are shown every edition that somebody is to get.

    An edition is shown by the channels of the kind that it goes out by, so that the admins' Slack shows what Slack will
    get; where the admins have none of that kind, by all that they have. Where nobody is to get anything, the executive
    edition is shown.
    """
    shown_to = admin_channels(profile, clock)
    ways = report_channels(profile, clock)
    kinds = {edition: {way.channel.name for way in ways if way.edition == edition} for edition in EDITIONS}
    if not ways:
        return [Way(channel, "executive") for channel in shown_to]
    return [
        Way(channel, edition)
        for edition in EDITIONS
        if kinds[edition]
        for channel in [one for one in shown_to if one.name in kinds[edition]] or shown_to
    ]


def preview(message: Message, way: Way, ways: Sequence[Way], language: Language) -> Message:
    """Mark a message as a preview, in the subject and in Slack; everything else stays as it will be sent.

    Args:
        message: The message as its readers will get it.
        way: The way by which an admin gets it.
        ways: All the ways of this preview; the edition is named where they bring more than one.
        language: Writes the mark.
    """
    mark = language.say("preview.mark")
    if len({one.edition for one in ways}) > 1:
        mark = language.say(f"preview.mark_{way.edition}")
    slack: dict[str, Any] = dict(message.slack)
    if "text" in slack:
        slack["text"] = f"{mark}: {slack['text']}"
    if "blocks" in slack:
        context = {"type": "context", "elements": [{"type": "plain_text", "text": mark}]}
        slack["blocks"] = [context, *slack["blocks"]]
    return replace(message, subject=f"{mark}: {message.subject}", slack=slack)
