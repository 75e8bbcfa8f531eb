import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

import pytest

from tabnine_report.deliver.message import DeliveryState, Message, Receipt
from tabnine_report.deliver.notices import Notice, notice_message
from tabnine_report.model.month import Month
from tabnine_report.text.i18n import Language

AT = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)


def receipt(recipient: str, state: DeliveryState, detail: str = "", *, earlier: bool = False) -> Receipt:
    return Receipt("email", recipient, state, detail, AT, 1, earlier)


def notice(kind: str = "failed", **values: Any) -> Notice:
    return replace(Notice(kind, "ACME", Month(2026, 10)), **values)


def everything(message: Message) -> list[str]:
    return [message.text, message.html, json.dumps(message.slack, ensure_ascii=False)]


@pytest.mark.parametrize(
    ("kind", "subject"),
    [
        ("delivered", "ACME: the report for October 2026 went out"),
        ("had_before", "ACME: everybody had the report for October 2026 already; nothing was sent"),
        ("made", "ACME: the report for October 2026 is made, and no channel is set to deliver it"),
        ("undelivered", "ACME: the report for October 2026 did not reach everybody"),
        ("under_way", "ACME: another run is delivering the report for October 2026"),
        ("held", "ACME: the report for October 2026 is held back"),
        (
            "not_purged",
            "ACME: the report for October 2026 is done, but not everything due for removal was removed",
        ),
        ("failed", "ACME: the run for October 2026 failed"),
    ],
)
def test_the_subject_says_whose_report_of_which_month_and_how_it_ended(
    kind: str, subject: str, language: Language
) -> None:
    message = notice_message(notice(kind), language)

    assert message.subject == subject
    assert message.text.startswith(subject)
    assert message.slack["text"] == subject
    assert message.slack["blocks"][0]["text"]["text"] == subject


@pytest.mark.parametrize(
    "kind", ["delivered", "had_before", "made", "undelivered", "under_way", "held", "not_begun", "failed", "not_purged"]
)
def test_every_notice_names_the_month_to_type(kind: str, language: Language) -> None:
    for form in everything(notice_message(notice(kind), language)):
        assert "type the month 2026-10." in form


def test_a_failure_says_where_why_what_to_do_and_links_the_run(language: Language) -> None:
    failed = notice(
        step="fetching",
        reason="console.example refused the token (401).",
        advice="Make a new token.",
        run_url="https://prefect.acme.example/runs/1",
    )

    for form in everything(notice_message(failed, language)):
        assert "It stopped while fetching." in form
        assert "Why: console.example refused the token (401)." in form
        assert "What to do: Make a new token." in form
        assert "https://prefect.acme.example/runs/1" in form


def test_a_delivery_says_the_headline_to_whom_and_where_the_report_is(language: Language) -> None:
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
    for form in everything(message):
        assert "412 people used Tabnine." in form
        assert "email to ann@acme.example: sent" in form
        assert "email to bob@acme.example: sent (by an earlier run: revision 1, 2 November 2026, 07:00)" in form
        assert "250 OK" not in form


def test_who_does_not_have_it_stands_first_with_the_reason(language: Language) -> None:
    receipts = (
        receipt("ann@acme.example", DeliveryState.SENT),
        receipt("bob@acme.example", DeliveryState.REJECTED, "550 No such person."),
        receipt("cem@acme.example", DeliveryState.UNCONFIRMED, "The line went dead."),
        receipt("dan@acme.example", DeliveryState.FAILED, "Nobody there."),
        receipt("eva@acme.example", DeliveryState.CLAIMED, "It will say.", earlier=True),
    )

    text = notice_message(notice("undelivered", profile="acme", receipts=receipts), language).text

    settle = "tabnine-report settle --profile acme --month 2026-10 --channel email --recipient cem@acme.example --as"
    told = re.findall(r"^- (.+)$", text, flags=re.MULTILINE)
    assert told[1].endswith(f"If they have it: {settle} sent. If not: {settle} failed, then run the month again.")
    assert [line.partition(" If they")[0] for line in told] == [
        "email to bob@acme.example: rejected, not delivered. 550 No such person.",
        "email to cem@acme.example: unconfirmed, may have arrived. The line went dead.",
        "email to dan@acme.example: not sent. Nobody there.",
        "email to eva@acme.example: being delivered by another run. It will say.",
        "email to ann@acme.example: sent",
    ]


def test_what_a_report_lacks_is_said_as_such_and_is_no_reason(language: Language) -> None:
    incomplete = notice("delivered", shortcomings=("The report is incomplete: Unavailable: Seats.",))

    for form in everything(notice_message(incomplete, language)):
        assert "The report is incomplete: Unavailable: Seats." in form
        assert "Why:" not in form


def test_a_path_is_shown_and_not_linked(language: Language) -> None:
    message = notice_message(notice(report="reports/acme/2026-10/r1"), language)

    assert message.link == ""
    assert "<a " not in message.html
    assert "The report: reports/acme/2026-10/r1" in message.text


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
        receipts=tuple(receipt(f"{n}{evil}", DeliveryState.REJECTED, evil) for n in range(60)),
        report=f"https://reports.acme.example/?a=1&b={evil}",
        run_url=evil,
    )


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.seen.add(tag)


def test_names_are_data_in_every_form(language: Language) -> None:
    message = notice_message(hostile(HOSTILE), language)
    tags = Tags()
    tags.feed(message.html)

    assert tags.seen == {"html", "head", "meta", "title", "body", "h1", "p", "strong", "ul", "li", "a"}
    for form in everything(message):
        assert "\u202e" not in form
        assert "{{ 7 * 7 }} {month}" in form
    assert "\n" not in message.subject
    for text in slack_texts(message.slack):
        assert re.findall(r"<(?!https://reports\.acme\.example/)", text) == []
        assert re.findall(r"&(?!amp;|lt;|gt;)", text) == []


def slack_texts(payload: Mapping[str, Any]) -> list[str]:
    return [payload["text"], *(block["text"]["text"] for block in payload["blocks"])]


@pytest.mark.parametrize("evil", [HOSTILE, HOSTILE * 100, "&" * 5000], ids=["short", "long", "escaped"])
def test_it_stays_within_slacks_limits_whatever_comes(evil: str, language: Language) -> None:
    payload = notice_message(hostile(evil), language).slack

    assert len(payload["blocks"]) <= 50
    assert len(payload["blocks"][0]["text"]["text"]) <= 150
    assert max(map(len, slack_texts(payload))) <= 3000
    assert sum(map(len, slack_texts(payload))) < 13_000
    for text in slack_texts(payload):
        assert re.findall(r"&(?!amp;|lt;|gt;)", text) == []
        assert re.findall(r"<[^>]*$", text) == []


def test_no_command_to_settle_is_cut_in_slack_however_long_the_lines_before_it_are(language: Language) -> None:
    lost = tuple(receipt(f"p{n}@acme.example", DeliveryState.UNCONFIRMED, "Gone. " * 50) for n in range(5))

    payload = notice_message(notice("undelivered", profile="/a/long/way" * 10, receipts=lost), language).slack

    told = "\n".join(slack_texts(payload))
    assert [told.count(f"--recipient p{n}@acme.example --as failed, then run the month again.") for n in range(5)] == [
        1
    ] * 5


def test_of_many_receipts_it_says_how_many_more_there_are(language: Language) -> None:
    many = tuple(receipt(f"p{n}@acme.example", DeliveryState.SENT) for n in range(27))

    text = notice_message(notice("delivered", receipts=many), language).text

    assert "- email to p24@acme.example: sent\n- and 2 more\n" in text
