"""The admins' notices: their words, their three forms, and the limits of Slack."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

import pytest
from markupsafe import escape

from tabnine_report.deliver.message import Message
from tabnine_report.deliver.notice_message import Notice, notice_message
from tabnine_report.deliver.receipt import DeliveryState, Receipt
from tabnine_report.model.month import Month
from tabnine_report.render.chat.slack_report import escape_slack
from tabnine_report.render.colors import contrast
from tabnine_report.text.i18n import Language

AT = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)


def receipt(recipient: str, state: DeliveryState, detail: str = "", *, earlier: bool = False) -> Receipt:
    return Receipt("email", recipient, state, detail, AT, 1, earlier)


def notice(kind: str = "failed", **values: Any) -> Notice:
    return replace(Notice(kind, "ACME", Month(2026, 10)), **values)


def all_forms(message: Message) -> list[str]:
    return [message.text, message.html, json.dumps(message.payloads["slack"], ensure_ascii=False)]


NEEDED = "🟠 ACTION NEEDED · ACME: the report for October 2026"
SUBJECTS = {
    "delivered": "✅ ACME: the report for October 2026 was delivered",
    "nothing_to_send": "✅ ACME: the report for October 2026 was already delivered; nothing was sent",
    "no_channel": f"{NEEDED} is ready, but no delivery channel is configured",
    "undelivered": f"{NEEDED} was not delivered to all recipients",
    "in_progress_elsewhere": "⏳ WAITING · ACME: another run is delivering the report for October 2026",
    "withheld": f"{NEEDED} is withheld",
    "purge_failed": f"{NEEDED} is done, but not all expired data was removed",
    "not_started": "🔴 FAILED · ACME: the run for October 2026 could not start",
    "failed": "🔴 FAILED · ACME: the run for October 2026 failed",
}


@pytest.mark.parametrize(("kind", "subject"), SUBJECTS.items())
def test_the_subject_names_organization_month_and_result(kind: str, subject: str, language: Language) -> None:
    message = notice_message(notice(kind), language)

    assert message.subject == subject
    assert message.text.startswith(subject)
    assert f">{subject.rpartition(' · ')[2].removeprefix('✅ ')}</h1>" in message.html
    assert message.payloads["slack"]["text"] == subject
    assert message.payloads["slack"]["blocks"][0]["text"]["text"] == subject


@pytest.mark.parametrize(
    ("kind", "shortcomings", "mark", "color"),
    [
        ("delivered", (), "DONE", "#3b4cca"),
        ("delivered", ("Seats are missing.",), "REVIEW", "#a8320a"),
        ("outage", (), "WAITING", "#5a6070"),
        ("withheld", (), "ACTION NEEDED", "#a8320a"),
        ("failed", (), "FAILED", "#a8320a"),
    ],
)
def test_the_severity_is_the_first_word_of_the_message_in_a_color(
    kind: str, shortcomings: tuple[str, ...], mark: str, color: str, language: Language
) -> None:
    html = notice_message(notice(kind, shortcomings=shortcomings), language).html

    assert re.search(rf'bgcolor="{color}"[^>]*>{mark}</td>', html)
    assert contrast(color, "#ffffff") >= 4.5


def test_only_slack_shows_the_picture_of_page_one_below_the_report(language: Language) -> None:
    address = "https://bucket.example/page1.png?signature=s3cret"
    shown = notice(
        "delivered", report="/reports/r1", forms={"answer": "https://prefect.example/form"}, page_image_url=address
    )
    message = notice_message(shown, language)
    assert address not in message.text + message.html + repr(shown)
    *_, report, picture, form = message.payloads["slack"]["blocks"]
    assert "/reports/r1" in report["text"]["text"]
    assert picture == {"type": "image", "image_url": address, "alt_text": "Page one of the report"}
    assert "https://prefect.example/form" in form["text"]["text"]


def test_a_notice_states_what_happened_why_and_what_to_do_in_this_order(language: Language) -> None:
    failed = notice(step="fetching", reason="It returned 503.", run_url="https://prefect.acme.example/runs/1")
    headings = ["What happened", "Why", "What to do", "Report and run"]

    message = notice_message(failed, language)

    assert re.findall(r"<h2[^>]*>(.*?)</h2>", message.html) == headings
    assert re.findall(r"^[A-Z ]+$", message.text, flags=re.MULTILINE) == [text.upper() for text in headings]
    slack = "\n".join(slack_texts(message.payloads["slack"]))
    assert re.findall(r"^\*(.*)\*$", slack, flags=re.MULTILINE) == headings
    assert "Fix the problem, then run the month again." in message.text


@pytest.mark.parametrize("kind", SUBJECTS)
def test_every_notice_names_the_month_for_a_rerun(kind: str, language: Language) -> None:
    for form in all_forms(notice_message(notice(kind), language)):
        assert "use the month 2026-10." in form


def test_a_failure_notice_has_step_reason_advice_and_run_link(language: Language) -> None:
    failed = notice(
        step="fetching",
        reason="console.example rejected the token (401).",
        advice="Make a new token.",
        run_url="https://prefect.acme.example/runs/1",
    )

    for form in all_forms(notice_message(failed, language)):
        assert "The run stopped while fetching." in form
        assert "console.example rejected the token (401)." in form
        assert "Make a new token." in form
        assert "https://prefect.acme.example/runs/1" in form


@pytest.mark.parametrize(
    ("flow", "purpose"),
    [
        ("answer", "Record decisions, add a note, or release the report:"),
        ("monthly-report", "Run the month again:"),
        ("settle", "Settle an unconfirmed delivery:"),
    ],
)
def test_a_notice_links_the_forms(flow: str, purpose: str, language: Language) -> None:
    form = "https://prefect.acme.example/deployments/deployment/1/run?parameters=%257B%257D"

    for text in all_forms(notice_message(notice(forms={flow: form}), language)):
        assert purpose in text
        assert form in text


def test_a_command_stands_on_its_own_line(language: Language) -> None:
    command = "tabnine-report run --profile 'our <profiles>/acme.toml' --release"
    withheld = notice("withheld", reason="It is incomplete.", advice="Review the report, then run:", command=command)

    message = notice_message(withheld, language)

    assert f"\nWHAT TO DO\nReview the report, then run:\n\n    {command}\n" in message.text
    assert f">{escape(command)}</code>" in message.html
    assert any(f"\n```{escape_slack(command)}```" in text for text in slack_texts(message.payloads["slack"]))


def test_the_release_is_named_before_the_deliveries(language: Language) -> None:
    released = notice(
        "delivered",
        release_note="Revision 1 was released by ann@build-1.",
        receipts=(receipt("ann@acme.example", DeliveryState.SENT),),
    )

    for form in all_forms(notice_message(released, language)):
        assert form.index("Revision 1 was released by ann@build-1.") < form.index("email to ann@acme.example")


def test_a_delivery_notice_has_headline_recipients_and_report_link(language: Language) -> None:
    delivered = notice(
        "delivered",
        headline="412 people used Tabnine.",
        receipts=(
            receipt("ann@acme.example", DeliveryState.SENT, "250 OK"),
            receipt("bob@acme.example", DeliveryState.SENT, "250 OK", earlier=True),
        ),
        report="https://reports.acme.example/r1/report.html",
    )

    message = notice_message(delivered, language)

    assert message.link == "https://reports.acme.example/r1/report.html"
    for form in all_forms(message):
        assert "412 people used Tabnine." in form
        assert "email to ann@acme.example: sent" in form
        assert "email to bob@acme.example: sent (by an earlier run: revision 1, 2 November 2026, 07:00)" in form
        assert "250 OK" not in form


def test_undelivered_recipients_come_first_with_the_reason(language: Language) -> None:
    receipts = (
        receipt("ann@acme.example", DeliveryState.SENT),
        receipt("bob@acme.example", DeliveryState.REJECTED, "550 No such person."),
        receipt("cem@acme.example", DeliveryState.UNCONFIRMED, "The connection was lost."),
        receipt("dan@acme.example", DeliveryState.FAILED, "Cannot connect."),
        receipt("eva@acme.example", DeliveryState.CLAIMED, "It will report.", earlier=True),
    )

    text = notice_message(notice("undelivered", profile="acme", receipts=receipts), language).text

    settle = "tabnine-report settle --profile acme --month 2026-10 --channel email --recipient cem@acme.example --as"
    lines = re.findall(r"^- (.+)$", text, flags=re.MULTILINE)
    assert [line.partition(" If it arrived")[0] for line in lines] == [
        "email to bob@acme.example: rejected. 550 No such person.",
        "email to cem@acme.example: unconfirmed. The connection was lost.",
        f"{settle} sent",
        f"{settle} failed",
        "email to dan@acme.example: failed. Cannot connect.",
        "email to eva@acme.example: claimed by another run. It will report.",
        "email to ann@acme.example: sent",
    ]


def test_a_shortcoming_is_not_shown_as_a_reason(language: Language) -> None:
    incomplete = notice("delivered", shortcomings=("The report is incomplete: Unavailable: Seats.",))

    for form in all_forms(notice_message(incomplete, language)):
        assert "The report is incomplete: Unavailable: Seats." in form
        assert "Why" not in form
        assert "WHY" not in form


def test_a_path_is_not_a_link(language: Language) -> None:
    message = notice_message(notice(report="reports/acme/2026-10/r1"), language)

    assert message.link == ""
    assert "<a " not in message.html
    assert "Report: reports/acme/2026-10/r1" in message.text


HOSTILE = "<!channel> & <b>bold</b>\r\n\r\n- \u202egnp\u202c *x* {{ 7 * 7 }} {month}"


def hostile(evil: str) -> Notice:
    return notice(
        "undelivered",
        organization=evil,
        headline=evil,
        step=evil,
        reason=evil,
        advice=evil,
        shortcomings=(evil,),
        command=evil,
        release_note=evil,
        receipts=tuple(
            receipt(f"{n}{evil}", state, evil)
            for n in range(30)
            for state in (DeliveryState.REJECTED, DeliveryState.UNCONFIRMED)
        ),
        report=f"https://reports.acme.example/?a=1&b={evil}",
        run_url=evil,
    )


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.seen.add(tag)


def test_names_are_escaped_in_every_form(language: Language) -> None:
    message = notice_message(hostile(HOSTILE), language)
    tags = Tags()
    tags.feed(message.html)

    layout = {"html", "head", "meta", "title", "body", "table", "tr", "td"}
    assert tags.seen == layout | {"h1", "h2", "p", "strong", "code", "ul", "li", "a"}
    for form in all_forms(message):
        assert "\u202e" not in form
        assert "{{ 7 * 7 }} {month}" in form
    assert "\n" not in message.subject
    for text in slack_texts(message.payloads["slack"]):
        assert re.findall(r"<(?!https://reports\.acme\.example/)", text) == []
        assert re.findall(r"&(?!amp;|lt;|gt;)", text) == []


def slack_texts(payload: Mapping[str, Any]) -> list[str]:
    return [payload["text"], *(block["text"]["text"] for block in payload["blocks"])]


@pytest.mark.parametrize("evil", [HOSTILE, HOSTILE * 100, "&" * 5000], ids=["short", "long", "escaped"])
def test_a_notice_stays_within_slacks_limits(evil: str, language: Language) -> None:
    payload = notice_message(hostile(evil), language).payloads["slack"]

    assert len(payload["blocks"]) <= 50
    assert len(payload["blocks"][0]["text"]["text"]) <= 150
    assert max(map(len, slack_texts(payload))) <= 3000
    assert sum(map(len, slack_texts(payload))) < 13_000
    for text in slack_texts(payload):
        assert re.findall(r"&(?!amp;|lt;|gt;)", text) == []
        assert re.findall(r"<[^>]*$", text) == []


def test_slack_shows_every_settle_command_in_full(language: Language) -> None:
    lost = tuple(receipt(f"p{n}@acme.example", DeliveryState.UNCONFIRMED, "Gone. " * 50) for n in range(5))

    payload = notice_message(notice("undelivered", profile="/a/long/way" * 10, receipts=lost), language).payloads[
        "slack"
    ]

    text = "\n".join([*slack_texts(payload), ""])
    commands = [f"--recipient p{n}@acme.example --as {result}\n" for n in range(5) for result in ("sent", "failed")]
    assert [text.count(command) for command in commands] == [1] * 10


def test_a_long_list_of_receipts_ends_with_the_number_of_the_rest(language: Language) -> None:
    many = tuple(receipt(f"p{n}@acme.example", DeliveryState.SENT) for n in range(27))

    text = notice_message(notice("delivered", receipts=many), language).text

    assert "- email to p24@acme.example: sent\n- and 2 more\n" in text
