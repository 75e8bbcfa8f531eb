"""The documents of the executive edition contain nothing that is only for the full edition."""

import json
import zipfile
from collections.abc import Iterator
from io import BytesIO

import pytest
from pypdf import PdfReader
from sample_report import figure, sample_report

from tabnine_report.deliver.message import Message
from tabnine_report.deliver.message_from_bundle import message_from_bundle
from tabnine_report.model.data_quality import Definition
from tabnine_report.model.edition import EDITIONS
from tabnine_report.model.figure import Unit
from tabnine_report.model.findings import Finding
from tabnine_report.model.report import MonthlyReport
from tabnine_report.render.documents import render_documents
from tabnine_report.render.editions import edition_of

STOPPED = "In Payments, who had 55 people, nobody used it any more."
OPEN = "People can still sign in by password, although SAML is on."
SAID_TO_ALL = ("pending", "admins")  # in page-one figures and recommended actions
LINK = "https://reports.example/acme/2026-10/r1/report.html"


@pytest.fixture(scope="module")
def whole() -> MonthlyReport:
    """Return a report with content for the full edition in every part."""
    report = sample_report()
    figures = {"team_active_users": figure(0, Unit.PEOPLE)}
    lines = tuple(
        line.model_copy(update={"endpoint": "team-usage-v2", "reason": "Of 1 team, Payments, there is no answer."})
        if line.state == "failed"
        else line
        for line in report.data_quality.data_sources
    )
    members = Definition(
        key="team_members", term="Team members", meaning="A team's registered accounts.", source="team", edition="full"
    )
    data_quality = {"endpoints": lines, "definitions": (*report.data_quality.definitions, members)}
    return sample_report(
        findings=(
            *report.findings,
            Finding(rule="team_stopped", claim=STOPPED, evidence="7 people did.", figures=figures, edition="full"),
            Finding(rule="password_with_saml", claim=OPEN, evidence="SAML is on.", figures={}, edition="full"),
        ),
        data_quality=report.data_quality.model_copy(update=data_quality),
    )


@pytest.fixture(scope="module")
def bundle(whole: MonthlyReport) -> dict[str, bytes]:
    return render_documents(whole, link=LINK, editions=EDITIONS)


def secrets(report: MonthlyReport) -> Iterator[str]:
    """Yield every text of the report that is only for the full edition."""
    assert report.teams is not None
    assert report.governance is not None
    yield from (row.name for row in report.teams.rows if row.name not in ("Web", "Mobile"))
    yield from (report.teams.title, report.teams.note, report.governance.title, STOPPED, OPEN)
    yield from (one.label for one in report.governance.sign_in)
    yield from (one.label for one in report.governance.accounts if one.key not in SAID_TO_ALL)
    yield from ("SAML", "password", "OAuth", "full edition", "Team members")


def text_of(name: str, content: bytes) -> str:
    """Return the text of a document on one line."""
    if name.endswith(".pdf"):
        text = "".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
    elif name.endswith(".xlsx"):
        parts = zipfile.ZipFile(BytesIO(content))
        text = "".join(parts.read(part).decode(errors="replace") for part in parts.namelist())
    elif name.endswith(".json"):
        text = json.dumps(json.loads(content), ensure_ascii=False)
    else:
        text = content.decode(errors="replace")
    return " ".join(text.split())


def sent(message: Message) -> dict[str, bytes]:
    """Return everything that a message delivers, by any channel."""
    texts = {"subject.txt": message.subject, "text.txt": message.text, "html.txt": message.html}
    return {
        "slack.json": json.dumps(dict(message.payloads["slack"])).encode(),
        **{name: text.encode() for name, text in texts.items()},
        **{file.name: file.content for file in message.attachments},
    }


def test_executive_documents_contain_nothing_of_the_full_edition(
    whole: MonthlyReport, bundle: dict[str, bytes]
) -> None:
    shown = {name: content for name, content in bundle.items() if not name.startswith("full/")}
    del shown["report.json"]  # the whole model: the archive's, mailed to nobody
    texts = {name: text_of(name, content) for name, content in shown.items()}
    texts |= {f"sent/{name}": text_of(name, content) for name, content in sent(message_from_bundle(bundle)).items()}
    told = list(secrets(whole))

    assert len(told) > 20
    assert "report.json" not in {part["document"] for part in json.loads(bundle["email.json"])["attachments"]}
    assert [(name, one) for name, text in texts.items() for one in told if one in text] == []


@pytest.mark.parametrize("name", ["full/report.html", "full/report.pdf", "full/report.xlsx"])
def test_the_full_edition_contains_everything(whole: MonthlyReport, bundle: dict[str, bytes], name: str) -> None:
    text = text_of(name, bundle[name])
    told = ["Platform", "Password sign-in", "Tabnine admins", "not met", "not known", "SAML"]

    assert [one for one in told if one not in text] == []


def test_both_editions_have_the_same_subject(bundle: dict[str, bytes]) -> None:
    ours, theirs = message_from_bundle(bundle, "executive"), message_from_bundle(bundle, "full")

    assert ours.subject == theirs.subject
    assert OPEN in theirs.text
    assert OPEN not in ours.text
    assert "full edition" in theirs.text


def test_files_and_link_differ_between_editions(bundle: dict[str, bytes]) -> None:
    ours, theirs = message_from_bundle(bundle, "executive"), message_from_bundle(bundle, "full")

    assert [file.name for file in ours.attachments] == ["acme-tabnine-2026-10.pdf", "acme-tabnine-2026-10.xlsx"]
    assert [file.name for file in theirs.attachments] == [
        "acme-tabnine-2026-10-full.pdf",
        "acme-tabnine-2026-10-full.xlsx",
    ]
    assert theirs.attachments[0].content == bundle["full/report.pdf"]
    assert (ours.link, theirs.link) == (LINK, "https://reports.example/acme/2026-10/r1/full/report.html")


def test_the_bundle_contains_the_whole_model_once(whole: MonthlyReport, bundle: dict[str, bytes]) -> None:
    assert MonthlyReport.model_validate_json(bundle["report.json"]) == whole
    assert "full/report.json" not in bundle
    assert [name for name in bundle if name.startswith("full/charts/")] == []


def test_the_full_edition_is_the_report_and_the_executive_edition_is_idempotent(
    whole: MonthlyReport,
) -> None:
    executive = edition_of(whole, "executive")

    assert edition_of(whole, "full") is whole
    assert edition_of(executive, "executive") == executive
    assert (executive.headline, executive.page_one_kpis, executive.seats) == (
        whole.headline,
        whole.page_one_kpis,
        whole.seats,
    )
