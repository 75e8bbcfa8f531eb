"""The cells of tables with many numbers."""

from zoneinfo import ZoneInfo

import pytest
from sample_report import SOURCE, figure

from tabnine_report.model.figure import Figure, Unit
from tabnine_report.render.views.table_cell import Cell, cell
from tabnine_report.text.i18n import Language

LANGUAGE = Language("en", ZoneInfo("Europe/Berlin"))
LOWER_BOUND = figure(17, Unit.ACCOUNTS).as_lower_bound()


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (None, Cell("")),
        (Figure.unavailable(Unit.PEOPLE, "No answer."), Cell("–")),
        (figure(0, Unit.PEOPLE), Cell("0")),
        (figure(1237, Unit.PEOPLE), Cell("1,237")),
        (figure(12, Unit.PEOPLE).partial("Half."), Cell("12", is_partial=True)),
        (figure(0.388, Unit.SHARE), Cell("38.8%")),
        (figure(57, Unit.PER_USER), Cell("57.0")),
        (Figure.money(235.3, "USD", SOURCE), Cell("235.30")),
        (LOWER_BOUND, Cell("≥17")),
        (figure(12, Unit.PEOPLE).raised_to(13, "More used agents."), Cell("≥13")),
        (figure(17, Unit.ACCOUNTS).model_copy(update={"at_most": True}), Cell("≤17")),
    ],
    ids=["none", "missing", "zero", "count", "partial", "share", "per user", "money", "bound", "raised", "upper bound"],
)
def test_a_cell_has_no_unit_and_shows_the_state(shown: Figure | None, expected: Cell) -> None:
    assert cell(shown, LANGUAGE) == expected


def test_numbers_are_shortened_and_bounds_unmarked_on_request() -> None:
    assert cell(figure(88412, Unit.COMPLETIONS), LANGUAGE, short=True) == Cell("88.4K")
    assert cell(Figure.money(235.3, "USD", SOURCE), LANGUAGE, whole_money=True) == Cell("235")
    assert cell(LOWER_BOUND, LANGUAGE, bound=False) == Cell("17")
