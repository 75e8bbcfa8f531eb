"""Names are data: whatever they hold, every channel shows it and none obeys it."""

import json
import re
from functools import cache

import pytest
from html_reader import Reader
from render_text import CHAT_DOCUMENTS, text_documents
from sample_report import sample_report

from tabnine_report.model.answers import Note
from tabnine_report.model.findings import Finding, LastMonthActions
from tabnine_report.model.report import MonthlyReport

MARKUP = '<script>alert(1)</script><img src=x onerror="alert(1)">&amp;'
CALLS = "<!channel> <@U123> <https://evil.example|click> *bold*"
HEADERS = "ACME\r\nBcc: everyone@evil.example\r\n\r\nHello"
TURNED = "ACME \u202eevil\u2069\u2066 \u200fname"
SCRIPTS = "שלום עולם مرحبا 株式会社 สวัสดี नमस्ते Ελλάδα"
LONG = "A" * 10_000


def report_of(name: str) -> MonthlyReport:
    organization = sample_report().organization.model_copy(update={"name": name})
    sentence = f"{name} grew."
    finding = Finding(rule="grew", claim=sentence, evidence=sentence, figures={})
    action = (
        sample_report().recommended_actions[0].model_copy(update={"owner": name, "title": sentence, "reason": sentence})
    )
    followed = (
        sample_report().last_month_actions.statuses[0].model_copy(update={"action": action, "sentence": sentence})
    )
    return sample_report(
        organization=organization,
        headline=f"{name} used it.",
        findings=(finding,),
        recommended_actions=(action,),
        last_month_actions=LastMonthActions(title=name, statuses=(followed,)),
        note=Note(text=name, author=name),
    )


@cache
def documents_of(name: str) -> dict[str, str]:
    return text_documents(report_of(name), "https://reports.example/r1")


@pytest.mark.parametrize("name", [MARKUP, CALLS, HEADERS, TURNED, SCRIPTS, LONG, "", "   ", "{{ 7 * 7 }}{% x %}"])
def test_any_name_gives_a_valid_document_without_active_content(name: str) -> None:
    documents = documents_of(name)

    for html in (documents["report.html"], documents["email.html"]):
        reader = Reader(html)
        assert reader.open == []
        assert reader.all("script", "iframe") == []
        assert [attribute for _, a in reader.elements for attribute in a if attribute.startswith("on")] == []
        assert {a.get("src") for a in reader.all("img")} <= {"cid:chart"}
    assert all(len(documents[html]) < 220_000 for html in ("report.html", "email.html"))


def test_markup_is_escaped() -> None:
    documents = documents_of("<b>ACME</b> & Co")

    assert "<bdi>&lt;b&gt;ACME&lt;/b&gt; &amp; Co</bdi>" in documents["report.html"]
    assert "&lt;b&gt;ACME&lt;/b&gt; &amp; Co" in documents["email.html"]
    assert "<b>ACME</b> & Co" in documents["email.txt"]


def test_template_syntax_in_a_name_is_not_evaluated() -> None:
    assert "{{ 7 * 7 }}" in documents_of("{{ 7 * 7 }}")["report.html"]


def test_names_cannot_mention_anyone_in_slack() -> None:
    payload = documents_of(CALLS)["slack.json"]

    assert "&lt;!channel&gt; &lt;@U123&gt;" in payload
    assert re.search(r"<[!@#h]", payload) is None


def test_names_cannot_add_headers_or_lines_to_an_email() -> None:
    documents = documents_of(HEADERS)

    subject = json.loads(documents["email.json"])["subject"]
    assert subject == "ACME Bcc: everyone@evil.example Hello used it."
    assert [line for line in documents["email.txt"].splitlines() if line.startswith("Bcc:")] == []


@pytest.mark.parametrize("document", ["report.html", "email.html", "email.txt", "email.json", *CHAT_DOCUMENTS])
def test_direction_controls_are_removed(document: str) -> None:
    text = documents_of(TURNED)[document]

    assert re.search("[\u200e\u200f\u202a-\u202e\u2066-\u2069]|\\\\u20[0-9a-f]{2}", text) is None
    assert "ACME evil name" in text


@pytest.mark.parametrize("document", ["report.html", "email.html", "email.txt", *CHAT_DOCUMENTS])
def test_other_scripts_are_kept(document: str) -> None:
    assert SCRIPTS in documents_of(SCRIPTS)[document]


def test_an_organization_without_a_name_has_that_of_its_profile() -> None:
    documents = documents_of("")

    assert "<title>acme · Tabnine usage · October 2026</title>" in documents["report.html"]
    assert "the monthly Tabnine report of acme" in documents["email.txt"]


def test_charts_contain_no_names() -> None:
    page = documents_of("Xyzzy")["report.html"]

    charts = re.findall(r"<svg.*?</svg>", page, flags=re.DOTALL)
    assert charts
    assert [drawing for drawing in charts if "Xyzzy" in drawing] == []
