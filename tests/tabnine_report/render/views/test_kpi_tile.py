"""The tile of a KPI on page one."""

from zoneinfo import ZoneInfo

import pytest
from sample_report import SOURCE, figure, kpi, share
from svg_reader import Drawing

from tabnine_report.model.figure import Figure, Unit
from tabnine_report.model.kpi import Change, Target
from tabnine_report.render.colors import palette
from tabnine_report.render.views.kpi_tile import change_words, tile
from tabnine_report.text.i18n import Language

LANGUAGE = Language("en", ZoneInfo("Europe/Berlin"))
COLORS = palette("#3b4cca")
USERS: list[int | None] = [245, 250, 255, 265, 271, 288, 300, 288, 301, 312, 309, 322, 340]


def changed(absolute: Figure, relative: float | None = None) -> Change:
    share_of = figure(relative, Unit.SHARE) if relative is not None else Figure.unavailable(Unit.SHARE, "Small base.")
    return Change(since="2026-09", absolute=absolute, relative=share_of)


def test_a_tile_has_value_change_note_and_columns() -> None:
    shown = tile(kpi("active_users", "Active users", Unit.PEOPLE, USERS, "76.9% of 442 accounts"), LANGUAGE, COLORS)

    assert (shown.name, shown.value, shown.note) == ("Active users", "340", "76.9% of 442 accounts")
    assert (shown.arrow, shown.change, shown.percent) == ("▲", "18", "(5.6%)")
    assert shown.chart is not None
    assert len(Drawing(shown.chart).rects()) == 13
    assert shown.ends is not None
    assert (shown.ends.first, shown.ends.last, shown.ends.at) == ("Oct 2025", "Oct 2026", None)


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


def test_a_missing_value_has_its_word_and_reason_and_no_change() -> None:
    shown = tile(kpi("active_users", "Active users", Unit.PEOPLE, [*USERS[:12], None]), LANGUAGE, COLORS)

    assert not shown.is_known
    assert (shown.value, shown.note) == ("unavailable", "Tabnine did not count this before version 5.9.")
    assert (shown.arrow, shown.change, shown.percent) == ("", "", "")


def test_months_before_the_first_value_are_not_drawn_and_two_months_are_no_columns() -> None:
    recent = kpi("agent_users", "Agent users", Unit.PEOPLE, [None] * 10 + [5, 8, 13])
    first = kpi("agent_users", "Agent users", Unit.PEOPLE, [None] * 11 + [8, 13])

    shown = tile(recent, LANGUAGE, COLORS)
    assert shown.ends is not None
    assert shown.ends.first == "Aug 2026"
    assert tile(first, LANGUAGE, COLORS).chart is None
    assert tile(share("adoption_rate", "Adoption rate", 3, 4), LANGUAGE, COLORS).ends is None


def test_a_method_change_is_named_where_there_is_room() -> None:
    middle = tile(kpi("active_users", "", Unit.PEOPLE, USERS, breaks=("2026-05",)), LANGUAGE, COLORS)
    late = tile(kpi("active_users", "", Unit.PEOPLE, USERS, breaks=("2026-09",)), LANGUAGE, COLORS)

    assert middle.ends is not None
    assert middle.ends.at_label == "May"
    assert 50 < (middle.ends.at or 0) < 65
    assert late.ends is not None
    assert late.ends.at is None


@pytest.mark.parametrize(("unit", "lines"), [(Unit.PEOPLE, 2), (Unit.SHARE, 1)])
def test_only_a_target_in_the_unit_of_the_columns_is_drawn(unit: Unit, lines: int) -> None:
    target = Target(value=figure(300, unit), met=True, words="target met")
    shown = tile(kpi("active_users", "", Unit.PEOPLE, USERS).model_copy(update={"target": target}), LANGUAGE, COLORS)

    assert shown.chart is not None
    assert len(Drawing(shown.chart).elements("line")) == lines
