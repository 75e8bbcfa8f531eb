"""The number, date and money formats of many locales, as CLDR defines them."""

import subprocess
import sys
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tabnine_report.model.month import Month
from tabnine_report.text.formats import Formats, with_plus
from tabnine_report.text.sanitizing import sanitize

UTC_ZONE = ZoneInfo("UTC")
EN = Formats("en", ZoneInfo("Europe/Berlin"))
OCTOBER = Month(2026, 10)
LOCALES = [
    *("en", "en_IN", "de", "de_CH", "fr", "hi", "cs", "pl", "ru", "uk", "lt", "lv", "fi", "el", "ar", "he", "ja"),
    *("pt_BR", "sv", "ar_EG", "fa", "bn", "th"),
]


def readable(text: str) -> str:
    """Replace the characters that look like a space or a hyphen by those."""
    for space in ("\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}"):
        text = text.replace(space, " ")
    return text.replace("\N{MINUS SIGN}", "-")


@given(st.integers(-(10**12), 10**12))
def test_counts_are_exact(number: int) -> None:
    assert int(readable(EN.count(number)).replace(",", "")) == number


@pytest.mark.parametrize(
    ("locale", "count", "percent", "money"),
    [
        ("en", "1,437,655", "5.6%", "EUR 7,020"),
        ("en_IN", "14,37,655", "5.6%", "EUR 7,020"),
        ("de", "1.437.655", "5,6 %", "7.020 EUR"),
        ("de_CH", "1’437’655", "5.6%", "EUR 7’020"),
        ("fr", "1 437 655", "5,6 %", "7 020 EUR"),
        ("hi", "14,37,655", "5.6%", "EUR 7,020"),
        ("cs", "1 437 655", "5,6 %", "7 020 EUR"),
        ("pl", "1 437 655", "5,6%", "7 020 EUR"),
        ("ru", "1 437 655", "5,6 %", "7 020 EUR"),
        ("uk", "1 437 655", "5,6%", "7 020 EUR"),
        ("lt", "1 437 655", "5,6 %", "7 020 EUR"),
        ("lv", "1 437 655", "5,6%", "7 020 EUR"),
        ("fi", "1 437 655", "5,6 %", "7 020 EUR"),
        ("el", "1.437.655", "5,6%", "7.020 EUR"),
        ("ar", "1,437,655", "5.6%", "7,020 EUR"),
        ("he", "1,437,655", "5.6%", "7,020 EUR"),
        ("ja", "1,437,655", "5.6%", "EUR 7,020"),
        ("pt_BR", "1.437.655", "5,6%", "EUR 7.020"),
        ("sv", "1 437 655", "5,6 %", "7 020 EUR"),
        ("tr", "1.437.655", "%5,6", "EUR 7.020"),
    ],
)
def test_grouping_percent_sign_and_currency_follow_the_locale(
    locale: str, count: str, percent: str, money: str
) -> None:
    formats = Formats(locale, UTC_ZONE)

    assert readable(formats.count(1_437_655)) == count
    assert readable(formats.percent(0.056)) == percent
    assert readable(formats.money(7020, "EUR")) == money


@pytest.mark.parametrize(
    ("locale", "value", "whole", "text"),
    [
        ("en", 1264.36, False, "1,264.36"),
        ("en", 1264.36, True, "1,264"),
        ("de", 1264.3, False, "1.264,30"),
        ("en", 0.0, True, "0"),
        ("en", 0.4, True, "<1"),
        ("en", 0.001, False, "<0.01"),
    ],
)
def test_an_amount_without_its_currency_is_never_rounded_to_nothing(
    locale: str, value: float, *, whole: bool, text: str
) -> None:
    assert readable(Formats(locale, UTC_ZONE).amount(value, "EUR", whole=whole)) == text


def test_amounts_are_grouped_as_the_locale_groups_numbers() -> None:
    assert readable(Formats("en_IN", UTC_ZONE).money(3_466_500, "INR")) == "INR 34,66,500"
    assert readable(Formats("hi", UTC_ZONE).money(3_466_500.5, "INR")) == "INR 34,66,500.50"
    assert readable(Formats("de", UTC_ZONE).money(3139.84, "USD")) == "3.139,84 USD"


@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        ("en", ("October 2026", "October", "Oct", "Oct 2026", "2 November 2026")),
        ("en_US", ("October 2026", "October", "Oct", "Oct 2026", "November 2, 2026")),
        ("de", ("Oktober 2026", "Oktober", "Okt", "Okt. 2026", "2. November 2026")),
        ("fr", ("octobre 2026", "octobre", "oct.", "oct. 2026", "2 novembre 2026")),
        ("cs", ("říjen 2026", "říjen", "říj", "říjen 2026", "2. listopadu 2026")),
        ("pl", ("październik 2026", "październik", "paź", "paź 2026", "2 listopada 2026")),
        ("ru", ("октябрь 2026 г.", "октябрь", "окт.", "окт. 2026 г.", "2 ноября 2026 г.")),
        ("uk", ("жовтень 2026 р.", "жовтень", "жовт.", "жовт. 2026 р.", "2 листопада 2026 р.")),
        ("lt", ("2026 m. spalis", "spalis", "spal.", "2026-10", "2026 m. lapkričio 2 d.")),
        ("lv", ("2026. g. oktobris", "oktobris", "okt.", "2026. g. okt.", "2026. gada 2. novembris")),
        ("fi", ("lokakuu 2026", "lokakuu", "loka", "loka 2026", "2. marraskuuta 2026")),
        ("el", ("Οκτώβριος 2026", "Οκτώβριος", "Οκτ", "Οκτ 2026", "2 Νοεμβρίου 2026")),
        ("pt_BR", ("outubro de 2026", "outubro", "out.", "out. de 2026", "2 de novembro de 2026")),
        ("sv", ("oktober 2026", "oktober", "okt.", "okt. 2026", "2 november 2026")),
        ("ja", ("2026年10月", "10月", "10", "2026-10", "2026年11月2日")),
        ("hi", ("अक्टूबर 2026", "अक्टूबर", "10", "2026-10", "2 नवंबर 2026")),
        ("ar", ("\u2068أكتوبر 2026\u2069", "\u2068أكتوبر\u2069", "10", "2026-10", "\u20682 نوفمبر 2026\u2069")),
        ("he", ("\u2068אוקטובר 2026\u2069", "\u2068אוקטובר\u2069", "10", "2026-10", "\u20682 בנובמבר 2026\u2069")),
    ],
)
def test_months_stand_alone_in_the_nominative_and_dates_follow_the_locale(
    locale: str, expected: tuple[str, ...]
) -> None:
    formats = Formats(locale, UTC_ZONE)

    texts = (
        *(formats.month(OCTOBER), formats.month_name(OCTOBER), formats.month_short(OCTOBER)),
        *(formats.month_and_year_short(OCTOBER), formats.date(date(2026, 11, 2))),
    )

    assert tuple(readable(text) for text in texts) == expected


def test_month_names_do_not_depend_on_the_locales_used_before() -> None:
    script = (
        "from zoneinfo import ZoneInfo; from tabnine_report.model.month import Month;"
        "from tabnine_report.text.formats import Formats;"
        "print(*(Formats(locale, ZoneInfo('UTC')).month_name(Month(2026, 10)) for locale in "
        "('he', 'bs', 'sv', 'pl', 'pl_PL', 'fr', 'en', 'ja')))"
    )

    printed = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", script], check=True, capture_output=True, encoding="utf-8"
    ).stdout

    names = printed.split()
    assert names == [
        "\u2068אוקטובר\u2069",
        "oktobar",
        "oktober",
        "październik",
        "październik",
        "octobre",
        "October",
        "10月",
    ]


@pytest.mark.parametrize("locale", LOCALES)
def test_digits_are_latin_and_no_number_contains_a_space_or_a_direction_mark(locale: str) -> None:
    formats = Formats(locale, UTC_ZONE)
    texts = [
        *(formats.count(1_234_567), formats.percent(0.388), formats.decimal(57.3), formats.count(-1237)),
        *(formats.compact(88_412), formats.money(7020, "EUR"), formats.money(-7020, "EUR")),
    ]

    digits = ["".join(c for c in text if c.isdigit()) for text in texts]
    assert [*digits[:4], *digits[5:]] == ["1234567", "388", "573", "1237", "7020", "7020"]
    assert all(c.isascii() for text in texts for c in text if c.isdigit())
    assert [text for text in texts if " " in text] == []
    assert [sanitize(text) for text in texts] == texts
    assert (formats.count(-0.0), formats.count(-0.4)) == ("0", "0")
    assert readable(formats.decimal(-0.04)) == "0"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (1237, "1,237"),
        (9_999, "9,999"),
        (10_000, "10K"),
        (88_412, "88.4K"),
        (100_000, "100K"),
        (999_499, "999K"),
        (999_950, "1M"),
        (999_500_000, "1B"),
        (1_092_933, "1.1M"),
        (999_999_999_999, "1T"),
        (-88_412, "-88.4K"),
    ],
)
def test_large_numbers_are_shortened_from_ten_thousand(value: float, text: str) -> None:
    assert readable(EN.compact(value)) == text


@pytest.mark.parametrize(
    ("locale", "thousands", "millions"),
    [
        ("en_IN", "88.4K", "14.4L"),
        ("de", "88.412", "1,4 Mio."),
        ("fr", "88,4 k", "1,4 M"),
        ("ru", "88,4 тыс.", "1,4 млн"),
        ("hi", "88,412", "14,37,655"),
        ("ja", "88,412", "1,437,655"),
    ],
)
def test_numbers_are_exact_where_the_locale_has_no_abbreviation_that_charts_can_draw(
    locale: str, thousands: str, millions: str
) -> None:
    formats = Formats(locale, UTC_ZONE)

    assert (readable(formats.compact(88_412)), readable(formats.compact(1_437_655))) == (thousands, millions)


def test_percentages_have_at_most_one_decimal() -> None:
    assert [EN.percent(share) for share in (0.388, 0.5, 1, 0.05913, 0)] == ["38.8%", "50%", "100%", "5.9%", "0%"]


def test_sizes_are_not_rounded_to_nothing() -> None:
    sizes = [EN.size(number) for number in (1, 49, 1_000, 40_000, 999_999, 1_000_000, 1_249_000, 10_000_000)]
    assert sizes == ["0.1 kB", "0.1 kB", "1 kB", "40 kB", "1,000 kB", "1 MB", "1.2 MB", "10 MB"]
    assert Formats("de", UTC_ZONE).size(1_200_000) == "1,2 MB"


def test_aligned_numbers_all_have_one_decimal() -> None:
    assert [EN.percent(share, aligned=True) for share in (0.388, 0.5, 1, 0)] == ["38.8%", "50.0%", "100.0%", "0.0%"]
    assert [EN.percent(share, aligned=True) for share in (0.0001, 0.9999)] == ["<0.1%", ">99.9%"]
    assert [EN.decimal(number, aligned=True) for number in (57.27, 144)] == ["57.3", "144.0"]
    assert [EN.percent_change(share, aligned=True) for share in (0.11, -0.5, 0.0001)] == ["+11.0%", "−50.0%", "<0.1%"]


def test_shares_are_not_rounded_to_nothing_or_to_all() -> None:
    assert [EN.percent(share) for share in (0.0002, 0.001, 0.9984, 0.9996, 1.0004)] == [
        *("<0.1%", "0.1%", "99.8%", ">99.9%", "100%")
    ]


@pytest.mark.parametrize(("locale", "positive"), [("en", "+USD 310"), ("de", "+310 USD"), ("nl", "USD +310")])
def test_a_plus_sign_is_where_the_locale_has_its_minus_sign(locale: str, positive: str) -> None:
    assert readable(with_plus(Formats(locale, UTC_ZONE).money(-310, "USD"))) == positive


def test_instants_are_in_local_time() -> None:
    late = datetime(2026, 11, 1, 23, 30, tzinfo=UTC)

    assert EN.instant(late) == "2 November 2026, 00:30"
    assert EN.day_of(late) == "2 November 2026"


def test_weekdays_begin_with_monday() -> None:
    assert EN.weekdays() == ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    assert Formats("de", UTC_ZONE).weekdays()[0] == "Mo"


def test_numbers_beside_a_right_to_left_date_keep_their_place() -> None:
    arabic = Formats("ar", UTC_ZONE)
    sentence = f"412 people in {arabic.month_name(OCTOBER)}, 23 more."

    # Without the isolates, the comma and 23 would be shown to the left of the name.
    assert sanitize(sentence) == "412 people in \u2068أكتوبر\u2069, 23 more."


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("en", "2 Nov 2026"),
        ("en_US", "Nov 2, 2026"),
        ("de", "2. Nov. 2026"),
        ("ar", "2026-11-02"),
        ("ja", "2026-11-02"),
    ],
)
def test_a_short_date_can_be_drawn_in_a_chart(locale: str, text: str) -> None:
    assert readable(Formats(locale, UTC_ZONE).date_short(date(2026, 11, 2))) == text
