"""Text from outside is sanitized for display."""

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
def test_control_characters_are_removed_and_visible_text_is_kept(text: str, shown: str) -> None:
    assert sanitize(text) == shown


def test_only_the_isolates_around_a_right_to_left_date_are_kept() -> None:
    date = "\u20682 نوفمبر 2026\u2069"

    assert sanitize(f"From {date}, 07:00") == f"From {date}, 07:00"
    assert sanitize("ACME \u2068evil\u2069") == "ACME evil"
    assert sanitize("\u2068א, 412 people\u2069") == "א, 412 people"
    assert sanitize("\u2068א\u202eב\u2069") == "אב"
    assert sanitize(f"\u2068{date}") == date
    assert sanitize("\u2067نوفمبر\u2069") == "نوفمبر"


def test_a_long_text_is_cut_with_an_ellipsis() -> None:
    assert sanitize("abcdef", 4) == "abc…"
    assert sanitize("abcd", 4) == "abcd"
    assert sanitize("a" * 10_000, 4) == "aaa…"
    assert sanitize("\u202e" * 10_000 + "a", 4) == "…"


def test_a_sentence_is_cut_between_words() -> None:
    assert truncate("One two three", 13) == "One two three"
    assert truncate("One two, three", 13) == "One two…"
    assert truncate("Onetwothreefour", 8) == "Onetwot…"
    assert truncate("word " * 1000, 12) == "word word…"


def test_a_wide_character_has_a_width_of_two() -> None:
    assert [display_width(text) for text in ("", "Łódź", "平台 x")] == [0, 4, 6]
