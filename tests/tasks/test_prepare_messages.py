"""The messages of a sealed report, also from a bundle that lacks a document of a channel."""

import json
import logging
from pathlib import Path

import pytest
from archives import bucket, buckets
from render_text import text_documents
from sample_report import sample_report
from upath import UPath

from tabnine_report.archive import Archive, Bundle
from tabnine_report.model.month import Month
from tabnine_report.profile.profile import Profile
from tabnine_report.render.chat.slack_report import report_payload
from tabnine_report.render.template_environment import language_of
from tabnine_report.runs.context import RunContext
from tasks.prepare_messages import prepare_messages

OCTOBER = Month(2026, 10)

__all__ = ["bucket", "buckets"]


def run_of(**archive: object) -> RunContext:
    api = {"base_url": "http://127.0.0.1:9", "token": "sandbox-token"}
    values = {"name": "acme", "time_zone": "UTC", "usage_api": api, "archive": archive}
    return RunContext(Profile.model_validate(values), OCTOBER, draft=False, profile_argument="acme")


def seal(location: Path | UPath, *, without: str = "") -> tuple[Bundle, dict[str, str]]:
    report = sample_report(edition="executive")
    texts = text_documents(report) | {"report.json": report.model_dump_json()}
    texts["slack.json"] = json.dumps(report_payload(report, language_of(report), ""))
    documents = {name: text.encode() for name, text in texts.items() if name != without}
    files = ("report.pdf", "report.xlsx", "full/report.pdf", "full/report.xlsx", "charts/email.png")
    documents |= dict.fromkeys(files, b"file")
    return Archive(location).seal("acme", OCTOBER, 1, documents, {}, {"model_version": 1}), texts


async def test_a_bundle_that_was_sealed_before_a_channel_existed_gets_its_payload(tmp_path: Path) -> None:
    bundle, texts = seal(tmp_path, without="slack.json")

    messages = await prepare_messages.fn(run_of(location=str(tmp_path)), bundle)

    assert messages["executive"].payloads["slack"]["blocks"]
    assert messages["executive"].text == texts["email.txt"]


def in_bucket(bucket: UPath) -> RunContext:
    return run_of(location=str(bucket), ledger="sqlite:///ledger.db", presigned_link_days=7)


async def test_only_the_sent_message_has_the_presigned_link(bucket: UPath, caplog: pytest.LogCaptureFixture) -> None:
    bundle, _ = seal(bucket)

    with caplog.at_level(logging.DEBUG, "tasks"):
        message = (await prepare_messages.fn(in_bucket(bucket), bundle))["executive"]

    assert "X-Amz-Signature" in message.link
    assert message.link in message.text
    assert message.link.replace("&", "&amp;") in message.html
    assert "Signature" not in repr(message) + caplog.text
    assert not [name for name, content in bundle.documents().items() if b"X-Amz-Signature" in content]


async def test_a_report_that_cannot_be_linked_is_sent_without_a_link(
    bucket: UPath, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    bundle, texts = seal(bucket)
    monkeypatch.delattr(type(bundle.folder.fs), "sign")

    message = (await prepare_messages.fn(in_bucket(bucket), bundle))["executive"]

    assert (message.text, message.link) == (texts["email.txt"], "")
    assert "The messages contain no link to the report. Cannot create a presigned link to s3://" in caplog.text


async def test_slack_links_to_the_run_on_a_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bundle, _ = seal(tmp_path)
    monkeypatch.setattr("tasks.prepare_messages.run_url", lambda: "https://prefect.example/runs/1")

    message = (await prepare_messages.fn(run_of(location=str(tmp_path)), bundle))["executive"]

    assert "https://prefect.example/runs/1" in str(message.payloads["slack"]["blocks"])
    assert "https://prefect.example/runs/1" not in message.text + message.html
