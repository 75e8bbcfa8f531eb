"""The dot plot of the teams."""

import pytest
from svg_reader import Drawing

from tabnine_report.render.charts import svg
from tabnine_report.render.charts.columns import Labeled
from tabnine_report.render.charts.team_dots import ShareScale, team_dots, team_scale
from tabnine_report.render.colors import palette

COLORS = palette("#3b4cca")
MARKS = [Labeled(0.4, "40%"), Labeled(0.6, "60%"), Labeled(0.8, "80%"), Labeled(1.0, "100%")]
SCALE = ShareScale(0.4, 1.0, MARKS, Labeled(0.77, "all 77%"))


@pytest.mark.parametrize(
    ("before", "now", "dots"),
    [(0.5, 0.6, 2), (0.5, 0.5, 1), (None, 0.6, 1), (0.5, None, 0), (None, None, 0)],
)
def test_a_row_has_a_dot_for_each_known_month(before: float | None, now: float | None, dots: int) -> None:
    row = Drawing(team_dots(before, now, "6 of 10", COLORS, scale=SCALE, small=False))

    assert len(row.elements("circle")) == dots
    assert row.title == "6 of 10"


def test_a_share_outside_the_scale_is_drawn_at_its_edge() -> None:
    row = Drawing(team_dots(0.1, 1.2, "", COLORS, scale=SCALE, small=False))

    assert [float(dot["cx"]) for dot in row.elements("circle")] == [SCALE.x(0.4), SCALE.x(1.0)]


def test_a_small_team_has_a_gray_dot() -> None:
    row = Drawing(team_dots(None, 0.6, "", COLORS, scale=SCALE, small=True))

    assert [dot["fill"] for dot in row.elements("circle")] == [COLORS.axis]


def test_the_label_of_the_organization_covers_no_other_label() -> None:
    assert Drawing(team_scale("", COLORS, scale=SCALE)).texts == ["40%", "60%", "100%", "all 77%"]
    assert Drawing(team_scale("", COLORS, scale=ShareScale(0.4, 1.0, MARKS, None))).texts == [
        "40%",
        "60%",
        "80%",
        "100%",
    ]


def test_rows_without_the_organizations_share_have_only_the_lines_of_the_scale() -> None:
    row = Drawing(team_dots(None, None, "", COLORS, scale=ShareScale(0.4, 1.0, MARKS, None), small=False))

    assert len(row.elements("line")) == len(MARKS)


@pytest.mark.parametrize("share", [0.4, 1.0], ids=["left edge", "right edge"])
def test_the_label_of_the_organization_stays_within_the_chart(share: float) -> None:
    label = "all 100.0%"
    chart = Drawing(team_scale("", COLORS, scale=ShareScale(0.4, 1.0, MARKS, Labeled(share, label))))

    half = svg.text_width(label) / 2 - 0.01
    assert half < chart.place(label)[0] < chart.size[0] - half
    assert len(chart.texts) == len(MARKS)
