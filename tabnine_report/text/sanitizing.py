"""Text from outside, made fit to be shown: one line, of bounded length, that cannot rearrange what stands around it.

Names and sentences of the report are data. Markup in them is harmless, because every channel escapes; what escaping
does not reach is dealt with here: line breaks, control characters, and the controls of direction that would let a
name turn the text beside it around. A date of a language that runs from right to left keeps the pair that holds it
together: nothing but its own few letters stands in it. The model, and so `report.json`, keeps every text as it came.
"""

import re
from unicodedata import east_asian_width

NAME_LENGTH = 120
TEXT_LENGTH = 1000
ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"

# Controls, line and paragraph separators, and half characters: a space stands where they stood.
_BREAKING = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
# Marks, embeddings, overrides and isolates of direction, invisible tags, byte order marks, and the two that no XML may
# hold: nothing stands there.
_CONTROLS = "\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e0fff"
# A date's pair is kept. Two names could open and close one around a sentence, but a sentence has letters from A to Z.
_INVISIBLE = re.compile(f"(\u2068[^A-Za-z{_CONTROLS}]{{1,60}}\u2069)|[{_CONTROLS}]")
_SPACES = re.compile(" {2,}")


def sanitize(text: str, length: int = TEXT_LENGTH) -> str:
    """Give a text as one line of at most `length` characters, without controls; a longer one ends in an ellipsis."""
    line = _SPACES.sub(" ", _INVISIBLE.sub(_kept, _BREAKING.sub(" ", text[: 4 * length]))).strip()
    return line if len(line) <= length and len(text) <= 4 * length else f"{line[: length - 1].rstrip()}{ELLIPSIS}"


def display_width(text: str) -> int:
    """Count the places that a text takes beside others: two for a character of a wide script, one for any other."""
    return len(text) + sum(east_asian_width(character) in "WF" for character in text)


def _kept(found: re.Match[str]) -> str:
    return found[1] or ""


def truncate(text: str, length: int) -> str:
    """Give a text as one line of at most `length` characters, cut between words where there is a space to cut at."""
    line = sanitize(text, max(length, TEXT_LENGTH))
    if len(line) <= length:
        return line
    kept = line[: length - 1]
    head, space, _ = kept.rpartition(" ")
    # A cut that would lose more than half is no better than a cut inside the word.
    return f"{(head if space and len(head) > length // 2 else kept).rstrip(' ,;:')}{ELLIPSIS}"
