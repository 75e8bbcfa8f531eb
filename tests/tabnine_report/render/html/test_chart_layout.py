"""The layout of charts, and how they show missing and partial values and method changes."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from tabnine_report.model.figure import Figure, Source, State, Unit
from tabnine_report.model.kpi import Target
from tabnine_report.model.series import Point, Series
from tabnine_report.render.html.chart_layout import bar_chart, line_chart, sparkline
from tabnine_report.render.html.chart_text import summary
from tabnine_report.render.html.scale import EMAIL, NAMED, SMALL, WIDE, Size
from tabnine_report.text.i18n import Language

LANGUAGE = Language("en", ZoneInfo("UTC"))
SOURCE = Source(endpoint="/x")
# Ten units a month, and a hundred for the scale.
PLAIN = Size(30, 120, left=0, right=0, top=10, bottom=10)


def series(*values: float | str | None, breaks: tuple[str, ...] = (), start: int = 1) -> Series:
    points = []
    for number, value in enumerate(values, start=start):
        match value:
            case None:
                figure = Figure.unavailable(Unit.PEOPLE, "No answer.")
            case str():
                figure = Figure.measured(int(value.removesuffix("?")), Unit.PEOPLE, SOURCE).partial("Half a month.")
            case _:
                figure = Figure.measured(value, Unit.PEOPLE, SOURCE)
        points.append(Point(period=f"2026-{number:02d}", figure=figure))
    return Series(label="Active users", unit=Unit.PEOPLE, points=tuple(points), breaks=breaks)


def test_a_line_starts_from_zero_and_ends_at_a_round_number() -> None:
    chart = line_chart("x", series(0, 50, 100), LANGUAGE, PLAIN)

    assert chart.paths == ("M5.0 110.0L15.0 60.0L25.0 10.0",)
    assert [(line.y, line.text) for line in chart.grid] == [
        *((110.0, "0"), (90.0, "20"), (70.0, "40"), (50.0, "60"), (30.0, "80"), (10.0, "100"))
    ]
    assert [(mark.x, mark.y, mark.current, mark.partial) for mark in chart.marks] == [(25.0, 10.0, True, False)]


@pytest.mark.parametrize(
    ("highest", "texts"),
    [
        (0, ["0"]),
        (1, ["0", "1"]),
        (3, ["0", "1", "2", "3"]),
        (412, ["0", "100", "200", "300", "400", "500"]),
        (88_412, ["0", "20K", "40K", "60K", "80K", "100K"]),
        (12_000, ["0", "5K", "10K", "15K"]),
        (4_100_000, ["0", "1M", "2M", "3M", "4M", "5M"]),
    ],
)
def test_a_scale_has_few_round_numbers_in_one_format(highest: int, texts: list[str]) -> None:
    chart = bar_chart("x", series(0, highest), LANGUAGE, SMALL)

    assert texts == [line.text.replace("\N{NO-BREAK SPACE}", " ") for line in chart.grid]


def test_a_missing_value_is_a_gap_with_a_word_that_no_line_crosses() -> None:
    chart = line_chart("x", series(50, 60, None, 80, 100), LANGUAGE, Size(50, 120, 0, 0, 10, 10))

    assert chart.paths == ("M5.0 60.0L15.0 50.0", "M35.0 30.0L45.0 10.0")
    assert [(label.text, label.upright) for label in chart.labels if label.text == "no data"] == [("no data", True)]
    assert [mark.y for mark in chart.marks] == [10.0]


def test_a_missing_value_has_no_bar() -> None:
    chart = bar_chart("x", series(50, None, 100), LANGUAGE, PLAIN)

    assert [(bar.x, bar.y, bar.height) for bar in chart.marks] == [(5.0, 60.0, 50.0), (25.0, 10.0, 100.0)]
    assert [label.text for label in chart.labels] == ["100", "no data"]


def test_an_isolated_point_is_drawn() -> None:
    chart = line_chart("x", series(None, 50, None, 100), LANGUAGE, Size(40, 120, 0, 0, 10, 10))

    assert chart.paths == ()
    assert [(mark.x, mark.y) for mark in chart.marks] == [(15.0, 60.0), (35.0, 10.0)]


def test_a_partial_value_is_hollow() -> None:
    line = line_chart("x", series(50, "60?", 100), LANGUAGE, PLAIN)
    bars = bar_chart("x", series(50, "60?", 100), LANGUAGE, PLAIN)

    assert [(mark.x, mark.partial) for mark in line.marks] == [(15.0, True), (25.0, False)]
    assert [mark.partial for mark in bars.marks] == [False, True, False]


def test_a_method_change_is_labeled_and_no_line_crosses_it() -> None:
    chart = line_chart("x", series(50, 60, 80, 100, breaks=("2026-03",)), LANGUAGE, Size(40, 120, 0, 0, 10, 10))

    assert chart.paths == ("M5.0 60.0L15.0 50.0", "M25.0 30.0L35.0 10.0")
    assert [(mark.x, mark.text) for mark in chart.breaks] == [(20.0, "method change")]


def test_only_the_last_month_is_the_current_one() -> None:
    chart = bar_chart("x", series(50, 60, 100), LANGUAGE, PLAIN)

    assert [bar.current for bar in chart.marks] == [False, False, True]


def test_all_days_are_current_days_off_are_shaded_and_the_busiest_is_labeled() -> None:
    figures = [Figure.measured(value, Unit.PEOPLE, SOURCE) for value in (10, 100, 20)]
    points = tuple(Point(period=f"2026-10-0{day}", figure=figure) for day, figure in enumerate(figures, start=1))
    days = Series(label="Active users", unit=Unit.PEOPLE, points=points)

    chart = bar_chart("x", days, LANGUAGE, PLAIN, days_off=(date(2026, 10, 3),))

    assert [bar.current for bar in chart.marks] == [True, True, True]
    assert chart.shaded == ((20.0, 10.0),)
    assert [(label.x, label.text) for label in chart.labels] == [(15.0, "100")]
    assert [tick.text for tick in chart.ticks] == ["1"]


def test_months_are_labeled_with_the_years_below() -> None:
    points = (*series(*[1] * 2, start=11).points, *series(*[1] * 2).points)
    year_before = [point.model_copy(update={"period": point.period.replace("2026", "2025")}) for point in points[:2]]
    both = Series(label="Active users", unit=Unit.PEOPLE, points=(*year_before, *points[2:]))

    chart = line_chart("x", both, LANGUAGE, WIDE)

    assert [tick.text for tick in chart.ticks] == ["Nov", "Dec", "Jan", "Feb", "2025", "2026"]


def test_charts_that_share_a_scale_have_the_same_grid() -> None:
    low = line_chart("x", series(1, 2), LANGUAGE, SMALL, highest=400.0)
    high = line_chart("x", series(1, 400), LANGUAGE, SMALL, highest=400.0)

    assert low.grid == high.grid


def test_a_sparkline_does_not_exaggerate_an_ordinary_change() -> None:
    chart = sparkline("x", series(100, 99), LANGUAGE)

    ys = [float(part.split()[1]) for part in chart.paths[0][1:].split("L")]
    # Five to 36 units high is the fifth from 80 to 100.
    assert ys == [5.0, 6.6]


def test_a_series_without_points_or_values_makes_an_empty_chart() -> None:
    nothing = line_chart("x", series(), LANGUAGE, WIDE)
    unknown = bar_chart("x", series(None, None), LANGUAGE, SMALL)

    assert (nothing.marks, nothing.paths, nothing.ticks) == ((), (), ())
    assert unknown.marks == ()
    assert unknown.title == "Active users: no value in any period."
    assert sparkline("x", series(None), LANGUAGE).marks == ()


def test_the_title_contains_first_last_lowest_highest_and_the_number_of_missing_values() -> None:
    assert summary(series(30, 10, None, 40, 20), LANGUAGE) == (
        "Active users: 30 in January 2026, 20 in May 2026; lowest 10, highest 40. 1 period has no value."
    )


def test_the_description_contains_every_number_with_its_state() -> None:
    chart = line_chart("x", series(0, "10?", None), LANGUAGE, WIDE)

    assert chart.description == "January 2026: 0; February 2026: 10 partial; March 2026: unavailable"


@pytest.mark.parametrize(
    ("state", "word"),
    [(State.SUPPRESSED, "not shown"), (State.DISCONTINUED, "discontinued"), (State.UNAVAILABLE, "no data")],
)
def test_a_gap_has_the_reason(state: State, word: str) -> None:
    figure = Figure(value=None, unit=Unit.PEOPLE, state=state, reason="Because.")
    point = Point(period="2026-01", figure=figure)

    chart = line_chart("x", Series(label="Active users", unit=Unit.PEOPLE, points=(point,)), LANGUAGE, WIDE)

    assert [label.text for label in chart.labels] == [word]


AIMED = Target(
    value=Figure(value=50, unit=Unit.PEOPLE),
    met=True,
    words="target of 50 met",
    line=series(50, 50, 50, 50, 50).model_copy(update={"label": "target"}),
)


def test_a_target_is_a_line_labeled_where_the_values_are_farthest_from_it() -> None:
    chart = line_chart("x", series(40, 40, 20, 40, 40), LANGUAGE, PLAIN, target=AIMED)

    # The scale ends at 50, so the target runs along its top; the third month is farthest from it.
    assert chart.target_paths == ("M3.0 10.0L9.0 10.0L15.0 10.0L21.0 10.0L27.0 10.0",)
    assert [(label.x, label.y) for label in chart.labels if label.text == "target"] == [(15.0, 5.0)]
    assert chart.title.endswith("lowest 20, highest 40. Shown with it: target of 50 met.")


def test_the_target_of_a_sparkline_is_within_its_height() -> None:
    chart = sparkline("x", series(40, 40, 40, 40, 40), LANGUAGE, AIMED)

    heights = {float(part.split()[1]) for part in chart.target_paths[0][1:].split("L")}
    assert heights == {5.0}
    assert sparkline("x", series(40, 40), LANGUAGE).target_paths == ()


def test_a_target_without_values_over_time_is_not_drawn() -> None:
    chart = line_chart("x", series(40, 40, 20), LANGUAGE, PLAIN, target=AIMED.model_copy(update={"line": None}))

    assert chart.target_paths == ()
    assert "target" not in chart.title


@pytest.mark.parametrize("size", [WIDE, NAMED, SMALL, EMAIL])
def test_the_numbers_of_a_scale_fit_beside_it(size: Size) -> None:
    *_, widest = line_chart("x", series(7_400), LANGUAGE, size).grid

    # A digit of Inter is 0.62 of its size wide, and 12 units the largest size.
    assert widest.text == "8,000"
    assert widest.x >= (4 * 0.62 + 0.3) * 12
