"""Who gets which edition, as a profile says it."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from tabnine_report.deliver.routes import report_routes
from tabnine_report.profile.profile import Profile

RELAY = {"host": "localhost", "port": 25, "security": "none", "sender": "reports@acme.example"}


def profile(*recipients: str, **tables: Any) -> Profile:
    return Profile.model_validate(
        {
            "name": "acme",
            "time_zone": "Europe/Berlin",
            "usage_api": {"base_url": "https://console.example", "token": "t0ken"},
            "email": {**RELAY, "recipients": recipients},
            "archive": {},
            **tables,
        },
        context={"folder": Path("profiles")},
    )


def audience(name: str, edition: str, *recipients: str) -> dict[str, Any]:
    return {"name": name, "edition": edition, "recipients": recipients}


def routes(asked: Profile) -> list[tuple[str, str, tuple[str, ...]]]:
    found = report_routes(asked, lambda: datetime(2026, 11, 2, tzinfo=UTC))
    return [(route.channel.name, route.edition, route.channel.recipients) for route in found]


def test_the_recipients_of_email_are_executives() -> None:
    asked = profile("cto@acme.example")

    assert routes(asked) == [("email", "executive", ("cto@acme.example",))]
    assert asked.editions == ("executive",)


def test_everybody_stands_in_one_edition_only_the_fullest_of_theirs() -> None:
    asked = profile(
        *("cto@acme.example", "Both <both@acme.example>"),
        audiences=[
            audience("board", "executive", "chair@acme.example", "CTO <cto@acme.example>"),
            audience("platform", "full", "BOTH@acme.example", "dev@acme.example"),
            audience("security", "full", "dev@acme.example", "chair@acme.example"),
        ],
    )

    assert routes(asked) == [
        ("email", "executive", ("cto@acme.example",)),
        ("email", "full", ("BOTH@acme.example", "dev@acme.example", "chair@acme.example")),
    ]
    assert asked.editions == ("executive", "full")


def test_channel_and_folder_are_executive_unless_they_say_otherwise() -> None:
    slack, folder = {"webhook_url": "https://hooks.example/x"}, {"path": "outbox"}

    assert profile(slack=slack, folder=folder).editions == ("executive",)
    asked = profile(slack=slack, folder=folder | {"edition": "full"})
    assert [route[:2] for route in routes(asked)] == [("slack", "executive"), ("folder", "full")]
    assert asked.editions == ("executive", "full")


@pytest.mark.parametrize(
    ("audiences", "said"),
    [
        ([audience("a", "full", "x@acme.example"), audience("a", "executive", "y@acme.example")], "name of their own"),
        ([audience("a", "full")], "at least 1"),
        ([audience("a", "everything", "x@acme.example")], "'executive' or 'full'"),
        ([audience("a", "full", "nobody")], "not an email address"),
        ([audience("a", "full", "x@acme.example", "X@acme.example")], "twice"),
    ],
)
def test_an_audience_that_cannot_be_served_is_a_problem(audiences: list[dict[str, Any]], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        profile(audiences=audiences)


def test_audiences_need_a_relay() -> None:
    with pytest.raises(ValidationError, match="relay"):
        profile(email=None, audiences=[audience("a", "full", "x@acme.example")])
