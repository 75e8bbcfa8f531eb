"""The note of a month reaches all readers; an invalid note stops the run before anything is fetched."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from receivers import Mail, Webhook

from flows.monthly_report import monthly_report
from tabnine_report.model.answers import Note
from tabnine_report.model.errors import SettingsError
from tabnine_report.runs.status import RunStatus
from tabnine_report.sandbox.server import RunningSandbox

if TYPE_CHECKING:
    from tabnine_report.runs.result import RunResult

pytestmark = pytest.mark.usefixtures("_on_the_2nd")


def write_note(profile: str, text: str) -> None:
    notes = Path(profile).parent / "notes"
    notes.mkdir(exist_ok=True)
    (notes / "2026-10.md").write_text(text, encoding="utf-8")


async def test_a_note_reaches_all_readers_and_a_changed_note_makes_a_new_revision(
    write_profile: Callable[..., str], mail: Mail, channel: Webhook
) -> None:
    profile = write_profile()
    write_note(profile, "Warsaw joined on 12 October.\n-- J. B.\n")
    first: RunResult = await monthly_report(profile)

    assert first.status is RunStatus.SENT
    assert first.report.note == Note(text="Warsaw joined on 12 October.", author="J. B.")
    text = dict(mail.messages)["cto@acme.example"].get_body(("plain",))
    assert text is not None
    assert "Note (J. B.): Warsaw joined on 12 October." in text.get_content()
    assert "Warsaw joined" in channel.text()

    unchanged: RunResult = await monthly_report(profile)
    assert unchanged.report.revision == 1
    write_note(profile, "Warsaw joined on 13 October.")
    changed: RunResult = await monthly_report(profile, delivery="nobody")
    assert changed.report.revision == 2


async def test_an_invalid_note_stops_the_run_and_the_admins_are_notified_why(
    write_profile: Callable[..., str], sandbox: RunningSandbox, mail: Mail, admins: Webhook
) -> None:
    profile = write_profile()
    write_note(profile, "x" * 401)

    with pytest.raises(SettingsError, match="401 characters; the maximum is 400"):
        await monthly_report(profile)
    assert [entry for entry in sandbox.requests.entries if str(entry.path).startswith("/api/")] == []
    assert mail.recipients() == ["it-tools@acme.example"]
    assert "401 characters; the maximum is 400" in admins.text()
