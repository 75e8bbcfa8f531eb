"""A part within its whole: filled columns in outlined ones, ticks for a target, words where something is missing."""

from zoneinfo import ZoneInfo

from tabnine_report.model.figure import Figure, Source, Unit
from tabnine_report.model.kpi import Target
from tabnine_report.model.series import Point, Series
from tabnine_report.render.html.bullet_columns import bullet_columns
from tabnine_report.render.html.chart_layout import Chart
from tabnine_report.render.html.scale import Size
from tabnine_report.text.i18n import Language

LANGUAGE = Language("en", ZoneInfo("UTC"))
TOLD = Source(endpoint="/api", field="field", period="2026-02")
PLAIN = Size(100, 120, left=0, right=0, top=10, bottom=10)
"""Zero lies at 110 and the top of the scale at 10."""


def series(*values: int | None, breaks: tuple[str, ...] = (), label: str = "Active users") -> Series:
    known = (
        Figure.unavailable(Unit.PEOPLE, "not told", TOLD)
        if value is None
        else Figure.measured(value, Unit.PEOPLE, TOLD)
        for value in values
    )
    points = tuple(Point(period=f"2026-{at:02}", figure=figure) for at, figure in enumerate(known, start=1))
    return Series(label=label, unit=Unit.PEOPLE, points=points, breaks=breaks)


def chart(part: Series, whole: Series, target: Target | None = None) -> Chart:
    return bullet_columns("x", part, whole, LANGUAGE, PLAIN, names=("people", "accounts"), target=target)


def test_part_and_whole_share_one_scale_from_zero() -> None:
    drawn = chart(series(40, 50), series(80, 100))

    assert [(mark.x, mark.y, mark.height, mark.current) for mark in drawn.background_bars] == [
        (25, 30, 80, False),
        (75, 10, 100, True),
    ]
    assert [(mark.x, mark.y, mark.height, mark.current) for mark in drawn.marks] == [
        (25, 70, 40, False),
        (75, 60, 50, True),
    ]
    assert {mark.width for mark in (*drawn.background_bars, *drawn.marks)} == {34}


def test_missing_values_have_no_column_and_a_missing_part_has_a_word() -> None:
    drawn = chart(series(None, 50, 60), series(80, None, 100))

    assert [mark.x for mark in drawn.background_bars] == [16.7, 83.3]
    assert [mark.x for mark in drawn.marks] == [50.0, 83.3]
    assert [label.text for label in drawn.labels if label.upright] == ["no data"]


def test_the_last_numbers_and_their_names_do_not_overlap() -> None:
    drawn = chart(series(10, 99), series(20, 100))

    (whole, of_whole, part, of_part) = drawn.labels
    assert [label.text for label in drawn.labels] == ["100", "accounts", "99", "people"]
    assert (whole.y, of_whole.y, part.y, of_part.y) == (14, 26, 40, 52)


def test_numbers_near_zero_and_their_names_are_above_the_axis() -> None:
    drawn = chart(series(10, 0), series(100, 4))

    assert [label.text for label in drawn.labels] == ["4", "accounts", "0", "people"]
    assert [label.y for label in drawn.labels] == [76, 88, 102, 114]


def test_a_target_is_a_tick_across_each_column() -> None:
    aimed = Target(
        value=Figure.measured(0.75, Unit.SHARE, TOLD),
        met=False,
        words="target of 75% missed",
        line=series(60, 75, label="target"),
    )

    drawn = chart(series(40, 50), series(80, 100), aimed)

    assert drawn.target_ticks == ("M6.0 50.0H44.0", "M56.0 35.0H94.0")
    assert chart(series(40, 50), series(80, 100)).target_ticks == ()


def test_a_method_change_of_the_part_is_labeled() -> None:
    drawn = chart(series(40, 50, 60, breaks=("2026-03",)), series(80, 90, 100))

    assert [(label.x, label.text) for label in drawn.breaks] == [(66.7, "method change")]


def test_the_text_alternative_contains_every_number_of_both() -> None:
    drawn = chart(series(40, None), series(80, 100, label="Accounts"))

    assert drawn.title.startswith("Active users: 40 in January 2026")
    assert "Accounts: 80 in January 2026, 100 in February 2026" in drawn.title
    assert drawn.description == "January 2026: 40 of 80; February 2026: unavailable of 100"
