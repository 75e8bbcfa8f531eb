"""Estimate the height of printed text, so that a page with much text can be set to fit on one sheet."""

import math
from typing import Literal

from tabnine_report.text.sanitizing import display_width

PAGE = 258.0
"""The height of a page within its margins, in mm, with a reserve of 3 mm."""
_BLOCK = 13.8
"""The height of the gap above a block and of its title, in mm."""

Kind = Literal["title", "line", "half", "third", "small", "half-small"]

_LINES: dict[Kind, tuple[int, float, float]] = {
    "title": (46, 8.1, 9.0),
    "line": (104, 4.65, 0.6),
    "half": (50, 4.65, 0.0),
    "third": (33, 4.2, 11.9),
    "small": (120, 3.85, 2.0),
    "half-small": (56, 3.85, 0.8),
}
"""For each kind of text: the characters of a line, the height of a line in mm, and that of what is around it."""


def text_height(kind: Kind, text: str) -> float:
    """Return the height of a text in mm; 0 without a text."""
    characters, line, around = _LINES[kind]
    return math.ceil(display_width(text) / characters) * line + around if text else 0.0


def block(height: float) -> float:
    """Return the height of a block with its title."""
    return _BLOCK + height
