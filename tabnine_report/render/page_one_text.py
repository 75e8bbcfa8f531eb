"""The sentences of page one as the channels without templates write them: what was found, asked for and noted."""

from collections.abc import Iterator

from tabnine_report.model.figure import State
from tabnine_report.model.findings import Ask, Note
from tabnine_report.model.report import MonthlyReport
from tabnine_report.text.i18n import Language
from tabnine_report.text.sanitizing import plain


def revision_of(report: MonthlyReport, language: Language) -> str:
    """Name the revision; nothing for a draft, which is none."""
    return "" if report.draft else language.say("report.revision", number=language.count(report.revision))


def what_changed(report: MonthlyReport, language: Language) -> str:
    """Head the findings with their month, so that nobody takes them for what a revision changed."""
    return language.say("report.what_changed", month=plain(report.month_label))


def found(report: MonthlyReport) -> list[str]:
    """Give what the month was like where nothing changed, then every finding, heaviest first."""
    return [plain(sentence) for sentence in (report.ordinary, *(one.sentence for one in report.findings)) if sentence]


def not_compared(report: MonthlyReport, language: Language) -> Iterator[str]:
    """Say of which whole figures of page one the change is not told, and why: each reason once.

    Why a figure is not whole stands beside it already.
    """
    labels: dict[str, list[str]] = {}
    for tile in report.tiles:
        if tile.change is not None and not tile.change.absolute.known and tile.figure.state is State.MEASURED:
            labels.setdefault(tile.change.absolute.reason, []).append(plain(tile.label))
    for reason, said in labels.items():
        yield language.say("change.why_unknown", labels=", ".join(said), reason=plain(reason))


def asked(ask: Ask, language: Language) -> str:
    """Write an ask in one line: who, by when, and what."""
    who = language.say("report.asked", who=plain(ask.who), day=language.date(ask.by))
    return f"{who} {plain(ask.sentence)}"


def asked_for(report: MonthlyReport, language: Language) -> Iterator[str]:
    """Write every ask, numbered, and what became of those of the month before."""
    for number, ask in enumerate(report.asks, start=1):
        yield f"{language.count(number)}. {asked(ask, language)}"
    if report.follow_up.asks:
        yield plain(report.follow_up.title)


def noted(note: Note, language: Language) -> str:
    """Write the note for the month, with who signed it."""
    author = plain(note.author)
    written = language.say("report.written_by", author=author) if author else language.say("report.written")
    return f"{written} {plain(note.text)}"
