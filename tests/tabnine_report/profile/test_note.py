"""The note for a month is a paragraph of plain text beside the profile, and all its problems are reported."""

from pathlib import Path

import pytest

from tabnine_report.model.answers import Note
from tabnine_report.model.errors import SettingsError
from tabnine_report.model.month import Month
from tabnine_report.profile.note import MAX_LENGTH, MAX_SIGNATURE_LENGTH, read_note

OCTOBER = Month(2026, 10)


def write(folder: Path, content: bytes | str) -> Path:
    """Write October's note beside a profile and return the profile's path."""
    notes = folder / "notes"
    notes.mkdir()
    (notes / "2026-10.md").write_bytes(content.encode() if isinstance(content, str) else content)
    return folder / "acme.toml"


def problems(profile: Path) -> list[str]:
    with pytest.raises(SettingsError) as error_info:
        read_note(profile, OCTOBER)
    assert "2026-10.md" in str(error_info.value)
    return error_info.value.problems


def test_without_a_file_there_is_no_note(tmp_path: Path) -> None:
    assert read_note(tmp_path / "acme.toml", OCTOBER) is None


def test_the_note_of_another_month_is_not_used(tmp_path: Path) -> None:
    profile = write(tmp_path, "Warsaw joined.")
    assert read_note(profile, Month(2026, 9)) is None


@pytest.mark.parametrize(
    ("content", "note"),
    [
        ("Warsaw joined on 12 October.", Note(text="Warsaw joined on 12 October.")),
        ("Warsaw joined\non 12 October.\n\n-- J. B.\n", Note(text="Warsaw joined on 12 October.", author="J. B.")),
        ("\ufeffA < B & C > D; 5 * 3 -- so.\r\n-- J.\r\n", Note(text="A < B & C > D; 5 * 3 -- so.", author="J.")),
        ("\u05e9\u05dc\u05d5\u05dd", Note(text="\u05e9\u05dc\u05d5\u05dd")),
        ("x" * MAX_LENGTH, Note(text="x" * MAX_LENGTH)),
    ],
)
def test_a_note_is_one_paragraph_with_an_optional_signature(tmp_path: Path, content: str, note: Note) -> None:
    assert read_note(write(tmp_path, content), OCTOBER) == note


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", ["is empty; write a sentence, or delete the file"]),
        ("\n-- J. B.\n", ["is empty; write a sentence, or delete the file"]),
        ("x" * (MAX_LENGTH + 1), ["has 401 characters; the maximum is 400"]),
        (f"Hello.\n-- {'x' * (MAX_SIGNATURE_LENGTH + 1)}", ["has a signature of 41 characters; the maximum is 40"]),
        ("# Title", ["contains a heading; only plain text is allowed"]),
        ("See [this](x).", ["contains a link; only plain text is allowed"]),
        ("See https://x.example", ["contains a link; only plain text is allowed"]),
        ("<b>Hello</b>", ["contains a tag; only plain text is allowed"]),
        ("**Hello**", ["contains bold type; only plain text is allowed"]),
        ("`x`", ["contains code; only plain text is allowed"]),
        ("Ask ${TABNINE_TOKEN}.", ["contains a reference; only plain text is allowed"]),
        ("- one\n- two", ["contains a list; only plain text is allowed"]),
        ("a\x00b", ["contains characters that cannot be displayed"]),
        ("a\u202eb", ["contains characters that cannot be displayed"]),
        (b"\xff\xfe", ["is not text in UTF-8"]),
        (
            "# A **b**",
            ["contains a heading; only plain text is allowed", "contains bold type; only plain text is allowed"],
        ),
    ],
)
def test_every_problem_of_a_note_is_reported(tmp_path: Path, content: bytes | str, expected: list[str]) -> None:
    assert problems(write(tmp_path, content)) == expected


def test_a_note_that_is_a_folder_is_reported(tmp_path: Path) -> None:
    (tmp_path / "notes" / "2026-10.md").mkdir(parents=True)
    (expected,) = problems(tmp_path / "acme.toml")
    assert expected.startswith("cannot be read: ")
