"""The email: what mail programs can show, how large it is, and what its text part says."""

import re
import struct

import pytest
from html_reader import Reader
from render_text import text_documents
from sample_report import sample_report

from tabnine_report.model.data_quality import RevisionChanges
from tabnine_report.model.report import MonthlyReport
from tabnine_report.render.email_message import subject
from tabnine_report.render.template_environment import language_of


@pytest.fixture(scope="module")
def html(documents: dict[str, bytes]) -> str:
    return documents["email.html"].decode()


def test_the_html_is_small_and_uses_only_what_mail_programs_support(documents: dict[str, bytes], html: str) -> None:
    reader = Reader(html)

    assert reader.open == []
    assert len(documents["email.html"]) < 80_000
    assert reader.all("style", "script", "link", "svg", "form") == []
    assert "data:" not in html
    assert "var(" not in html
    assert [a for a in reader.all("td") if "style" not in a and "align" not in a] == []
    assert {a["href"] for a in reader.all("a")} == {"https://reports.example/acme/2026-10/r1/report.html"}


def test_the_picture_is_a_png_with_content_id_and_text_alternative(documents: dict[str, bytes], html: str) -> None:
    (picture,) = Reader(html).all("img")

    assert picture["src"] == "cid:people-over-13-months"
    assert picture["width"] == "560"
    assert picture["alt"] == "Active users: 301 in October 2025, 412 in October 2026; lowest 298, highest 412."
    png = documents["charts/people.png"]
    assert png.startswith(b"\x89PNG\r\n")
    assert struct.unpack(">II", png[16:24]) == (1120, 420)


def test_the_preheader_has_the_figures(html: str) -> None:
    body = re.sub(r"<[^>]+>", "\n", html[html.index("<body") :]).split("\n")

    assert next(line for line in body if line.strip()) == (
        "Active users 412 · Average daily active users 236 · Unused seats 108 · Agent users 205"
    )


def test_the_text_part_aligns_the_figures_and_states_why_it_was_sent(documents: dict[str, bytes]) -> None:
    text = documents["email.txt"].decode().replace("\N{NO-BREAK SPACE}", " ")

    assert text.startswith("412 people used Tabnine in October. At least a fifth of the seats,")
    assert "Active users                412  +23 (+5.9%)\n  92.2% of 447 accounts\n" in text
    assert "Unused seats                108  −19 (−15.0%)\n" in text
    assert "- Agents reached half of all active users. 31 more agent users" in text
    assert "\nRecommended actions\n1. License owner, by 31 December 2026: How many seats to renew" in text
    assert "\nRecommended in September: inactive accounts: 54 then, 35 now (open).\n" in text
    assert "\nNote (J. B.): Warsaw joined on 12 October.\n" in text
    assert "Open the report: https://reports.example/acme/2026-10/r1/report.html" in text
    assert "You receive this email because" in text
    assert "Reply to this email." in text


def test_without_a_link_there_is_no_button_or_address() -> None:
    documents = text_documents(sample_report())

    assert Reader(documents["email.html"]).all("a") == []
    assert "Open the report" not in documents["email.txt"]


def subject_of(report: MonthlyReport) -> str:
    return subject(report, language_of(report))


def test_the_subject_is_the_headline_cut_between_words() -> None:
    long = "Four hundred people used it, " * 9

    assert subject_of(sample_report()) == sample_report().headline
    cut = subject_of(sample_report(headline=long))
    assert len(cut) <= 150
    assert cut.endswith("people used it…")


def test_without_a_headline_the_subject_has_organization_and_month() -> None:
    assert subject_of(sample_report(headline="")) == "ACME, October 2026"


def test_the_subject_of_a_revision_has_its_number_and_that_of_a_draft_has_none() -> None:
    again = {
        "revision": 3,
        "revision_changes": RevisionChanges(revision=1, sentence="Figures that differ.", figures=()),
    }
    headline = sample_report().headline

    assert subject_of(sample_report(**again)) == f"Revision 3: {headline}"
    assert subject_of(sample_report(**again, draft=True)) == headline
    # The number of a run that died leaves a gap, so there is no previous revision to compare with.
    assert subject_of(sample_report(revision=2)) == headline
