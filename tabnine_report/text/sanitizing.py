"""Sanitize text from outside for display: one line of limited length that cannot reorder the text around it.

Names and sentences of the report are data. Every channel escapes markup in them; this module removes what escaping
does not cover: line breaks, control characters, and direction controls with which a name could reorder the text beside
it. The isolates around a right-to-left date are kept, because they contain nothing but the date. The model, and with it
`report.json`, keeps every text unchanged.
"""

import re
from unicodedata import east_asian_width

NAME_LENGTH = 120
TEXT_LENGTH = 1000
ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"

# Control characters, line and paragraph separators, and lone surrogates; a space replaces them.
_BREAKING = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
# Direction marks, embeddings, overrides and isolates, invisible tags, byte order marks, and the two characters that XML
# forbids; they are removed.
_CONTROLS = "\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e0fff"
# The isolates of a date are kept. Two names could isolate a sentence between them, but a sentence has letters A to Z.
_INVISIBLE = re.compile(f"(\u2068[^A-Za-z{_CONTROLS}]{{1,60}}\u2069)|[{_CONTROLS}]")
_SPACES = re.compile(" {2,}")


def sanitize(text: str, length: int = TEXT_LENGTH) -> str:
    """Return a text as one line of at most `length` characters, without controls; a longer one ends in an ellipsis."""
    line = _SPACES.sub(" ", _INVISIBLE.sub(_kept, _BREAKING.sub(" ", text[: 4 * length]))).strip()
    return line if len(line) <= length and len(text) <= 4 * length else f"{line[: length - 1].rstrip()}{ELLIPSIS}"


def display_width(text: str) -> int:
    """Return the width of a text in columns: two for a wide character, one for any other."""
    return len(text) + sum(east_asian_width(character) in "WF" for character in text)


def _kept(match: re.Match[str]) -> str:
    return match[1] or ""


def truncate(text: str, length: int) -> str:
    """Return a text as one line of at most `length` characters, cut between words if possible."""
    line = sanitize(text, max(length, TEXT_LENGTH))
    if len(line) <= length:
        return line
    kept = line[: length - 1]
    head, space, _ = kept.rpartition(" ")
    # If cutting between words would lose more than half, the last word is cut instead.
    return f"{(head if space and len(head) > length // 2 else kept).rstrip(' ,;:')}{ELLIPSIS}"
