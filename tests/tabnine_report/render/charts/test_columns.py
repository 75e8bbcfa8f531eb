"""The column charts over months: KPI columns, history columns and feature columns."""

import pytest
from svg_reader import Drawing

from tabnine_report.render.charts.columns import AxisLabel, Columns, Labeled, Value
from tabnine_report.render.charts.feature_columns import Words, feature_columns
from tabnine_report.render.charts.history_columns import history_columns
from tabnine_report.render.charts.kpi_columns import kpi_columns
from tabnine_report.render.colors import palette

COLORS = palette("#3b4cca")


def values(*amounts: float | None) -> list[Value]:
    return [Value(amount) for amount in amounts]


def test_columns_fill_the_width_and_start_from_zero() -> None:
    chart = Drawing(kpi_columns(values(50, 100), "", COLORS, width=100, height=40))

    (left, _, width, half), (_, top, _, full) = chart.rects(fill=COLORS.past) + chart.rects(fill=COLORS.accent)
    assert (left, width, half, full, top) == (0, 35, 20, 40, 2)
    assert chart.rects(fill=COLORS.accent)[0][0] + 35 == 100


def test_a_missing_value_leaves_a_gap_and_a_partial_one_is_hollow() -> None:
    chart = Drawing(kpi_columns([Value(4), Value(None), Value(3, partial=True), Value(5)], "", COLORS))

    assert len(chart.rects(fill=COLORS.past)) == 1
    assert len(chart.rects(fill="none", stroke=COLORS.axis)) == 1
    assert len(chart.rects()) == 3


@pytest.mark.parametrize("amounts", [(), (0.0,), (None,), (0.0, 0.0), (7.0,)])
def test_few_or_no_values_are_drawn_without_an_error(amounts: tuple[float | None, ...]) -> None:
    chart = Drawing(kpi_columns(values(*amounts), "", COLORS))

    assert len(chart.rects()) == sum(amount is not None for amount in amounts)


def test_a_small_value_stays_visible() -> None:
    chart = Drawing(kpi_columns(values(0, 1_000_000), "", COLORS))

    assert chart.rects(fill=COLORS.past)[0][3] == pytest.approx(0.7)


def test_a_forecast_is_dashed_and_part_of_the_scale() -> None:
    chart = Drawing(kpi_columns(values(50, 50), "", COLORS, forecast=100, height=40))

    assert len(chart.rects(stroke=COLORS.accent, stroke_dasharray="1.7 1.3")) == 1
    assert chart.rects(fill=COLORS.accent)[0][3] == 20


def test_a_limit_above_every_value_is_within_the_chart() -> None:
    chart = Drawing(kpi_columns(values(10, 20), "", COLORS, limit=40, height=40))

    (limit,) = chart.elements("line", stroke=COLORS.ink)
    assert float(limit["y1"]) == 2
    assert chart.rects(fill=COLORS.accent)[0][3] == 20


def test_a_method_change_is_a_line_between_two_columns() -> None:
    chart = Drawing(kpi_columns(values(1, 1, 1, 1), "", COLORS, breaks=[2], width=100))

    (change,) = chart.elements("line", stroke_dasharray="1.4 1.2")
    columns = Columns(4, 100, 40, 38, 1)
    assert columns.left(1) + columns.column < float(change["x1"]) < columns.left(2)


def test_history_columns_print_their_values_the_forecast_and_the_limit() -> None:
    shown = [Value(3, label="3"), Value(4, label="4")]
    chart = Drawing(
        history_columns(
            shown,
            "Spend",
            COLORS,
            axis=[AxisLabel(0, "Sep"), AxisLabel(1, "Oct"), AxisLabel(2, "Nov")],
            breaks=[1],
            forecast=Labeled(6, "about 6"),
            limit=Labeled(5, "Budget 5"),
        )
    )

    assert sorted(chart.texts) == sorted(["Budget 5", "3", "4", "about 6", "Sep", "Oct", "Nov"])
    assert chart.place("about 6")[1] < chart.place("Budget 5")[1] < chart.place("4")[1] < chart.place("3")[1]


def test_history_columns_need_neither_a_forecast_nor_a_limit() -> None:
    chart = Drawing(history_columns(values(3, None), "", COLORS, axis=[]))

    assert len(chart.rects()) == 1
    assert chart.texts == []


def test_the_line_of_all_users_breaks_at_a_method_change_and_at_a_partial_month() -> None:
    everyone = [Value(8), Value(8), Value(7, partial=True), Value(9), Value(None), Value(9)]
    chart = Drawing(
        feature_columns(
            values(1, 2, 3, 4, 5, 6),
            everyone,
            "",
            COLORS,
            axis=[],
            highest=10,
            words=Words("All: 8", "9", "New version"),
            breaks=[2],
            width=100,
            height=50,
        )
    )

    assert len(chart.elements("path")) == 3
    assert chart.texts == ["All: 8", "9", "New version"]


def test_charts_of_one_scale_draw_equal_values_at_equal_height() -> None:
    heights = {
        Drawing(
            feature_columns(
                values(*shown), values(10, 10), "", COLORS, axis=[], highest=10, words=Words(), width=80, height=60
            )
        ).rects(fill=COLORS.accent)[0][3]
        for shown in ((1, 5), (10, 5))
    }

    assert len(heights) == 1


@pytest.mark.parametrize(("at", "x"), [(0, 0.0), (1, 50.0), (2, 100.0)])
def test_the_label_of_a_column_stays_within_the_chart(at: int, x: float) -> None:
    shown = [Value(10, label="123,456" if position == at else "") for position in range(3)]
    chart = Drawing(history_columns(shown, "", COLORS, axis=[], width=100))

    assert chart.place("123,456")[0] == x
