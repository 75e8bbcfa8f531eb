"""Text made fit to be shown."""

import pytest

from tabnine_report.text.sanitizing import display_width, sanitize, truncate


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("ACME", "ACME"),
        ("  ACME \t Inc. ", "ACME Inc."),
        ("a\r\nb\x00c\x85d\u2028e", "a b c d e"),
        ("\u202eACME\u2069\u200f", "ACME"),
        ("AC\ud800ME", "AC ME"),
        ("AC\ufffeME\uffff", "ACME"),
        ("12\N{NO-BREAK SPACE}345", "12\N{NO-BREAK SPACE}345"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("\N{FAMILY}\u200d\N{ROCKET}", "\N{FAMILY}\u200d\N{ROCKET}"),
        ("", ""),
    ],
)
def test_controls_go_and_everything_that_is_read_stays(text: str, shown: str) -> None:
    assert sanitize(text) == shown


def test_the_pair_around_a_date_from_right_to_left_stays_and_no_other() -> None:
    date = "\u20682 نوفمبر 2026\u2069"

    assert sanitize(f"From {date}, 07:00") == f"From {date}, 07:00"
    assert sanitize("ACME \u2068evil\u2069") == "ACME evil"
    assert sanitize("\u2068א, 412 people\u2069") == "א, 412 people"
    assert sanitize("\u2068א\u202eב\u2069") == "אב"
    assert sanitize(f"\u2068{date}") == date
    assert sanitize("\u2067نوفمبر\u2069") == "نوفمبر"


def test_a_long_text_ends_in_an_ellipsis_at_its_length() -> None:
    assert sanitize("abcdef", 4) == "abc…"
    assert sanitize("abcd", 4) == "abcd"
    assert sanitize("a" * 10_000, 4) == "aaa…"
    assert sanitize("\u202e" * 10_000 + "a", 4) == "…"


def test_a_sentence_is_cut_between_words() -> None:
    assert truncate("One two three", 13) == "One two three"
    assert truncate("One two, three", 13) == "One two…"
    assert truncate("Onetwothreefour", 8) == "Onetwot…"
    assert truncate("word " * 1000, 12) == "word word…"


def test_a_character_of_a_wide_script_takes_two_places() -> None:
    assert [display_width(text) for text in ("", "Łódź", "平台 x")] == [0, 4, 6]
