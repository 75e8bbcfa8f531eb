"""A preview shows each edition on the kind of channel that will send it, and names the edition."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tabnine_report.deliver.admin_preview import preview, preview_routes
from tabnine_report.deliver.message import Message
from tabnine_report.profile.profile import Profile
from tabnine_report.text.i18n import Language

AUDIENCE = {"name": "platform", "edition": "full", "recipients": ["dev@acme.example"]}
BY_BOTH = {"email": ["admin@acme.example"], "slack_webhook_url": "https://hooks.example/admins"}
SLACK = {"webhook_url": "https://hooks.example/report"}


def profile(*, recipients: tuple[str, ...] = ("cto@acme.example",), **tables: Any) -> Profile:
    relay = {"host": "localhost", "port": 25, "security": "none", "sender": "reports@acme.example"}
    api = {"base_url": "https://console.example", "token": "t0ken"}
    values = {"name": "acme", "time_zone": "UTC", "usage_api": api, "archive": {}, "admins": BY_BOTH}
    values["email"] = {**relay, "recipients": recipients}
    return Profile.model_validate({**values, **tables}, context={"folder": Path("profiles")})


def routes_of(settings: Profile) -> list[tuple[str, str]]:
    routes = preview_routes(settings, lambda: datetime(2026, 11, 2, tzinfo=UTC))
    return [(route.edition, route.channel.name) for route in routes]


@pytest.mark.parametrize(
    ("tables", "routes"),
    [
        ({}, [("executive", "email")]),
        ({"slack": SLACK}, [("executive", "email"), ("executive", "slack")]),
        (
            {"slack": SLACK, "audiences": [AUDIENCE]},
            [("executive", "email"), ("executive", "slack"), ("full", "email")],
        ),
        ({"slack": {**SLACK, "edition": "full"}}, [("executive", "email"), ("full", "slack")]),
        ({"recipients": (), "slack": SLACK, "admins": {"email": ["a@acme.example"]}}, [("executive", "email")]),
        ({"recipients": (), "folder": {"path": "outbox"}}, [("executive", "email"), ("executive", "slack")]),
        ({"recipients": ()}, [("executive", "email"), ("executive", "slack")]),
    ],
)
def test_the_admins_preview_each_edition_on_the_kind_of_channel_that_sends_it(
    tables: dict[str, Any], routes: list[tuple[str, str]]
) -> None:
    assert routes_of(profile(**tables)) == routes


def test_a_preview_is_the_same_message_with_a_mark(message: Message, language: Language) -> None:
    routes = preview_routes(profile(), lambda: datetime(2026, 11, 2, tzinfo=UTC))
    marked = preview(message, routes[0], routes, language)

    assert marked.subject == f"PREVIEW: {message.subject}"
    assert marked.payloads["slack"]["text"] == "PREVIEW: 412 people"
    assert marked.payloads["slack"]["blocks"][0]["elements"] == [{"type": "plain_text", "text": "PREVIEW"}]
    assert marked.payloads["slack"]["blocks"][1:] == message.payloads["slack"]["blocks"]
    assert (marked.text, marked.html, marked.attachments) == (message.text, message.html, message.attachments)
    assert message.payloads["slack"]["text"] == "412 people"


def test_with_two_editions_each_preview_names_its_edition(message: Message, language: Language) -> None:
    routes = preview_routes(profile(audiences=[AUDIENCE]), lambda: datetime(2026, 11, 2, tzinfo=UTC))

    assert [preview(message, route, routes, language).subject for route in routes] == [
        f"PREVIEW (executive edition): {message.subject}",
        f"PREVIEW (full edition): {message.subject}",
    ]
