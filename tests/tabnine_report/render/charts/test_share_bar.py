"""The bars beside the rows of a table."""

import pytest
from svg_reader import Drawing

from tabnine_report.render.charts.share_bar import share_bar
from tabnine_report.render.colors import palette

COLORS = palette("#3b4cca")


@pytest.mark.parametrize(("part", "width"), [(10.0, 40.0), (5.0, 20.0), (0.0, 0.7)])
def test_a_bar_is_a_share_of_the_largest_one_and_stays_visible(part: float, width: float) -> None:
    (bar,) = Drawing(share_bar(part, 10.0, COLORS, strong=False)).rects(fill=COLORS.past)

    assert bar == (0, 0, width, 8)


def test_without_any_amount_the_bars_are_the_smallest() -> None:
    (bar,) = Drawing(share_bar(0.0, 0.0, COLORS, strong=True)).rects(fill=COLORS.accent)

    assert bar[2] == 0.7
