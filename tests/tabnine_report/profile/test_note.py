"""The note for a month: a paragraph of plain text beside the profile; what is wrong with one is named at once."""

from pathlib import Path

import pytest

from tabnine_report.model.errors import SettingsError
from tabnine_report.model.findings import Note
from tabnine_report.model.month import Month
from tabnine_report.profile.note import LONGEST, LONGEST_NAME, read_note

OCTOBER = Month(2026, 10)


def write(folder: Path, content: bytes | str) -> Path:
    """Write October's note beside a profile, and give the profile's path."""
    notes = folder / "notes"
    notes.mkdir()
    (notes / "2026-10.md").write_bytes(content.encode() if isinstance(content, str) else content)
    return folder / "acme.toml"


def problems(profile: Path) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        read_note(profile, OCTOBER)
    assert "2026-10.md" in str(caught.value)
    return caught.value.problems


def test_without_a_file_there_is_no_note(tmp_path: Path) -> None:
    assert read_note(tmp_path / "acme.toml", OCTOBER) is None


def test_another_months_note_is_not_this_months(tmp_path: Path) -> None:
    profile = write(tmp_path, "Warsaw joined.")
    assert read_note(profile, Month(2026, 9)) is None


@pytest.mark.parametrize(
    ("content", "note"),
    [
        ("Warsaw joined on 12 October.", Note(text="Warsaw joined on 12 October.")),
        ("Warsaw joined\non 12 October.\n\n-- J. B.\n", Note(text="Warsaw joined on 12 October.", author="J. B.")),
        ("\ufeffA < B & C > D; 5 * 3 -- so.\r\n-- J.\r\n", Note(text="A < B & C > D; 5 * 3 -- so.", author="J.")),
        ("\u05e9\u05dc\u05d5\u05dd", Note(text="\u05e9\u05dc\u05d5\u05dd")),
        ("x" * LONGEST, Note(text="x" * LONGEST)),
    ],
)
def test_a_note_is_one_paragraph_and_its_last_line_may_sign_it(tmp_path: Path, content: str, note: Note) -> None:
    assert read_note(write(tmp_path, content), OCTOBER) == note


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", ["is empty: write a sentence, or remove the file"]),
        ("\n-- J. B.\n", ["is empty: write a sentence, or remove the file"]),
        ("x" * (LONGEST + 1), ["has 401 characters; at most 400 are shown"]),
        (f"Hello.\n-- {'x' * (LONGEST_NAME + 1)}", ["is signed with 41 characters; at most 40 are shown"]),
        ("# Title", ["holds a heading: only plain text is shown"]),
        ("See [this](x).", ["holds a link: only plain text is shown"]),
        ("See https://x.example", ["holds a link: only plain text is shown"]),
        ("<b>Hello</b>", ["holds a tag: only plain text is shown"]),
        ("**Hello**", ["holds bold type: only plain text is shown"]),
        ("`x`", ["holds code: only plain text is shown"]),
        ("- one\n- two", ["holds a list: only plain text is shown"]),
        ("a\x00b", ["holds characters that cannot be shown"]),
        ("a\u202eb", ["holds characters that cannot be shown"]),
        (b"\xff\xfe", ["is not text in UTF-8"]),
        ("# A **b**", ["holds a heading: only plain text is shown", "holds bold type: only plain text is shown"]),
    ],
)
def test_everything_that_is_wrong_with_a_note_is_named(tmp_path: Path, content: bytes | str, said: list[str]) -> None:
    assert problems(write(tmp_path, content)) == said


def test_a_note_that_is_no_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "notes" / "2026-10.md").mkdir(parents=True)
    (said,) = problems(tmp_path / "acme.toml")
    assert said.startswith("cannot be read: ")
