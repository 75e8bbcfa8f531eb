"""What the admins are shown before anybody gets it: the exact messages, marked."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from tabnine_report.deliver.message import Message
from tabnine_report.deliver.routes import Clock, Route, admin_channels, report_channels
from tabnine_report.model.edition import EDITIONS
from tabnine_report.profile.profile import Profile
from tabnine_report.text.i18n import Language


def preview_routes(profile: Profile, clock: Clock) -> list[Route]:
    """Give the ways by which the admins are shown every edition that somebody is to get.

    An edition is shown by the channels of the kind that it goes out by, so that the admins' Slack shows what Slack will
    get; where the admins have none of that kind, by all that they have. Where nobody is to get anything, the executive
    edition is shown.
    """
    shown_to = admin_channels(profile, clock)
    routes = report_channels(profile, clock)
    kinds = {edition: {route.channel.name for route in routes if route.edition == edition} for edition in EDITIONS}
    if not routes:
        return [Route(channel, "executive") for channel in shown_to]
    return [
        Route(channel, edition)
        for edition in EDITIONS
        if kinds[edition]
        for channel in [one for one in shown_to if one.name in kinds[edition]] or shown_to
    ]


def preview(message: Message, route: Route, routes: Sequence[Route], language: Language) -> Message:
    """Mark a message as a preview, in the subject and in Slack; everything else stays as it will be sent.

    Args:
        message: The message as its readers will get it.
        route: The way by which an admin gets it.
        routes: All the ways of this preview; the edition is named where they bring more than one.
        language: Writes the mark.
    """
    mark = language.translate("preview.mark")
    if len({one.edition for one in routes}) > 1:
        mark = language.translate(f"preview.mark_{route.edition}")
    slack: dict[str, Any] = dict(message.slack)
    if "text" in slack:
        slack["text"] = f"{mark}: {slack['text']}"
    if "blocks" in slack:
        context = {"type": "context", "elements": [{"type": "plain_text", "text": mark}]}
        slack["blocks"] = [context, *slack["blocks"]]
    return replace(message, subject=f"{mark}: {message.subject}", slack=slack)
