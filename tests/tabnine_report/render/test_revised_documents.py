"""What changed since the revision before is said by every channel, and by none in a month's first report."""

import json
import re

import pytest
from render_text import CHAT_DOCUMENTS, text_documents
from sample_report import PEOPLE, figure, sample_report

from tabnine_report.model.data_quality import ChangedFigure, RevisionChanges
from tabnine_report.model.figure import Unit
from tabnine_report.render.documents import render_documents

SENTENCE = "Figures changed since revision 1: Active users 412 (previously 409)."
REVISED = RevisionChanges(
    revision=1,
    sentence=SENTENCE,
    figures=(
        ChangedFigure(label="Active users", before=figure(409, Unit.PEOPLE), now=figure(PEOPLE[-1], Unit.PEOPLE)),
        ChangedFigure(label="Seats", before=figure(None, Unit.SEATS), now=figure(520, Unit.SEATS)),
    ),
)


@pytest.fixture(scope="module")
def documents() -> dict[str, bytes]:
    return render_documents(sample_report(revision=2, revision_changes=REVISED))


@pytest.mark.parametrize("name", ["report.html", "email.html", "email.txt", *CHAT_DOCUMENTS])
def test_every_channel_states_the_changes(documents: dict[str, bytes], name: str) -> None:
    assert SENTENCE in documents[name].decode()


def test_the_report_lists_every_figure_that_changed() -> None:
    page = text_documents(sample_report(revision=2, revision_changes=REVISED))["report.html"]
    words = " ".join(
        re.sub(r"<[^>]*>", " ", page.partition('id="method"')[2].partition('class="disclosures"')[2]).split()
    )

    assert "Active users 409 412" in words
    assert "Seats unavailable 520" in words


def test_a_first_report_mentions_no_changes() -> None:
    documents = render_documents(sample_report())

    assert b"differ from" not in documents["report.html"] + documents["email.html"] + documents["email.txt"]
    assert json.loads(documents["slack.json"])["text"].startswith("ACME, October 2026: ")


def test_subject_and_notification_name_the_revision(documents: dict[str, bytes]) -> None:
    headline = sample_report().headline
    slack = json.loads(documents["slack.json"])

    assert json.loads(documents["email.json"])["subject"] == f"Revision 2: {headline}"
    assert slack["text"] == f"ACME, October 2026, revision 2: {headline}"
    assert slack["blocks"][0]["text"]["text"] == "PARTIAL · ACME · October 2026 · revision 2"
