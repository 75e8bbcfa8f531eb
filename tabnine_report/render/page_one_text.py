"""The sentences of page one as the channels without templates write them: what was found, asked for and noted."""

from collections.abc import Iterator

from tabnine_report.model.figure import State
from tabnine_report.model.findings import Note, RecommendedAction
from tabnine_report.model.report import MonthlyReport
from tabnine_report.text.i18n import Language
from tabnine_report.text.sanitizing import sanitize


def revision_of(report: MonthlyReport, language: Language) -> str:
    """Name the revision; nothing for a draft, which is none."""
    return "" if report.draft else language.translate("report.revision", number=language.count(report.revision))


def what_changed(report: MonthlyReport, language: Language) -> str:
    """Head the findings with their month, so that nobody takes them for what a revision changed."""
    return language.translate("report.highlights", month=sanitize(report.month_label))


def found(report: MonthlyReport) -> list[str]:
    """Give what the month was like where nothing changed, then every finding, heaviest first."""
    return [
        sanitize(sentence)
        for sentence in (report.month_summary, *(one.sentence for one in report.findings))
        if sentence
    ]


def not_compared(report: MonthlyReport, language: Language) -> Iterator[str]:
    """Say of which whole figures of page one the change is not told, and why: each reason once.

    Why a figure is not whole stands beside it already.
    """
    labels: dict[str, list[str]] = {}
    for tile in report.page_one_kpis:
        if tile.change is not None and not tile.change.absolute.known and tile.figure.state is State.MEASURED:
            labels.setdefault(tile.change.absolute.reason, []).append(sanitize(tile.label))
    for reason, said in labels.items():
        yield language.translate("change.why_unknown", labels=", ".join(said), reason=sanitize(reason))


def asked(action: RecommendedAction, language: Language) -> str:
    """Write an ask in one line: who, by when, and what."""
    who = language.translate("report.action_lead", owner=sanitize(action.owner), due=language.date(action.due))
    return f"{who} {sanitize(action.sentence)}"


def asked_for(report: MonthlyReport, language: Language) -> Iterator[str]:
    """Write every ask, numbered, and what became of those of the month before."""
    for number, action in enumerate(report.recommended_actions, start=1):
        yield f"{language.count(number)}. {asked(action, language)}"
    if report.last_month_actions.statuses:
        yield sanitize(report.last_month_actions.title)


def noted(note: Note, language: Language) -> str:
    """Write the note for the month, with who signed it."""
    author = sanitize(note.author)
    written = (
        language.translate("report.note_lead_by", author=author) if author else language.translate("report.note_lead")
    )
    return f"{written} {sanitize(note.text)}"
