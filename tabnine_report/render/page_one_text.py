"""What every channel prints alike of page one: tiles, changes, seats, highlights, recommended actions and the note."""

from collections.abc import Iterator

from tabnine_report.model.answers import Note
from tabnine_report.model.figure import Figure, State, Unit
from tabnine_report.model.findings import ActionState, LastMonthActions, RecommendedAction
from tabnine_report.model.kpi import Change, Kpi
from tabnine_report.model.report import MonthlyReport
from tabnine_report.model.sections import SeatPart
from tabnine_report.text.i18n import Language
from tabnine_report.text.sanitizing import sanitize

_TILES = 4
"""The number of KPI tiles on page one."""
_IN_THE_BAR = ("unused_seats", "seat_spend")
"""The KPIs that the bar of the seats shows, with their parts, instead of a tile."""
_OPTIONAL = ("agent_users", "agent_spend")
"""The KPIs that page one omits if they have no value, in favor of the users of another feature."""
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


def value_text(kpi: Kpi, language: Language) -> str:
    """Return the value of a KPI, short, with the word for its state."""
    return language.qualified(kpi.figure, short=True, aligned=True)


def change_text(kpi: Kpi, language: Language) -> str:
    """Return the change of a KPI against the previous month, `▲ 18 (5.6%)`; empty if it is not known."""
    return " ".join(filter(None, change_words(kpi.change, language))) if kpi.figure.known else ""


def change_words(change: Change | None, language: Language) -> tuple[str, str, str]:
    """Return the arrow, the number and the percentage of a change; a change that is not known has no words."""
    if change is None or change.absolute.value is None:
        return "", "", ""
    absolute, value = change.absolute, change.absolute.value
    if value == 0:
        return "", language.translate("change.none"), ""
    arrow = language.translate("change.up" if value > 0 else "change.down")
    percent = "" if change.relative.value is None else f"({language.percent(abs(change.relative.value), aligned=True)})"
    size = _size(absolute, language)
    if size.startswith("<") or not any(digit in size for digit in "123456789"):
        return "", language.translate("change.slight"), ""  # It rounds to nothing.
    return arrow, size, percent


def _size(absolute: Figure, language: Language) -> str:
    """Return a change without its sign; the change of a share in percentage points."""
    size = abs(absolute.value or 0)
    if absolute.unit is Unit.SHARE:
        return language.translate("change.points", points=language.decimal(size * 100, aligned=True))
    # At least 3 fewer is a change of at most -3.
    flipped = {"at_least": absolute.at_most, "at_most": absolute.at_least} if (absolute.value or 0) < 0 else {}
    shown = absolute.model_copy(update={"value": size, **flipped})
    return language.value(shown, short=True, aligned=absolute.unit is Unit.PER_USER)


def seats_title(report: MonthlyReport, language: Language) -> str:
    """Return what the parts of the seats show; empty if they are not known."""
    breakdown = report.seats.breakdown
    if breakdown is None:
        return ""
    return language.translate(f"page_summary.{breakdown.total.unit}_went", number=language.value(breakdown.total))


def seat_lines(report: MonthlyReport, language: Language) -> Iterator[tuple[str, str]]:
    """Yield the number of each part of the seats that is not empty, and its words with its money."""
    for part in report.seats.breakdown.parts if report.seats.breakdown is not None else ():
        if part.figure.value:
            words = filter(None, (sanitize(part.label), seat_money(part, language)))
            yield language.value(part.figure), ", ".join(words)


def seat_money(part: SeatPart, language: Language) -> str:
    """Return the money that a part of the seats costs; empty if it is not known or the part is in use."""
    if part.spend is None or not part.spend.known:
        return ""
    return language.translate("page_summary.per_month", amount=language.value(part.spend, short=True))


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
    """Return the sentence about a typical month, if there is one, and all findings, most important first."""
    return [
        sanitize(sentence)
        for sentence in (report.month_summary, *(finding.text for finding in report.findings))
        if sentence
    ]


def uncompared_sentences(report: MonthlyReport, language: Language) -> Iterator[str]:
    """Yield the complete figures in the tiles that have no change, with the reason; each reason once.

    Partial and missing figures are left out, because their own reason is beside them.
    """
    labels: dict[str, list[str]] = {}
    for tile in tiles(report):
        if tile.change is not None and not tile.change.absolute.known and tile.figure.state is State.MEASURED:
            labels.setdefault(tile.change.absolute.reason, []).append(sanitize(tile.label))
    for reason, names in labels.items():
        yield language.translate("change.why_unknown", labels=", ".join(names), reason=sanitize(reason))


def action_sentences(action: RecommendedAction, language: Language) -> list[str]:
    """Return title, reason, worth, and owner with due date of a recommended action, without those that it lacks."""
    owner = language.translate("report.owner_and_due", owner=sanitize(action.owner), due=language.date(action.due))
    parts = (sanitize(action.title), sanitize(action.reason), stake_sentence(action, language), f"{owner}.")
    return list(filter(None, parts))


def stake_sentence(action: RecommendedAction, language: Language) -> str:
    """Return what is at stake with a recommended action; empty without a worth."""
    if not action.worth:
        return ""
    return language.translate("report.at_stake", worth=sanitize(f"{action.worth} {action.worth_note}"))


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
