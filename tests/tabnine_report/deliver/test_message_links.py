"""Links that are added when a message is sent: to the report and the PDF in a bucket, and to the run."""

from dataclasses import replace
from typing import Any

import pytest

from tabnine_report.deliver.message import Message
from tabnine_report.deliver.message_links import BUTTON_PLACE, Links, with_links
from tabnine_report.text.i18n import Language

ACCENT = "#3b4cca"
SIGNED = "https://bucket.example/report.html?X-Amz-Signature=5f&X-Amz-Expires=604800"
RUN = "https://prefect.example/runs/flow-run/1"
CONTEXT = {"type": "context", "elements": [{"type": "plain_text", "text": "12 of 12 data sources answered"}]}


@pytest.fixture
def archived(message: Message) -> Message:
    """Return a message as it is archived, with a place for the button."""
    payload = {"text": "412 people", "blocks": [*message.payloads["slack"]["blocks"], CONTEXT]}
    return replace(
        message,
        html=f"<html><body><p>412 people</p>{BUTTON_PLACE}</body></html>",
        text="412 people used Tabnine.\n\n-- \nYou receive this email because …\n",
        payloads={"slack": payload},
    )


def buttons(message: Message) -> list[tuple[str, str]]:
    rows: list[dict[str, Any]] = [block for block in message.payloads["slack"]["blocks"] if block["type"] == "actions"]
    return [(button["text"]["text"], button["url"]) for row in rows for button in row["elements"]]


def test_a_signed_link_is_in_email_and_slack_and_in_no_representation(archived: Message, language: Language) -> None:
    linked = with_links(archived, Links(report=SIGNED, pdf=f"{SIGNED}&pdf"), ACCENT, language)

    assert f'href="{SIGNED.replace("&", "&amp;")}"' in linked.html
    assert BUTTON_PLACE not in linked.html
    assert linked.text == (
        f"412 people used Tabnine.\nOpen the report: {SIGNED}\n\n-- \nYou receive this email because …\n"
    )
    assert linked.link == SIGNED
    assert buttons(linked) == [("Open the report", SIGNED), ("Open the PDF", f"{SIGNED}&pdf")]
    assert linked.payloads["slack"]["blocks"][-1] == CONTEXT
    assert "Signature" not in repr(linked) + repr(Links(report=SIGNED))


def test_the_button_to_the_run_follows_those_of_the_report(archived: Message, language: Language) -> None:
    row = {"type": "actions", "elements": [{"type": "button", "text": {"text": "Open the report"}, "url": "https://r"}]}
    payload = {**archived.payloads["slack"], "blocks": [row, CONTEXT]}
    linked = with_links(replace(archived, payloads={"slack": payload}), Links(run=RUN), ACCENT, language)

    assert buttons(linked) == [("Open the report", "https://r"), ("Open the run in Prefect", RUN)]
    assert [block["type"] for block in linked.payloads["slack"]["blocks"]] == ["actions", "context"]
    assert (linked.html, linked.text, linked.link) == (archived.html, archived.text, archived.link)


def test_without_links_a_message_is_sent_as_it_is_archived(archived: Message, language: Language) -> None:
    assert with_links(archived, Links(), ACCENT, language) == archived
