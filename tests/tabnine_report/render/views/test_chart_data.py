"""The tables with the numbers of the charts."""

from tabnine_report.model.figure import Figure, Source, Unit
from tabnine_report.model.series import Point, Series
from tabnine_report.render.views.chart_data import calendar_weeks, month_table

ONE = Figure.measured(1, Unit.PEOPLE, Source(endpoint="/x"))
TWO = Figure.measured(2, Unit.PEOPLE, Source(endpoint="/x"))


def series(label: str, points: dict[str, Figure]) -> Series:
    return Series(
        label=label, unit=Unit.PEOPLE, points=tuple(Point(period=p, figure=figure) for p, figure in points.items())
    )


def test_series_are_side_by_side_newest_first_without_duplicates() -> None:
    people = series("Active users", {"2026-09": ONE, "2026-10": TWO})
    agents = series("Agents", {"2026-10": ONE})

    table = month_table([people, None, agents, people])

    assert table.labels == ("Active users", "Agents")
    assert table.rows == (("2026-10", (TWO, ONE)), ("2026-09", (ONE, None)))


def test_days_are_laid_out_as_weeks_from_monday() -> None:
    days = {f"2026-10-{day:02d}": ONE for day in range(1, 32)}

    calendar = calendar_weeks(series("Active users", days))

    assert [len(week) for week in calendar] == [7] * 5
    first, last = calendar[0], calendar[-1]
    assert [point and point.period[-2:] for point in first] == [None, None, None, "01", "02", "03", "04"]
    assert [point and point.period[-2:] for point in last] == ["26", "27", "28", "29", "30", "31", None]
    assert calendar_weeks(series("Active users", {})) == ()
