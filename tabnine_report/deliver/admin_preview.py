"""The preview: the exact messages of a report, marked and sent to the admins before anyone else."""

from collections.abc import Sequence
from dataclasses import replace

from tabnine_report.deliver.channels.channel import Clock, Route
from tabnine_report.deliver.message import Message
from tabnine_report.deliver.routes import admin_channels, report_routes
from tabnine_report.model.edition import EDITIONS
from tabnine_report.profile.profile import Profile
from tabnine_report.render.chat import CHAT_FORMATS
from tabnine_report.text.i18n import Language


def preview_routes(profile: Profile, clock: Clock) -> list[Route]:
    """Return the routes by which the admins preview every edition that has a recipient.

    An edition is previewed on the kinds of channel that will send it, so that the admins' Slack shows what Slack will
    show. If the admins have no channel of that kind, all their channels are used. If no edition has a recipient, the
    executive edition is previewed.
    """
    admins = admin_channels(profile, clock)
    routes = report_routes(profile, clock)
    if not routes:
        return [Route(channel, "executive") for channel in admins]
    kinds = {edition: {route.channel.name for route in routes if route.edition == edition} for edition in EDITIONS}
    return [
        Route(channel, edition)
        for edition in EDITIONS
        if kinds[edition]
        for channel in [admin for admin in admins if admin.name in kinds[edition]] or admins
    ]


def preview(message: Message, route: Route, routes: Sequence[Route], language: Language) -> Message:
    """Return a message with a preview mark in its subject and chat payloads; nothing else changes.

    Args:
        message: The message as its readers will receive it.
        route: The route to the admin.
        routes: All routes of this preview; the mark names the edition if there is more than one.
        language: Writes the mark.
    """
    mark = language.translate("preview.mark")
    if len({route.edition for route in routes}) > 1:
        mark = language.translate(f"preview.mark_{route.edition}")
    payloads = {name: CHAT_FORMATS[name].mark_payload(payload, mark) for name, payload in message.payloads.items()}
    return replace(message, subject=f"{mark}: {message.subject}", payloads=payloads)
