"""Read and check the note for a month, which someone in the organization wrote in a file beside the profile.

`notes/2026-10.md` contains one paragraph of plain text. A last line that begins with `-- ` is the signature:

    Warsaw joined on 12 October.
    -- J. B.
"""

import re
from pathlib import Path

from tabnine_report.model.answers import Note
from tabnine_report.model.errors import SettingsError
from tabnine_report.model.month import Month
from tabnine_report.model.regular_file import read_regular
from tabnine_report.text.sanitizing import sanitize

NOTES_FOLDER = "notes"
"""The folder of the notes, beside the profile."""

MAX_LENGTH = 400
"""The maximum length of a note in characters, without the signature."""

MAX_SIGNATURE_LENGTH = 40
"""The maximum length of a signature in characters."""

_MAX_BYTES = 100_000
"""The size of a file above which only its beginning is read, which is too long for a note."""

_SIGNED = re.compile(r"^-- +(\S.*)$")
_MARKUP = {
    "a heading": re.compile(r"^#{1,6} ", re.MULTILINE),
    "a link": re.compile(r"\]\(|\bhttps?://", re.IGNORECASE),
    "a tag": re.compile(r"<[a-z/!]", re.IGNORECASE),
    "bold type": re.compile(r"\*\*|__"),
    "code": re.compile(r"`"),
    "a reference": re.compile(r"\$\{"),
    "a list": re.compile(r"^ *(?:[*+-]|\d+[.)]) ", re.MULTILINE),
}


def read_note(profile: Path, month: Month) -> Note | None:
    """Return the note for a month, or None if there is none.

    Args:
        profile: The profile's file.
        month: The reported month.

    Raises:
        SettingsError: If the note is unreadable, empty, too long or not plain text, with all problems.
    """
    path = profile.parent / NOTES_FOLDER / f"{month}.md"
    try:
        content = read_regular(path, _MAX_BYTES).decode("utf-8-sig")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise SettingsError(f"Note {path}", [f"cannot be read: {error.strerror}"]) from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"Note {path}", ["is not text in UTF-8"]) from error
    return checked_note(f"Note {path}", *_split_signature(content))


def checked_note(subject: str, body: str, author: str) -> Note:
    """Return a note as one paragraph.

    Args:
        subject: What the note is, for the error message.
        body: The text, as typed.
        author: The signature; may be empty.

    Raises:
        SettingsError: If the note is empty, too long or not plain text, with all problems.
    """
    text = " ".join(body.split())
    problems = [] if text else ["is empty; write a sentence, or delete the file"]
    problems += plain_text_problems(body, MAX_LENGTH)
    if len(author) > MAX_SIGNATURE_LENGTH:
        problems.append(f"has a signature of {len(author)} characters; the maximum is {MAX_SIGNATURE_LENGTH}")
    if not _can_be_displayed(author):
        problems.append("has a signature with characters that cannot be displayed")
    if problems:
        raise SettingsError(subject, problems)
    return Note(text=text, author=author)


def _split_signature(content: str) -> tuple[str, str]:
    """Split a note into its text and its signature."""
    lines = content.rstrip().splitlines()
    if lines and (signature := _SIGNED.match(lines[-1])):
        return "\n".join(lines[:-1]), signature[1].strip()
    return "\n".join(lines), ""


def plain_text_problems(body: str, max_length: int) -> list[str]:
    """Return why a text that a person typed cannot be printed in a report; empty if it can."""
    text = " ".join(body.split())
    problems = [f"has {len(text)} characters; the maximum is {max_length}"] if len(text) > max_length else []
    problems += [
        f"contains {name}; only plain text is allowed" for name, pattern in _MARKUP.items() if pattern.search(body)
    ]
    if not _can_be_displayed(text):
        problems.append("contains characters that cannot be displayed")
    return problems


def _can_be_displayed(text: str) -> bool:
    return sanitize(text, len(text) + 1) == text
