"""The daily active users of a month."""

from svg_reader import Drawing

from tabnine_report.render.charts.columns import AxisLabel, Labeled, Value
from tabnine_report.render.charts.daily_columns import daily_columns
from tabnine_report.render.colors import palette

COLORS = palette("#3b4cca")


def test_days_off_are_shaded_and_gray() -> None:
    chart = Drawing(
        daily_columns(
            [Value(20, label="20"), Value(10), Value(1), Value(None)],
            "Days",
            COLORS,
            days_off={2, 3},
            scale=[Labeled(0, "0"), Labeled(10, "10")],
            average=Labeled(15, "15"),
            axis=[AxisLabel(0, "Thu 1"), AxisLabel(2, "Sat 3")],
        )
    )

    assert len(chart.rects(fill=COLORS.shade)) == 2
    assert len(chart.rects(fill=COLORS.accent)) == 2
    assert len(chart.rects(fill=COLORS.axis)) == 1
    assert sorted(chart.texts) == sorted(["20", "0", "10", "15", "Thu 1", "Sat 3"])


def test_a_month_without_any_day_has_an_empty_scale() -> None:
    chart = Drawing(daily_columns([], "", COLORS, days_off=(), scale=[Labeled(0, "0")], average=None, axis=[]))

    assert chart.texts == ["0"]
    assert chart.rects() == []
