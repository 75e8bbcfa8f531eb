"""The summary in Prefect's UI: Markdown with findings, recommended actions and the note, in which no text is markup."""

from sample_report import DECIDED, sample_report

from tabnine_report.model.answers import Note
from tabnine_report.model.data_quality import RevisionChanges
from tabnine_report.model.findings import LastMonthActions
from tabnine_report.render.prefect_markdown import markdown_summary
from tabnine_report.render.template_environment import language_of
from tabnine_report.text.escaping import escape_markdown


def test_findings_actions_and_note_are_below_the_figures() -> None:
    report = sample_report(month_summary="October was an ordinary month.")
    lines = markdown_summary(report, language_of(report)).splitlines()

    assert "- October was an ordinary month." in lines
    asked = lines.index("**Decisions**")
    assert lines[asked + 2].startswith("1. How many seats to renew on 31 December 2026?")
    # Without an empty line, it would be part of the last action.
    assert lines[asked + 4 : asked + 6] == [
        "",
        escape_markdown(f"Decided on 13 October: {DECIDED} (open)."),
    ]
    assert "Note \\(J. B.\\): Warsaw joined on 12 October." in lines


def test_the_title_has_the_revision_and_its_changes_follow() -> None:
    revision_changes = RevisionChanges(
        revision=1, sentence="Figures changed since revision 1: Active users 412.", figures=()
    )
    again = sample_report(revision=2, revision_changes=revision_changes, complete=True)
    draft = sample_report(draft=True, complete=False)

    lines = markdown_summary(again, language_of(again)).splitlines()
    assert lines[0] == "## ACME · October 2026 · revision 2"
    assert lines[6] == "Figures changed since revision 1: Active users 412."
    first, *_ = markdown_summary(draft, language_of(draft)).splitlines()
    assert first == "## ACME · October 2026 · DRAFT · PARTIAL"


def test_the_table_is_narrow_and_notes_are_below_it() -> None:
    report = sample_report()
    lines = markdown_summary(report, language_of(report)).splitlines()

    assert "| | October 2026 | Change |" in lines
    assert r"| Active users | 412 | ▲ 23 \(5.9%\) |" in lines
    assert max(len(line) for line in lines if line.startswith("|")) < 80
    assert any(line.startswith("- Active users: 92.2") for line in lines)


def test_missing_parts_leave_no_headings() -> None:
    report = sample_report(
        recommended_actions=(), last_month_actions=LastMonthActions(title="", statuses=()), note=None
    )

    assert "Decisions" not in markdown_summary(report, language_of(report))


def test_markup_in_a_note_is_escaped() -> None:
    report = sample_report(note=Note(text="*a* [b](c) <d>", author="| e"))

    assert r"Note \(\| e\): \*a\* \[b\]\(c\) \<d\>" in markdown_summary(report, language_of(report))
