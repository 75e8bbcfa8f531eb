"""The tile of a KPI on page one."""

from zoneinfo import ZoneInfo

import pytest
from sample_report import MONTHS, figure, kpi, share
from svg_reader import Drawing

from tabnine_report.model.figure import Figure, Unit
from tabnine_report.model.kpi import Kpi, Target
from tabnine_report.render.charts.svg import QUARTER, text_width
from tabnine_report.render.colors import palette
from tabnine_report.render.views.kpi_tile import tile
from tabnine_report.text.i18n import Language

LANGUAGE = Language("en", ZoneInfo("Europe/Berlin"))
COLORS = palette("#3b4cca")
USERS: list[int | None] = [245, 250, 255, 265, 271, 288, 300, 288, 301, 312, 309, 322, 340]


def test_a_tile_has_value_change_note_and_columns() -> None:
    shown = tile(kpi("active_users", "Active users", Unit.PEOPLE, USERS, "76.9% of 442 accounts"), LANGUAGE, COLORS)

    assert (shown.name, shown.value, shown.note) == ("Active users", "340", ("76.9% of 442 accounts",))
    assert (shown.arrow, shown.change, shown.percent) == ("▲", "18", "(5.6%)")
    assert shown.chart is not None
    assert len(Drawing(shown.chart).rects()) == 13
    assert shown.ends is not None
    assert (shown.ends.first, shown.ends.last, shown.ends.at) == ("Oct 2025", "Oct 2026", None)


def test_a_missing_value_has_its_word_and_reason_and_no_change() -> None:
    shown = tile(kpi("active_users", "Active users", Unit.PEOPLE, [*USERS[:12], None]), LANGUAGE, COLORS)

    assert shown.size == "smallest"
    assert (shown.value, shown.note) == ("unavailable", ("Tabnine did not count this before version 5.9.",))
    assert (shown.arrow, shown.change, shown.percent) == ("", "", "")


@pytest.mark.parametrize(
    ("amount", "size"),
    [(1264, "large"), (20280, "medium"), (153_260, "medium"), (1_234_567, "small"), (1_234_567_890, "smallest")],
)
def test_a_value_is_as_large_as_its_column_allows(amount: int, size: str) -> None:
    spend = Kpi(key="seat_spend", label="Seat spend", figure=Figure.money(amount, "EUR"))

    assert tile(spend, LANGUAGE, COLORS).size == size


def test_the_parts_of_a_note_are_lines() -> None:
    reach = kpi("active_users", "Active users", Unit.PEOPLE, USERS).model_copy(update={"note": "77% · target met"})

    assert tile(reach, LANGUAGE, COLORS).note == ("77%", "target met")


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


@pytest.mark.parametrize("locale", ["en", "de", "pl", "ru", "pt_BR", "ja"])
@pytest.mark.parametrize("unknown", range(10))
def test_the_name_of_a_method_change_never_touches_another_label(locale: str, unknown: int) -> None:
    values: list[int | None] = [*[None] * unknown, *USERS[unknown:]]
    language = Language(locale, ZoneInfo("Europe/Berlin"))
    shown = [
        tile(kpi("agent_users", "", Unit.PEOPLE, values, breaks=(str(month),)), language, COLORS).ends
        for month in MONTHS[unknown + 1 :]
    ]

    for ends in filter(None, shown):
        if ends.at is not None:
            left = ends.at / 100 * QUARTER - text_width(ends.at_label) / 2
            right = ends.at / 100 * QUARTER + text_width(ends.at_label) / 2
            assert text_width(ends.first) < left
            assert right < QUARTER - text_width(ends.last)


@pytest.mark.parametrize(("unit", "lines"), [(Unit.PEOPLE, 2), (Unit.SHARE, 1)])
def test_only_a_target_in_the_unit_of_the_columns_is_drawn(unit: Unit, lines: int) -> None:
    target = Target(value=figure(300, unit), met=True, words="target met")
    shown = tile(kpi("active_users", "", Unit.PEOPLE, USERS).model_copy(update={"target": target}), LANGUAGE, COLORS)

    assert shown.chart is not None
    assert len(Drawing(shown.chart).elements("line")) == lines
