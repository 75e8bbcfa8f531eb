"""Colours read as text on white, whatever accent a profile chooses."""

import pytest

from reporting.render.colours import contrast_with_white, palette


def test_contrast_is_the_one_of_the_guidelines() -> None:
    assert round(contrast_with_white("#000000"), 2) == 21.0
    assert round(contrast_with_white("#ffffff"), 2) == 1.0
    assert round(contrast_with_white("#767676"), 2) == 4.54


@pytest.mark.parametrize("accent", ["#3b4cca", "#ffe600", "#ffffff", "#00ff00", "#000000"])
def test_everything_that_is_read_has_enough_contrast(accent: str) -> None:
    colours = palette(accent)

    read = (colours.accent, colours.ink, colours.quiet, colours.warning)
    assert [colour for colour in read if contrast_with_white(colour) < 4.5] == []


def test_an_accent_that_reads_already_is_kept() -> None:
    assert palette("#3b4cca").accent == "#3b4cca"
