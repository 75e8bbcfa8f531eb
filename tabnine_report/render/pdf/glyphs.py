"""Find the characters that the PDF cannot show, because none of its fonts has them."""

import unicodedata
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from fontTools.ttLib import TTFont

from tabnine_report.render.pdf.fonts import INTER, font_folders

_INVISIBLE = ("C", "Z")
"""The categories of characters that need no glyph: controls, joiners, unassigned characters, and spaces."""


def characters_without_glyph(text: str) -> tuple[str, ...]:
    """Return the characters of a text for which the PDF shows boxes, in the order of their code points.

    Raises:
        RenderError: If a font package is not installed.
    """
    missing = {ord(character) for character in set(text) if _is_visible(character)}
    for path in _font_files():
        if not missing:
            break
        missing -= _code_points(path)
    return tuple(map(chr, sorted(missing)))


def _is_visible(character: str) -> bool:
    # A variation selector chooses between glyphs and has none.
    return unicodedata.category(character)[0] not in _INVISIBLE and "VARIATION SELECTOR" not in unicodedata.name(
        character, ""
    )


def _font_files() -> Iterator[Path]:
    """Return the font files: the report's typeface first, which has all characters of most reports."""
    return chain(INTER, *(folder.rglob("*.[to]t[fc]") for folder in font_folders()))


def _code_points(path: Path) -> set[int]:
    with TTFont(path, fontNumber=0, lazy=True) as font:
        return set(font.getBestCmap())
