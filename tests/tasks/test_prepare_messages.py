"""The messages of a sealed report, also from a bundle that lacks a document of a channel."""

from pathlib import Path

from render_text import text_documents
from sample_report import sample_report

from tabnine_report.archive import Archive
from tabnine_report.model.month import Month
from tabnine_report.profile.profile import Profile
from tabnine_report.runs.context import RunContext
from tasks.prepare_messages import prepare_messages

OCTOBER = Month(2026, 10)


async def test_a_bundle_that_was_sealed_before_a_channel_existed_gets_its_payload(tmp_path: Path) -> None:
    api = {"base_url": "http://127.0.0.1:9", "token": "sandbox-token"}
    values = {"name": "acme", "time_zone": "UTC", "usage_api": api, "archive": {"location": str(tmp_path)}}
    report = sample_report()
    texts = text_documents(report) | {"report.json": report.model_dump_json()}
    documents = {name: text.encode() for name, text in texts.items() if name != "slack.json"}
    documents |= dict.fromkeys(("full/report.pdf", "full/report.xlsx"), b"file")
    bundle = Archive(tmp_path).seal("acme", OCTOBER, 1, documents, {}, {"model_version": 1})
    run = RunContext(Profile.model_validate(values), OCTOBER, draft=False, profile_argument="acme")

    messages = await prepare_messages.fn(run, bundle)

    assert messages["executive"].payloads["slack"]["blocks"]
    assert messages["executive"].text == texts["email.txt"]
