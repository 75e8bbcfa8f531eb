"""The sentences of page one as the channels without templates write them: what was found, asked for and noted."""

from collections.abc import Iterator

from tabnine_report.model.figure import State
from tabnine_report.model.findings import Note, RecommendedAction
from tabnine_report.model.report import MonthlyReport
from tabnine_report.text.i18n import Language
from tabnine_report.text.sanitizing import sanitize


def revision_label(report: MonthlyReport, language: Language) -> str:
    """Name the revision; nothing for a draft, which is none."""
    return "" if report.draft else language.translate("report.revision", number=language.count(report.revision))


def highlights_heading(report: MonthlyReport, language: Language) -> str:
    """Head the findings with their month, so that nobody takes them for what a revision changed."""
    return language.translate("report.what_changed", month=sanitize(report.month_label))


def highlights(report: MonthlyReport) -> list[str]:
    """Give what the month was like where nothing changed, then every finding, heaviest first."""
    return [
        sanitize(sentence) for sentence in (report.ordinary, *(one.sentence for one in report.findings)) if sentence
    ]


def uncompared_sentences(report: MonthlyReport, language: Language) -> Iterator[str]:
    """Say of which whole figures of page one the change is not told, and why: each reason once.

    Why a figure is not whole stands beside it already.
    """
    labels: dict[str, list[str]] = {}
    for tile in report.page_one_kpis:
        if tile.change is not None and not tile.change.absolute.known and tile.figure.state is State.MEASURED:
            labels.setdefault(tile.change.absolute.reason, []).append(sanitize(tile.label))
    for reason, said in labels.items():
        yield language.translate("change.why_unknown", labels=", ".join(said), reason=sanitize(reason))


def action_line(action: RecommendedAction, language: Language) -> str:
    """Write an ask in one line: who, by when, and what."""
    who = language.translate("report.asked", who=sanitize(action.who), day=language.date(action.by))
    return f"{who} {sanitize(action.sentence)}"


def action_lines(report: MonthlyReport, language: Language) -> Iterator[str]:
    """Write every ask, numbered, and what became of those of the month before."""
    for number, action in enumerate(report.recommended_actions, start=1):
        yield f"{language.count(number)}. {action_line(action, language)}"
    if report.last_month_actions.recommended_actions:
        yield sanitize(report.last_month_actions.title)


def note_line(note: Note, language: Language) -> str:
    """Write the note for the month, with who signed it."""
    author = sanitize(note.author)
    written = language.translate("report.written_by", author=author) if author else language.translate("report.written")
    return f"{written} {sanitize(note.text)}"
