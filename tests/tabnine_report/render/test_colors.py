"""Colors read as text on white, whatever accent a profile chooses."""

import re

import pytest

from tabnine_report.render.colors import contrast, palette
from tabnine_report.text.i18n import TEMPLATES

CSS = "\n".join(path.read_text(encoding="utf-8") for path in sorted((TEMPLATES / "report" / "styles").glob("*.css")))
# A rule's own words: its selectors and its declarations, wherever it stands.
RULES = [(name.strip(), body) for name, body in re.findall(r"([^{}]+){([^{}]*)}", CSS)]


def test_contrast_is_computed_as_wcag_defines_it() -> None:
    assert round(contrast("#000000", "#ffffff"), 2) == 21.0
    assert round(contrast("#ffffff", "#ffffff"), 2) == 1.0
    assert round(contrast("#767676", "#ffffff"), 2) == 4.54


@pytest.mark.parametrize("accent", ["#3b4cca", "#ffe600", "#ffffff", "#00ff00", "#000000"])
def test_all_text_has_enough_contrast(accent: str) -> None:
    colors = palette(accent)

    read = (colors.accent, colors.ink, colors.quiet, colors.warning)
    assert [color for color in read if contrast(color, "#ffffff") < 4.5] == []


def test_a_legible_accent_is_kept() -> None:
    assert palette("#3b4cca").accent == "#3b4cca"


@pytest.mark.parametrize("accent", ["#3b4cca", "#ffe600", "#00ff00"])
def test_every_text_color_is_legible_on_every_background(accent: str) -> None:
    colors = vars(palette(accent))
    said = {value for _, body in RULES for value in re.findall(r"(?<![-\w])color: var\(--(\w+)\)", body)}
    rule_context = {value for _, body in RULES for value in re.findall(r"background: var\(--(\w+)\)", body)}

    assert said == {"ink", "deck", "quiet", "accent", "warning"}
    assert rule_context == set()
    assert [name for name in said if contrast(colors[name], colors["shade"]) < 4.5] == []


def test_the_style_sheet_defines_no_color_except_white_and_the_shadow_of_what_scrolls() -> None:
    assert set(re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[^{}]*})", CSS)) <= {"#fff", "#fff0", "#1a1d2638", "#1a1d2600"}


@pytest.mark.parametrize("accent", ["#3b4cca", "#ffe600", "#8c93a3"])
def test_the_reported_month_is_distinguishable_in_grayscale(accent: str) -> None:
    colors = palette(accent)

    assert contrast(colors.accent, colors.before) > 1.5
