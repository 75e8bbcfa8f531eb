"""What every channel prints alike of page one."""

from zoneinfo import ZoneInfo

import pytest
from sample_report import SOURCE, figure

from tabnine_report.model.figure import Figure, Unit
from tabnine_report.model.kpi import Change
from tabnine_report.render.page_one_text import change_words
from tabnine_report.text.i18n import Language

LANGUAGE = Language("en", ZoneInfo("Europe/Berlin"))


def changed(absolute: Figure, relative: float | None = None) -> Change:
    share_of = figure(relative, Unit.SHARE) if relative is not None else Figure.unavailable(Unit.SHARE, "Small base.")
    return Change(since="2026-09", absolute=absolute, relative=share_of)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (None, ("", "", "")),
        (changed(Figure.unavailable(Unit.PEOPLE, "No data.")), ("", "", "")),
        (changed(figure(0, Unit.PEOPLE), 0.0), ("", "unchanged", "")),
        (changed(figure(-7, Unit.PEOPLE), -0.031), ("▼", "7", "(3.1%)")),
        (changed(figure(-7, Unit.PEOPLE)), ("▼", "7", "")),
        (changed(figure(0.021, Unit.SHARE)), ("▲", "2.1 points", "")),
        (changed(Figure.money(-1264.4, "USD", SOURCE), -0.5), ("▼", "USD\N{NO-BREAK SPACE}1,264", "(50.0%)")),
    ],
    ids=["none", "unknown", "zero", "fewer", "small base", "share", "money"],
)
def test_a_change_is_an_arrow_with_a_number_and_a_percentage(
    change: Change | None, expected: tuple[str, str, str]
) -> None:
    assert change_words(change, LANGUAGE) == expected


@pytest.mark.parametrize(
    ("value", "bound", "expected"),
    [
        (5, "at_least", ("▲", "at least 5", "")),
        (-5, "at_most", ("▼", "at least 5", "")),
        (-5, "at_least", ("▼", "at most 5", "")),
    ],
)
def test_a_bound_of_a_change_keeps_its_direction(value: int, bound: str, expected: tuple[str, str, str]) -> None:
    absolute = figure(value, Unit.PEOPLE).partial("Some are missing.").model_copy(update={bound: True})

    assert change_words(changed(absolute), LANGUAGE) == expected
