"""Find the characters that the PDF cannot show, because none of its fonts has them."""

import unicodedata
from functools import cache

from fontTools.ttLib import TTFont

from tabnine_report.render.pdf.fonts import font_folders

_FIRST_OTHER_SCRIPT = 0x530
"""Inter and Noto Sans have the letters before it: Latin, Greek and Cyrillic. Few reports contain any other."""
_INVISIBLE = ("C", "Z")
"""The categories of characters that need no glyph: controls, joiners, unassigned characters, and spaces."""


def characters_without_glyph(text: str) -> tuple[str, ...]:
    """Return the characters of a text for which the PDF shows boxes, in the order of their code points.

    Raises:
        RenderError: If a font package is not installed.
    """
    others = {character for character in set(text) if ord(character) >= _FIRST_OTHER_SCRIPT and _is_visible(character)}
    return tuple(sorted(others - _characters_of_fonts())) if others else ()


def _is_visible(character: str) -> bool:
    # A variation selector chooses between glyphs and has none.
    return unicodedata.category(character)[0] not in _INVISIBLE and "VARIATION SELECTOR" not in unicodedata.name(
        character, ""
    )


@cache
def _characters_of_fonts() -> frozenset[str]:
    files = [path for folder in font_folders() for path in folder.rglob("*.[to]t[fc]")]
    return frozenset(chr(code) for path in files for code in _code_points(str(path)))


def _code_points(path: str) -> set[int]:
    with TTFont(path, fontNumber=0, lazy=True) as font:
        return set(font.getBestCmap())
