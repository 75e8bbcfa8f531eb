"""The summary in Prefect's UI: Markdown with findings, asks and the note, in which no text is markup."""

from sample_report import sample_report

from reporting.findings import FollowUp, Note
from reporting.render.summary import markdown_summary
from reporting.render.templates import language_of


def test_findings_asks_and_note_stand_under_the_figures() -> None:
    report = sample_report(ordinary="October was an ordinary month.")
    lines = markdown_summary(report, language_of(report)).splitlines()

    assert "- October was an ordinary month." in lines
    asked = lines.index("**What we ask**")
    assert lines[asked + 2].startswith("1. Who buys the licence, by 31 December 2026: Renew fewer than 520 seats?")
    assert lines[asked + 4].strip() == "Of the asks for September: 1 open."
    assert "Note \\(J. B.\\): Warsaw joined on 12 October." in lines


def test_what_is_not_there_leaves_nothing_behind() -> None:
    report = sample_report(asks=(), follow_up=FollowUp(title="", asks=()), note=None)

    assert "What we ask" not in markdown_summary(report, language_of(report))


def test_a_note_is_no_markup() -> None:
    report = sample_report(note=Note(text="*a* [b](c) <d>", author="| e"))

    assert r"Note \(\| e\): \*a\* \[b\]\(c\) \<d\>" in markdown_summary(report, language_of(report))
