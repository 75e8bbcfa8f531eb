"""The Slack message: its blocks, and that no text is longer than Slack takes."""

from collections.abc import Iterator
from typing import Any

import pytest
from sample_report import DECIDED, sample_report

from tabnine_report.analysis.rules.table import MAX_ACTIONS, MAX_FULL_EDITION_ONLY
from tabnine_report.model.answers import Note
from tabnine_report.model.figure import Figure, Unit
from tabnine_report.model.findings import Finding, LastMonthActions
from tabnine_report.model.kpi import Kpi
from tabnine_report.model.report import MonthlyReport
from tabnine_report.render.chat.slack_report import escaped, report_payload
from tabnine_report.render.template_environment import language_of
from tabnine_report.runs.answering import MAX_COMMENT_LENGTH, MAX_OWNER_LENGTH
from tabnine_report.text.sanitizing import ELLIPSIS

LINK = "https://reports.example/acme/2026-10/r1/report.html"


def of(report: MonthlyReport, link: str = "") -> dict[str, Any]:
    return report_payload(report, language_of(report), link)


def test_the_message_has_one_block_for_each_part() -> None:
    message = of(sample_report(complete=True), LINK)

    assert [block["type"] for block in message["blocks"]] == [
        *("header", "section", "section", "divider"),
        *("section", "section", "section", "section"),  # recommended actions, their status, highlights, note
        *("actions", "context"),
    ]
    header, headline, figures, _, actions, status, highlights, note, buttons, context = message["blocks"]
    assert header["text"] == {"type": "plain_text", "text": "ACME · October 2026", "emoji": False}
    assert headline["text"]["text"] == f"*{sample_report().headline}*\n{sample_report().deck}"
    assert figures["fields"][0]["text"].replace("\N{NO-BREAK SPACE}", " ") == (
        "*412*  ▲ 23 (5.9%)\nActive users\n92.2% of 447 accounts"
    )
    assert actions["text"]["text"].startswith("*Decisions*\n1. *How many seats to renew on 31 December 2026?* ")
    assert " License owner, by 31 December 2026. *" in actions["text"]["text"]
    assert status["text"]["text"] == f"Decided on 13 October: {DECIDED} (open)."
    assert highlights["text"]["text"].startswith(
        "*Key changes in October 2026*\n• *Agents reached half of all active users.* "
    )
    assert note["text"]["text"] == "*Note (J. B.):* Warsaw joined on 12 October."
    assert [(button["text"]["text"], button["url"]) for button in buttons["elements"]] == [
        ("Open the report", LINK),
        ("Open the PDF", LINK.replace(".html", ".pdf")),
    ]
    assert context["elements"][0]["text"] == sample_report().data_quality.summary
    assert message["text"] == f"ACME, October 2026: {sample_report().headline}"


def test_without_a_link_there_is_no_button() -> None:
    assert [block for block in of(sample_report())["blocks"] if block["type"] == "actions"] == []


def test_an_incomplete_report_is_marked() -> None:
    assert of(sample_report(complete=False))["blocks"][0]["text"]["text"] == "PARTIAL · ACME · October 2026"
    assert of(sample_report(draft=True))["blocks"][0]["text"]["text"].startswith("DRAFT · PARTIAL · ")


def test_a_missing_figure_is_its_word_with_the_reason() -> None:
    missing = Kpi(key="seats", label="Seats", figure=Figure.unavailable(Unit.SEATS, "The license was not returned."))
    field, *_ = of(sample_report(page_one_kpis=(missing,)))["blocks"][2]["fields"]

    assert field["text"] == "*unavailable*\nSeats\nThe license was not returned."


def test_an_asterisk_in_a_name_does_not_end_the_bold_text() -> None:
    finding = Finding(rule="x", claim="Team *core* grew.", evidence="7 <more> people_.", figures={})
    text = of(sample_report(findings=(finding,)))["blocks"][6]["text"]["text"]

    assert text.endswith("\n• *Team ∗core∗ grew.* 7 &lt;more&gt; people_.")


def test_an_ordinary_month_has_a_sentence() -> None:
    blocks = of(sample_report(findings=(), month_summary="October was an ordinary month."))["blocks"]

    assert blocks[6]["text"]["text"] == "*Key changes in October 2026*\nOctober was an ordinary month."


def test_an_ordinary_month_can_have_findings() -> None:
    blocks = of(sample_report(month_summary="October was an ordinary month."))["blocks"]

    assert [line[:10] for line in blocks[6]["text"]["text"].split("\n")[1:3]] == ["October wa", "• *Agents "]


def test_the_longest_answers_of_an_admin_are_complete() -> None:
    (one,) = sample_report().last_month_actions.statuses
    longest = (
        f"{'x' * 45} (reported as done on 13 November, owner {'o' * MAX_OWNER_LENGTH}, “{'c' * MAX_COMMENT_LENGTH}”):"
    )
    statuses = tuple(
        one.model_copy(update={"sentence": f"{longest} at least 1,111 then, at least 102 now, 1,009 fewer {number}"})
        for number in range(MAX_ACTIONS + MAX_FULL_EDITION_ONLY)
    )
    report = sample_report(last_month_actions=LastMonthActions(title="Recommended in September", statuses=statuses))

    text = str(of(report)["blocks"])

    assert [status.sentence for status in statuses if status.sentence not in text] == []


def test_without_actions_and_note_there_are_no_blocks_for_them() -> None:
    quiet = sample_report(
        recommended_actions=(),
        last_month_actions=LastMonthActions(title="", statuses=()),
        note=None,
        findings=(),
    )

    assert [block["type"] for block in of(quiet)["blocks"]] == ["header", "section", "section", "divider", "context"]


def test_no_text_exceeds_the_limits_of_slack() -> None:
    many = "<&> word " * 2000
    base = sample_report()
    report = sample_report(
        deck=many,
        organization=base.organization.model_copy(update={"name": many}),
        headline=many,
        page_one_kpis=tuple(base.page_one_kpis[0].model_copy(update={"label": many, "note": many}) for _ in range(30)),
        findings=tuple(Finding(rule="x", claim=many, evidence=many, figures={}) for _ in range(80)),
        recommended_actions=tuple(
            action.model_copy(update={"owner": many, "title": many, "reason": many})
            for action in [*base.recommended_actions, *base.recommended_actions][:3]
        ),
        last_month_actions=base.last_month_actions.model_copy(update={"title": many}),
        note=Note(text=many, author=many),
        data_quality=base.data_quality.model_copy(update={"summary": many}),
    )

    message = of(report, LINK)

    assert len(message["blocks"]) <= 50
    limits = {"header": 150, "section": 3000, "context": 2000, "actions": 75}
    too_long = [
        block["type"] for block in message["blocks"] for text in texts(block) if len(text) > limits[block["type"]]
    ]
    assert too_long == []
    assert ELLIPSIS in {line for block in message["blocks"] for text in texts(block) for line in text.split("\n")}
    assert all(len(field["text"]) <= 2000 for block in message["blocks"] for field in block.get("fields", ()))
    assert all(len(block.get("fields", ())) <= 10 for block in message["blocks"])
    assert sum(len(text) for block in message["blocks"] for text in texts(block)) <= 13_000


@pytest.mark.parametrize("length", range(6, 40))
def test_truncation_never_splits_an_escape(length: int) -> None:
    text = escaped("a <b> & <c> & d", length)

    assert len(text) <= length
    rest = text.replace("&lt;", "").replace("&gt;", "").replace("&amp;", "")
    assert not {"&", "<", ">", ";"} & set(rest)


def texts(block: dict[str, Any]) -> Iterator[str]:
    holders = [block.get("text"), *block.get("fields", ()), *block.get("elements", ())]
    for holder in filter(None, holders):
        text = holder["text"]
        yield text if isinstance(text, str) else text["text"]
