"""All documents of a report: they are complete, consistent and reproducible."""

import hashlib
import json
import os
import subprocess
import sys
from html import unescape
from pathlib import Path

from tabnine_report.deliver.message_from_bundle import message_from_bundle
from tabnine_report.model.report import MonthlyReport
from tabnine_report.render.chat import CHAT_FORMATS
from tabnine_report.render.documents import preflight

LINK = "https://reports.example/acme/2026-10/r1/report.html"

AGAIN = """
import hashlib, json, sys
from pathlib import Path
from tabnine_report.model.edition import EDITIONS
from tabnine_report.render.documents import render_documents
from tabnine_report.model.report import MonthlyReport

report = MonthlyReport.model_validate_json(Path(sys.argv[1]).read_bytes())
documents = render_documents(report, link=sys.argv[2], editions=EDITIONS)
print(json.dumps({name: hashlib.sha256(content).hexdigest() for name, content in documents.items()}))
"""


def test_every_document_is_rendered(documents: dict[str, bytes]) -> None:
    assert sorted(documents) == sorted(
        [
            *("report.html", "report.pdf", "report.xlsx", "report.json"),
            *("email.html", "email.txt", "email.json"),
            *("full/report.html", "full/report.pdf", "full/report.xlsx"),
            *("full/email.html", "full/email.txt", "full/email.json"),
            *(f"{folder}{channel}.json" for channel in CHAT_FORMATS for folder in ("", "full/")),
            *("charts/email.png",),
        ]
    )
    assert all(documents.values())


def test_rendering_the_sample_gives_no_warning(documents: dict[str, bytes], warnings: list[str]) -> None:
    assert documents
    assert warnings == []


def test_another_process_renders_the_same_bytes_from_report_json(documents: dict[str, bytes], tmp_path: Path) -> None:
    model = tmp_path / "report.json"
    model.write_bytes(documents["report.json"])

    made = subprocess.run(
        [sys.executable, "-c", AGAIN, str(model), LINK],
        env={**os.environ, "PYTHONHASHSEED": "4711", "TZ": "Asia/Tokyo"},
        check=True,
        capture_output=True,
        text=True,
    )

    assert {name: hashlib.sha256(content).hexdigest() for name, content in documents.items()} == json.loads(made.stdout)


def test_report_json_gives_the_same_model(report: MonthlyReport, documents: dict[str, bytes]) -> None:
    assert documents["report.json"].endswith(b"}\n")
    assert report == MonthlyReport.model_validate_json(documents["report.json"])


def test_html_email_and_slack_print_the_same_figures(documents: dict[str, bytes]) -> None:
    slack = unescape("\n".join(_texts(json.loads(documents["slack.json"]))))
    said = {
        "report.html": unescape(documents["report.html"].decode()).replace("<small>", ""),
        "email.html": unescape(documents["email.html"].decode()),
        "email.txt": documents["email.txt"].decode(),
        "slack.json": slack,
    }
    wanted = [
        *("412", "▲ 23 (5.9%)", "92.2% of 447 accounts"),
        *("236", "▲ 15 (6.8%)"),
        *("108", "▼ 19 (15.0%)"),
        *("205", "▲ 37 (22.0%)"),
        "31 more agent users, the largest of the last 12 monthly changes.",
        "8 of 9 data sources answered; fetched 2 November 2026, 07:00.",
    ]

    assert [(name, text) for name, content in said.items() for text in wanted if text not in content] == []


def test_a_message_is_read_from_the_documents_alone(documents: dict[str, bytes]) -> None:
    message = message_from_bundle(documents)

    assert (
        message.subject == "412 people used Tabnine in October. At least a fifth of the seats, 108 of 520, were unused."
    )
    assert {f"cid:{content_id}" in message.html for content_id in message.pictures} == {True}
    workbook = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert [
        ("acme-tabnine-2026-10.pdf", "application/pdf", documents["report.pdf"]),
        ("acme-tabnine-2026-10.xlsx", workbook, documents["report.xlsx"]),
    ] == [(file.name, file.media_type, file.content) for file in message.attachments]
    assert message.link == LINK
    assert message.payloads["slack"] == json.loads(documents["slack.json"])


def test_preflight_finds_no_problem_in_a_complete_installation() -> None:
    assert preflight() == []


def _texts(part: object) -> list[str]:
    if isinstance(part, dict):
        return [text for value in part.values() for text in _texts(value)]
    if isinstance(part, list):
        return [text for value in part for text in _texts(value)]
    return [part] if isinstance(part, str) else []
