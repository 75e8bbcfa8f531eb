"""The note for a month: what somebody of the organization wrote about it, in a file beside the profile.

`notes/2026-10.md` is one paragraph of plain text; a last line that begins with `-- ` signs it:

    Warsaw joined on 12 October.
    -- J. B.
"""

import re
from pathlib import Path

from tabnine_report.model.errors import SettingsError
from tabnine_report.model.findings import Note
from tabnine_report.model.month import Month
from tabnine_report.text.sanitizing import sanitize

FOLDER = "notes"
"""Beside the profile's file."""

LONGEST = 400
"""The most characters of a note, the signature not counted."""

LONGEST_NAME = 40
"""The most characters of a signature."""

_SIGNED = re.compile(r"^-- +(\S.*)$")
_MARKUP = {
    "a heading": re.compile(r"^#{1,6} ", re.MULTILINE),
    "a link": re.compile(r"\]\(|\bhttps?://", re.IGNORECASE),
    "a tag": re.compile(r"<[a-z/!]", re.IGNORECASE),
    "bold type": re.compile(r"\*\*|__"),
    "code": re.compile(r"`"),
    "a list": re.compile(r"^ *(?:[*+-]|\d+[.)]) ", re.MULTILINE),
}


def read_note(profile: Path, month: Month) -> Note | None:
    """Read the note for a month; None where there is none.

    Args:
        profile: The profile's file.
        month: The reported month.

    Raises:
        SettingsError: With everything that is wrong with the note: unreadable, empty, too long, or not plain text.
    """
    path = profile.parent / FOLDER / f"{month}.md"
    try:
        written = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise SettingsError(f"Note {path}", [f"cannot be read: {error.strerror}"]) from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"Note {path}", ["is not text in UTF-8"]) from error
    body, author = _signature(written)
    text = " ".join(body.split())
    if problems := _problems(body, text, author):
        raise SettingsError(f"Note {path}", problems)
    return Note(text=text, author=author)


def _signature(written: str) -> tuple[str, str]:
    """Part a note from who signed it."""
    lines = written.rstrip().splitlines()
    if lines and (signed := _SIGNED.match(lines[-1])):
        return "\n".join(lines[:-1]), signed[1].strip()
    return "\n".join(lines), ""


def _problems(body: str, text: str, author: str) -> list[str]:
    problems = []
    if not text:
        problems.append("is empty: write a sentence, or remove the file")
    if len(text) > LONGEST:
        problems.append(f"has {len(text)} characters; at most {LONGEST} are shown")
    if len(author) > LONGEST_NAME:
        problems.append(f"is signed with {len(author)} characters; at most {LONGEST_NAME} are shown")
    problems += [f"holds {what}: only plain text is shown" for what, form in _MARKUP.items() if form.search(body)]
    if any(sanitize(part, len(part) + 1) != part for part in (text, author)):
        problems.append("holds characters that cannot be shown")
    return problems
