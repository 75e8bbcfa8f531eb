"""The bar of page one: where the seats went."""

from zoneinfo import ZoneInfo

import pytest
from sample_report import FETCHED, SOURCE, figure, sample_report
from svg_reader import Drawing

from tabnine_report.model.figure import Figure, Unit
from tabnine_report.model.report import MonthlyReport
from tabnine_report.model.sections import SeatBreakdown, SeatPart
from tabnine_report.render.colors import palette
from tabnine_report.render.views.seat_use import SeatUse, seat_use
from tabnine_report.text.i18n import Language

LANGUAGE = Language("en", ZoneInfo("Europe/Berlin"))
COLORS = palette("#3b4cca")
LABELS = {
    "daily": "people on a typical working day",
    "monthly": "others, at least once in the month",
    "inactive": "inactive accounts",
    "unassigned": "unassigned",
}


def breakdown(daily: int, monthly: int, inactive: int, unassigned: int | None) -> SeatBreakdown:
    counts = {"daily": daily, "monthly": monthly, "inactive": inactive, "unassigned": unassigned}
    numbers = {key: number for key, number in counts.items() if number is not None}
    whole, unused = sum(numbers.values()), inactive + (unassigned or 0)
    unit = Unit.ACCOUNTS if unassigned is None else Unit.SEATS
    return SeatBreakdown(
        total=figure(whole, unit, as_of=None if unassigned is None else FETCHED),
        used=figure(daily + monthly, Unit.PEOPLE),
        used_share=figure((daily + monthly) / whole, Unit.SHARE),
        unused=figure(unused, unit).as_lower_bound(),
        unused_share=figure(unused / whole, Unit.SHARE).as_lower_bound(),
        parts=tuple(
            SeatPart.model_validate(
                {
                    "key": key,
                    "label": LABELS[key],
                    "figure": figure(number, unit).as_lower_bound() if key == "inactive" else figure(number, unit),
                    "share": figure(number / whole, Unit.SHARE),
                    "spend": Figure.money(39 * number, "EUR", SOURCE) if key in ("inactive", "unassigned") else None,
                }
            )
            for key, number in numbers.items()
        ),
    )


def with_breakdown(parts: SeatBreakdown | None) -> MonthlyReport:
    report = sample_report()
    return report.model_copy(update={"seats": report.seats.model_copy(update={"breakdown": parts})})


def shown(parts: SeatBreakdown) -> SeatUse:
    use = seat_use(with_breakdown(parts), LANGUAGE, COLORS)
    assert use is not None
    return use


def test_the_bar_has_a_part_for_each_use_with_number_words_and_money() -> None:
    use = shown(breakdown(196, 144, 102, 78))

    assert (use.title, use.as_of) == ("Where the 520 seats went", "Seats as of 2 November 2026")
    assert [(part.number, part.words, part.money) for part in use.parts] == [
        ("196", "people on a typical working day", ""),
        ("144", "others, at least once in the month", ""),
        ("102+", "inactive accounts", "EUR\N{NO-BREAK SPACE}3,978 a\N{NO-BREAK SPACE}month"),
        ("78", "unassigned", "EUR\N{NO-BREAK SPACE}3,042 a\N{NO-BREAK SPACE}month"),
    ]
    assert not use.as_key
    assert sum(part.width for part in use.parts) == pytest.approx(100)


def test_the_braces_state_at_least_and_the_shares() -> None:
    use = shown(breakdown(196, 144, 102, 78))

    assert [(brace.words, brace.share) for brace in use.braces] == [
        ("Used: 340", "65.4%"),
        ("Unused: at least 180", "34.6%"),
    ]


@pytest.mark.parametrize(
    ("numbers", "sentence"),
    [
        (
            (196, 144, 102, 78),
            (
                "520 seats: 196 used on a typical working day, 144 others used at least once in the month, "
                "at least 102 inactive and 78 unassigned."
            ),
        ),
        (
            (1, 1, 1, 1),
            (
                "4 seats: 1 used on a typical working day, 1 other used at least once in the month, "
                "at least 1 inactive and 1 unassigned."
            ),
        ),
        (
            (196, 144, 102, None),
            (
                "442 accounts: 196 used on a typical working day, 144 others used at least once in the month and "
                "at least 102 inactive."
            ),
        ),
    ],
)
def test_the_text_alternative_is_a_sentence_with_every_number(
    numbers: tuple[int, int, int, int | None], sentence: str
) -> None:
    assert Drawing(shown(breakdown(*numbers)).bar).title == sentence


def test_without_a_number_of_seats_the_bar_shows_the_accounts() -> None:
    use = shown(breakdown(196, 144, 102, None))

    assert (use.title, use.as_of) == ("How the 442 accounts were used", "")
    assert [part.words for part in use.parts][-1] == "inactive accounts"


def test_a_narrow_part_makes_the_labels_a_key() -> None:
    use = shown(breakdown(400, 30, 80, 10))

    assert use.as_key
    assert use.braces == ()


def test_a_part_without_seats_has_no_label() -> None:
    use = shown(breakdown(300, 100, 0, 120))

    assert [part.words for part in use.parts] == [LABELS["daily"], LABELS["monthly"], LABELS["unassigned"]]


def test_without_a_breakdown_there_is_no_bar() -> None:
    assert seat_use(with_breakdown(None), LANGUAGE, COLORS) is None
