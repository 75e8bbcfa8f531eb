"""The sentences of page one for channels without templates: highlights, recommended actions and the note."""

from collections.abc import Iterator

from tabnine_report.model.figure import State
from tabnine_report.model.findings import ActionState, LastMonthActions, Note, RecommendedAction
from tabnine_report.model.kpi import Kpi
from tabnine_report.model.report import MonthlyReport
from tabnine_report.text.i18n import Language
from tabnine_report.text.sanitizing import sanitize

_TILES = 4
"""The number of KPI tiles on page one."""
_IN_THE_BAR = ("unused_seats", "seat_spend")
"""The KPIs that the bar of the seats shows, with their parts, instead of a tile."""
_OPTIONAL = ("agent_users", "agent_spend")
"""The KPIs that leave page one if they have no value, for the users of another feature."""
_SUBSTITUTES = ("chat_users", "completion_users")


def tiles(report: MonthlyReport) -> tuple[Kpi, ...]:
    """Return the KPIs that page one shows as tiles, in every channel: four, if the organization has as many."""
    kpis = report.kpis()
    in_bar = _IN_THE_BAR if report.seats.breakdown is not None else ()
    shown = [
        kpi for kpi in report.page_one_kpis if kpi.key not in in_bar and (kpi.figure.known or kpi.key not in _OPTIONAL)
    ]
    shown += [kpis[key] for key in _SUBSTITUTES if key in kpis and kpis[key].figure.known]
    return tuple(shown[:_TILES])


def revision_label(report: MonthlyReport, language: Language) -> str:
    """Return the name of the revision; empty for a draft."""
    return "" if report.draft else language.translate("report.revision", number=language.count(report.revision))


def doubts(report: MonthlyReport, language: Language) -> list[str]:
    """Return the flags of a report that is partial or fails a cross-check; none for a report without doubts."""
    flags = {
        "report.incomplete": not report.complete,
        "report.check_failed": bool(report.data_quality.page_one_failures),
    }
    return [language.translate(key) for key, is_set in flags.items() if is_set]


def highlights_heading(report: MonthlyReport, language: Language) -> str:
    """Return the heading of the highlights, with the month so that they are not mistaken for changes of a revision."""
    return language.translate("report.highlights", month=sanitize(report.month_label))


def highlights(report: MonthlyReport) -> list[str]:
    """Return the sentence about an ordinary month, if there is one, and all findings, most important first."""
    return [
        sanitize(sentence)
        for sentence in (report.month_summary, *(finding.text for finding in report.findings))
        if sentence
    ]


def uncompared_sentences(report: MonthlyReport, language: Language) -> Iterator[str]:
    """Yield the complete figures of page one that have no change, with the reason; each reason once.

    Partial and missing figures are left out, because their own reason is beside them.
    """
    labels: dict[str, list[str]] = {}
    for tile in report.page_one_kpis:
        if tile.change is not None and not tile.change.absolute.known and tile.figure.state is State.MEASURED:
            labels.setdefault(tile.change.absolute.reason, []).append(sanitize(tile.label))
    for reason, names in labels.items():
        yield language.translate("change.why_unknown", labels=", ".join(names), reason=sanitize(reason))


def action_line(action: RecommendedAction, language: Language) -> str:
    """Return a recommended action in one line: owner, due date and action."""
    who = language.translate("report.action_lead", owner=sanitize(action.owner), due=language.date(action.due))
    return f"{who} {sanitize(action.text)}"


def action_lines(report: MonthlyReport, language: Language) -> Iterator[str]:
    """Yield the recommended actions, numbered, and the status of last month's actions in one line."""
    for number, action in enumerate(report.recommended_actions, start=1):
        yield f"{language.count(number)}. {action_line(action, language)}"
    if report.last_month_actions.statuses:
        yield status_line(report.last_month_actions, language)


def status_line(actions: LastMonthActions, language: Language) -> str:
    """Return the status of last month's actions in one line."""
    statuses = (f"{sanitize(one.sentence)} ({state_word(one.state, language)})" for one in actions.statuses)
    return f"{sanitize(actions.title)}: {'; '.join(statuses)}."


def state_word(state: ActionState, language: Language) -> str:
    """Return the state of an action in words."""
    return language.translate(f"report.{'not_known' if state is ActionState.UNKNOWN else state}")


def note_lead(note: Note, language: Language) -> str:
    """Return the words before the note of the month, with its author."""
    author = sanitize(note.author)
    return (
        language.translate("report.note_lead_by", author=author) if author else language.translate("report.note_lead")
    )


def note_line(note: Note, language: Language) -> str:
    """Return the note for the month with its author."""
    return f"{note_lead(note, language)} {sanitize(note.text)}"
