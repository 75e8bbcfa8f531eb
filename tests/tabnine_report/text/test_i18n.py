"""The catalog's sentences, and figures and changes with their words."""

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tabnine_report.model.figure import Figure, Source, State, Unit
from tabnine_report.text.i18n import Language

SOURCE = Source(endpoint="/api/v1/license")
EN = Language("en", ZoneInfo("Europe/Berlin"))


def figure(value: float, unit: Unit = Unit.PEOPLE) -> Figure:
    return Figure.measured(value, unit, SOURCE)


def readable(text: str) -> str:
    """Replace the characters that look like a space or a hyphen by those."""
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{MINUS SIGN}", "-")


def test_people_accounts_and_seats_are_never_shortened() -> None:
    for unit in (Unit.PEOPLE, Unit.ACCOUNTS, Unit.SEATS, Unit.COUNT):
        assert EN.value(figure(12_345, unit), short=True) == "12,345"
    assert readable(EN.change(figure(-12_345), figure(-0.5, Unit.SHARE), short=True)) == "-12,345 (-50.0%)"


def test_a_figure_has_the_format_of_its_unit_or_the_word_for_its_state() -> None:
    assert EN.value(figure(1237)) == "1,237"
    assert EN.value(figure(0.388, Unit.SHARE)) == "38.8%"
    assert EN.value(figure(57.27, Unit.PER_USER)) == "57.3"
    assert EN.value(figure(88_412, Unit.COMPLETIONS), short=True) == "88.4K"
    assert EN.value(Figure.unavailable(Unit.PEOPLE, "Not told.")) == "unavailable"
    assert EN.value(Figure.discontinued(Unit.SHARE, "Gone.")) == "discontinued"


def test_aligned_figures_of_one_unit_have_the_same_number_of_decimals() -> None:
    assert [EN.value(figure(share, Unit.SHARE), aligned=True) for share in (0.388, 0.5)] == ["38.8%", "50.0%"]
    assert [EN.value(figure(number, Unit.PER_USER), aligned=True) for number in (57.27, 144)] == ["57.3", "144.0"]
    amounts = [EN.value(Figure.money(amount, "USD", SOURCE), aligned=True) for amount in (100, 100.5)]
    assert [readable(amount) for amount in amounts] == ["USD 100.00", "USD 100.50"]


@given(st.sampled_from(sorted(State)), st.sampled_from(sorted(Unit)))
def test_a_figure_without_a_value_is_printed_without_a_digit(state: State, unit: Unit) -> None:
    if state in (State.MEASURED, State.PARTIAL):
        return
    missing = Figure(value=None, unit=unit, state=state, reason="Why.")

    assert not any(character.isdigit() for character in EN.value(missing) + EN.change(missing, missing))


def test_a_change_has_sign_number_and_percent() -> None:
    assert EN.change(figure(23), figure(0.0591, Unit.SHARE)) == "+23 (+5.9%)"
    assert readable(EN.change(figure(-19), figure(-0.15, Unit.SHARE))) == "-19 (-15.0%)"
    assert EN.change(figure(0), figure(0, Unit.SHARE)) == "unchanged"


def test_a_change_that_rounds_to_zero_is_neither_unchanged_nor_a_signed_zero() -> None:
    no_percent = Figure.unavailable(Unit.SHARE, "Points.")

    assert readable(EN.change(figure(1), figure(0.0001, Unit.SHARE))) == "+1 (<0.1%)"
    assert readable(EN.change(figure(-1), figure(-0.0001, Unit.SHARE))) == "-1 (<0.1%)"
    assert EN.change(figure(0.0004, Unit.SHARE), no_percent) == "almost unchanged"
    assert EN.change(figure(-0.04, Unit.PER_USER), no_percent) == "almost unchanged"


def test_a_change_on_a_small_base_has_no_percent() -> None:
    assert EN.change(figure(3), Figure.unavailable(Unit.SHARE, "Small.")) == "+3"


def test_the_change_of_a_share_is_in_points() -> None:
    no_percent = Figure.unavailable(Unit.SHARE, "Points.")

    assert EN.change(figure(0.023, Unit.SHARE), no_percent) == "+2.3 points"
    assert readable(EN.change(figure(-0.02, Unit.SHARE), no_percent)) == "-2.0 points"


def test_an_unknown_change_is_not_compared() -> None:
    missing = Figure.unavailable(Unit.PEOPLE, "Not told.")

    assert EN.change(missing, missing) == "not compared"


def test_the_change_of_an_amount_has_its_sign_before_the_currency() -> None:
    change = EN.change(Figure.money(310, "USD"), figure(0.11, Unit.SHARE), short=True)

    assert readable(change) == "+USD 310 (+11.0%)"


def test_only_partial_figures_are_qualified() -> None:
    assert EN.qualifier(figure(3).partial("Half a month.")) == "partial"
    assert EN.qualifier(figure(3)) == ""


def test_sentences_and_their_plurals_are_english_in_every_locale() -> None:
    for locale in ("pl", "ar", "fr", "ja"):
        language = Language(locale, ZoneInfo("UTC"))
        assert [language.translate("seats.days", count=number, days="n") for number in (0, 1, 2, 5)] == [
            *("n days", "n day", "n days", "n days")
        ]


def test_the_count_selects_the_form_of_a_sentence() -> None:
    def sentence(number: int) -> str:
        return EN.translate("headline.whole", count=number, people=EN.count(number), month="May")

    assert sentence(1) == "1 person used Tabnine in May"
    assert sentence(2) == "2 people used Tabnine in May"
    assert sentence(0) == "0 people used Tabnine in May"


def test_placeholders_in_values_are_not_filled() -> None:
    assert EN.translate("data_quality.note", labels="{reason}", reason="{labels} %s \\1") == "{reason}: {labels} %s \\1"


def test_unknown_sentences_and_missing_values_are_errors() -> None:
    with pytest.raises(KeyError):
        EN.translate("headline.no_such_sentence")
    with pytest.raises(KeyError):
        EN.translate("data_quality.note", labels="Active users")


@pytest.mark.parametrize(
    ("amount", "currency", "exact", "short"),
    [
        (20280.0, "EUR", "EUR 20,280", "EUR 20,280"),
        (3139.84, "USD", "USD 3,139.84", "USD 3,140"),
        (99.994, "USD", "USD 99.99", "USD 99.99"),
        (-249.5, "USD", "-USD 249.50", "-USD 250"),
        (0, "USD", "USD 0", "USD 0"),
        (53.998, "USD", "USD 54.00", "USD 54.00"),
        (0.001, "USD", "<USD 0.01", "<USD 0.01"),
        (1234.5, "JPY", "JPY 1,234", "JPY 1,234"),
    ],
)
def test_amounts_have_their_currency_and_decimals_only_where_needed(
    amount: float, currency: str, exact: str, short: str
) -> None:
    money = Figure.money(amount, currency, SOURCE)

    assert readable(EN.value(money)) == exact
    assert readable(EN.value(money, short=True)) == short
