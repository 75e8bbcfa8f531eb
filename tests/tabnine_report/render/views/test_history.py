"""Series of the report as the values and labels of charts."""

from zoneinfo import ZoneInfo

import pytest
from sample_report import series

from tabnine_report.model.figure import Unit
from tabnine_report.render.charts.columns import AxisLabel, Value
from tabnine_report.render.views.history import break_positions, known_from, month_axis, quarterly, values
from tabnine_report.text.i18n import Language

LANGUAGE = Language("en", ZoneInfo("Europe/Berlin"))
GAPS = [None, None, 3, 5, None, 8, 13, 21, 34, 55, 89, 144, 233]


def test_a_missing_month_has_no_amount_and_a_partial_one_is_marked() -> None:
    shown = values(series("Users", Unit.PEOPLE, GAPS, breaks=("2026-03",)))

    assert shown[4] == Value(None)
    assert shown[5] == Value(8, partial=True)
    assert shown[6] == Value(13)


def test_labels_are_those_of_their_position_and_figure() -> None:
    shown = values(series("Users", Unit.PEOPLE, GAPS), lambda at, figure: f"{at}: {figure.value}")

    assert shown[3].label == "3: 5"


@pytest.mark.parametrize(("breaks", "expected"), [((), ()), (("2025-10",), ()), (("2026-05", "2026-07"), (7, 9))])
def test_a_method_change_has_its_position_unless_nothing_precedes_it(
    breaks: tuple[str, ...], expected: tuple[int, ...]
) -> None:
    assert break_positions(series("Users", Unit.PEOPLE, GAPS, breaks=breaks)) == expected


def test_the_first_month_and_each_january_name_their_year() -> None:
    assert month_axis(series("Users", Unit.PEOPLE, GAPS), (0, 1, 3, 12), LANGUAGE) == (
        AxisLabel(0, "Oct 2025"),
        AxisLabel(1, "Nov"),
        AxisLabel(3, "Jan 2026"),
        AxisLabel(12, "Oct"),
    )


def test_the_months_before_the_first_value_are_left_out() -> None:
    shown = known_from(series("Users", Unit.PEOPLE, GAPS))

    assert shown is not None
    assert [point.period for point in shown.points][:2] == ["2025-12", "2026-01"]


@pytest.mark.parametrize("history", [None, series("Users", Unit.PEOPLE, [None] * 13)], ids=["no history", "no value"])
def test_a_series_without_a_value_is_not_drawn(history: object) -> None:
    assert known_from(history) is None  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("count", "positions"), [(1, (0,)), (2, (0,)), (3, (0, 2)), (4, (0, 3)), (9, (0, 2, 5, 8)), (13, (0, 3, 6, 9, 12))]
)
def test_every_third_month_before_the_last_one_is_labeled(count: int, positions: tuple[int, ...]) -> None:
    assert quarterly(count) == positions
