"""The bar of all seats."""

import pytest
from svg_reader import Drawing

from tabnine_report.render.charts.seat_bar import Part, seat_bar
from tabnine_report.render.colors import palette

COLORS = palette("#3b4cca")


def test_the_parts_are_as_wide_as_their_seats() -> None:
    bar = Drawing(
        seat_bar([Part(50, "daily"), Part(25, "monthly"), Part(25, "unassigned")], "50, 25 and 25", COLORS, width=100)
    )

    (_, _, daily, _), (start, _, monthly, _) = bar.rects(fill=COLORS.accent) + bar.rects(fill=COLORS.light)
    # The gaps of 1.6 points are taken from both sides of an edge.
    assert daily == pytest.approx(50 - 0.8)
    assert [start, monthly] == pytest.approx([50.8, 25 - 1.6])
    assert bar.title == "50, 25 and 25"


def test_a_part_without_seats_is_not_drawn() -> None:
    bar = Drawing(seat_bar([Part(0, "daily"), Part(10, "monthly"), Part(0, "inactive")], "", COLORS, width=100))

    assert not bar.rects(fill=COLORS.accent)
    assert bar.rects(fill=COLORS.light) == [(0, 0, 100, 34)]


def test_the_parts_differ_without_color() -> None:
    bar = Drawing(seat_bar([Part(1, "inactive"), Part(1, "unassigned")], "", COLORS))

    assert len(bar.rects(fill="url(#inactive-seats)")) == 1
    assert len(bar.rects(fill="none")) == 2
