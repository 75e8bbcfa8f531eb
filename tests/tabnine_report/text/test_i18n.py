"""How numbers, changes, dates and sentences are written."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tabnine_report.model.figure import Figure, Source, State, Unit
from tabnine_report.model.month import Month
from tabnine_report.text.i18n import Language
from tabnine_report.text.sanitizing import sanitize as plain_text

SOURCE = Source(endpoint="/api/v1/license")
EN = Language("en", ZoneInfo("Europe/Berlin"))
DE = Language("de", ZoneInfo("Europe/Berlin"))


def figure(value: float, unit: Unit = Unit.PEOPLE) -> Figure:
    return Figure.measured(value, unit, SOURCE)


def sanitize(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\N{MINUS SIGN}", "-")


@given(st.integers(-(10**12), 10**12))
def test_a_count_is_written_exactly(number: int) -> None:
    assert int(sanitize(EN.count(number)).replace(",", "")) == number


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0, "0"),
        (1237, "1,237"),
        (9_999, "9,999"),
        (10_000, "10 k"),
        (88_412, "88.4 k"),
        (100_000, "100 k"),
        (999_499, "999 k"),
        (999_950, "1 M"),
        (999_500_000, "1 G"),
        (1_092_933, "1.1 M"),
        (999_999_999_999, "1,000 G"),
        (-88_412, "-88.4 k"),
    ],
)
def test_a_large_number_is_shortened_only_from_ten_thousand(value: float, written: str) -> None:
    assert sanitize(EN.short(value)) == written


def test_shares_are_percent_with_at_most_one_decimal() -> None:
    assert [sanitize(EN.percent(share)) for share in (0.388, 0.5, 1, 0.05913, 0)] == [
        "38.8 %",
        "50 %",
        "100 %",
        "5.9 %",
        "0 %",
    ]


def test_a_share_is_not_rounded_to_nothing_nor_to_all() -> None:
    assert [sanitize(EN.percent(share)) for share in (0.0002, 0.001, 0.9984, 0.9996, 1.0004)] == [
        "<0.1 %",
        "0.1 %",
        "99.8 %",
        ">99.9 %",
        "100 %",
    ]


def test_people_accounts_and_seats_are_never_shortened() -> None:
    for unit in (Unit.PEOPLE, Unit.ACCOUNTS, Unit.SEATS, Unit.INVITATIONS):
        assert EN.value(figure(12_345, unit), short=True) == "12,345"
    assert sanitize(EN.change(figure(-12_345), figure(-0.5, Unit.SHARE), short=True)) == "-12,345 (-50 %)"


def test_a_figure_is_written_as_its_unit_wants_it_or_by_the_word_for_why_there_is_none() -> None:
    assert EN.value(figure(1237)) == "1,237"
    assert sanitize(EN.value(figure(0.388, Unit.SHARE))) == "38.8 %"
    assert EN.value(figure(57.27, Unit.PER_USER)) == "57.3"
    assert sanitize(EN.value(figure(88_412, Unit.COMPLETIONS), short=True)) == "88.4 k"
    assert EN.value(Figure.unavailable(Unit.PEOPLE, "Not told.")) == "unavailable"
    assert EN.value(Figure.discontinued(Unit.SHARE, "Gone.")) == "discontinued"


@given(st.sampled_from(sorted(State)), st.sampled_from(sorted(Unit)))
def test_no_figure_without_a_value_is_written_with_a_digit(state: State, unit: Unit) -> None:
    if state in (State.MEASURED, State.PARTIAL):
        return
    missing = Figure(value=None, unit=unit, state=state, reason="Why.")

    assert not any(letter.isdigit() for letter in EN.value(missing) + EN.change(missing, missing))


def test_a_change_has_sign_number_and_percent() -> None:
    assert sanitize(EN.change(figure(23), figure(0.0591, Unit.SHARE))) == "+23 (+5.9 %)"
    assert sanitize(EN.change(figure(-19), figure(-0.15, Unit.SHARE))) == "-19 (-15 %)"
    assert EN.change(figure(0), figure(0, Unit.SHARE)) == "unchanged"


def test_a_change_that_rounds_to_nothing_is_neither_unchanged_nor_a_signed_zero() -> None:
    no_percent = Figure.unavailable(Unit.SHARE, "Points.")

    assert sanitize(EN.change(figure(1), figure(0.0001, Unit.SHARE))) == "+1 (<0.1 %)"
    assert sanitize(EN.change(figure(-1), figure(-0.0001, Unit.SHARE))) == "-1 (<0.1 %)"
    assert EN.change(figure(0.0004, Unit.SHARE), no_percent) == "almost unchanged"
    assert EN.change(figure(-0.04, Unit.PER_USER), no_percent) == "almost unchanged"


def test_a_change_on_a_small_base_has_no_percent() -> None:
    assert EN.change(figure(3), Figure.unavailable(Unit.SHARE, "Small.")) == "+3"


def test_a_change_of_a_share_is_in_points() -> None:
    assert EN.change(figure(0.023, Unit.SHARE), Figure.unavailable(Unit.SHARE, "Points.")) == "+2.3 points"


def test_a_change_that_is_not_known_is_the_word_for_it() -> None:
    missing = Figure.unavailable(Unit.PEOPLE, "Not told.")

    assert EN.change(missing, missing) == "not compared"


def test_partial_figures_are_qualified_and_others_are_not() -> None:
    assert EN.qualifier(figure(3).partial("Half a month.")) == "partial"
    assert EN.qualifier(figure(3)) == ""


def test_another_locale_writes_numbers_and_months_in_its_own_way() -> None:
    assert DE.count(1237) == "1.237"
    assert DE.month(Month(2026, 10)) == "Oktober 2026"
    assert sanitize(DE.percent(0.388)) == "38,8 %"


def test_months_are_named_alike_whatever_locale_was_asked_before() -> None:
    names = [Language(locale, ZoneInfo("UTC")).month_name(Month(2026, 10)) for locale in ("ja", "sv", "fr", "en")]

    assert names == ["10月", "oktober", "octobre", "October"]


def test_sentences_are_english_and_so_are_their_plurals_whatever_the_locale() -> None:
    for locale in ("pl", "ar", "fr", "ja"):
        language = Language(locale, ZoneInfo("UTC"))
        assert [language.translate("seats.days", count=number, days="n") for number in (0, 1, 2, 5)] == [
            "n days",
            "n day",
            "n days",
            "n days",
        ]


def test_months_and_days_are_written_out() -> None:
    assert EN.month(Month(2026, 10)) == "October 2026"
    assert (EN.month_name(Month(2026, 10)), EN.month_short(Month(2026, 10))) == ("October", "Oct")
    assert EN.date(date(2026, 11, 2)) == "2 November 2026"


def test_instants_are_written_in_local_time() -> None:
    late = datetime(2026, 11, 1, 23, 30, tzinfo=UTC)

    assert EN.instant(late) == "2 November 2026, 00:30"
    assert EN.day_of(late) == "2 November 2026"


def test_a_sentence_with_forms_chooses_by_the_number() -> None:
    def people(number: int) -> str:
        return EN.translate("headline.whole", count=number, people=EN.count(number), month="May")

    assert people(1) == "1 person used Tabnine in May"
    assert people(2) == "2 people used Tabnine in May"
    assert people(0) == "0 people used Tabnine in May"


def test_what_fills_a_gap_is_never_read_for_gaps_itself() -> None:
    assert EN.translate("data_quality.note", labels="{reason}", reason="{labels} %s \\1") == "{reason}: {labels} %s \\1"


def test_an_unknown_sentence_and_an_unfilled_gap_are_errors() -> None:
    with pytest.raises(KeyError):
        EN.translate("headline.nothing_of_the_kind")
    with pytest.raises(KeyError):
        EN.translate("data_quality.note", labels="Active users")


@pytest.mark.parametrize(
    ("locale", "month", "name", "short", "day"),
    [
        ("en", "October 2026", "October", "Oct", "2 November 2026"),
        ("en_US", "October 2026", "October", "Oct", "November 2, 2026"),
        ("de", "Oktober 2026", "Oktober", "Okt.", "2. November 2026"),
        ("fr", "octobre 2026", "octobre", "oct.", "2 novembre 2026"),
        ("ja", "2026年10月", "10月", "10", "2026年11月2日"),
        ("hi", "अक्टूबर 2026", "अक्टूबर", "10", "2 नवंबर 2026"),
        ("ar", "\u2068أكتوبر 2026\u2069", "\u2068أكتوبر\u2069", "10", "\u20682 نوفمبر 2026\u2069"),
    ],
)
def test_a_locale_writes_its_dates_in_its_own_order_and_from_its_own_side(
    locale: str, month: str, name: str, short: str, day: str
) -> None:
    language = Language(locale, ZoneInfo("UTC"))
    october = Month(2026, 10)

    assert (language.month(october), language.month_name(october)) == (month, name)
    assert (language.month_short(october), language.date(date(2026, 11, 2))) == (short, day)


@pytest.mark.parametrize("locale", ["de", "fr", "sv", "de_CH", "ar", "ar_EG", "fa", "hi", "bn", "ja", "th"])
def test_digits_are_latin_in_every_locale_and_separators_never_break_a_number(locale: str) -> None:
    language = Language(locale, ZoneInfo("UTC"))
    written = [language.count(1_234_567), language.percent(0.388), language.decimal(57.3), language.count(-1237)]

    assert ["".join(c for c in text if c.isdigit()) for text in written] == ["1234567", "388", "573", "1237"]
    assert all(c.isascii() for text in written for c in text if c.isdigit())
    assert [text for text in written if " " in text] == []
    assert [plain_text(text) for text in written] == written
    assert (language.count(-0.0), language.decimal(-0.04)) == ("0", "0")


def test_numbers_beside_a_date_from_right_to_left_stay_where_they_are() -> None:
    arabic = Language("ar", ZoneInfo("UTC"))
    sentence = f"412 people in {arabic.month_name(Month(2026, 10))}, 23 more."

    # Without the pair around it, the comma and 23 would follow the name to its left.
    assert plain_text(sentence) == "412 people in \u2068أكتوبر\u2069, 23 more."


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
def test_money_names_its_currency_and_leaves_small_change_out_where_it_says_nothing(
    amount: float, currency: str, exact: str, short: str
) -> None:
    money = Figure.money(amount, currency, SOURCE)

    assert sanitize(EN.value(money)) == exact
    assert sanitize(EN.value(money, short=True)) == short


def test_money_stands_as_the_locale_has_it() -> None:
    assert sanitize(DE.money(3139.84, "USD")) == "3.139,84 USD"


def test_a_change_of_money_has_its_sign_before_the_currency() -> None:
    assert sanitize(EN.change(Figure.money(310, "USD"), figure(0.11, Unit.SHARE))) == "+USD 310 (+11 %)"
