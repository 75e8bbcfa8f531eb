"""The elements of an SVG chart."""

from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from svg_reader import Drawing

from tabnine_report.render.charts import svg

FONTS = Path(__file__).parents[4] / "templates" / "fonts" / "print"
HOSTILE = "<script>alert('x')</script> & \"quoted\""


@pytest.mark.parametrize(
    ("value", "written"), [(1.0, "1"), (1.005, "1"), (0.126, "0.13"), (100.0, "100"), (-2.5, "-2.5")]
)
def test_a_length_has_at_most_two_decimals(value: float, written: str) -> None:
    assert svg.number(value) == written


def test_the_title_and_the_labels_are_escaped() -> None:
    image = svg.chart(10, 10, HOSTILE, [svg.text((0, 0), HOSTILE, "#000000")])

    assert "<script" not in image
    assert Drawing(image).title == HOSTILE
    assert Drawing(image).texts == [HOSTILE]


def test_an_outline_covers_the_same_area_as_a_filled_rectangle() -> None:
    image = svg.chart(20, 20, "", [svg.outline((2, 3, 10, 8), svg.Stroke("#000000", 2))])

    assert Drawing(image).rects() == [(3, 4, 8, 6)]


def test_a_rectangle_is_never_of_negative_size() -> None:
    image = svg.chart(
        9, 9, "", [svg.rect((0, 0, -1, -1), "#000000"), svg.outline((0, 0, 1, 1), svg.Stroke("#000000", 2))]
    )

    assert [(width, height) for _, _, width, height in Drawing(image).rects()] == [(0, 0), (0, 0)]


@pytest.mark.parametrize("weight", [400, 600])
@pytest.mark.parametrize(
    "label", ["340 active users", "at least 102 inactive", "36 to 60 unassigned", "May: partial", "Budget: USD 1,400"]
)
def test_the_width_of_a_label_is_about_that_in_print_and_rarely_too_small(label: str, weight: int) -> None:
    font = TTFont(FONTS / f"inter-{weight}.ttf")
    names, widths = font.getBestCmap(), font["hmtx"].metrics
    printed = sum(widths[names[ord(character)]][0] for character in label) * svg.TEXT_SIZE / font["head"].unitsPerEm

    assert 0.99 <= svg.text_width(label) / printed <= 1.13
