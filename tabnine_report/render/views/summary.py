"""Page one: the month in a minute."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from tabnine_report.model.figure import State
from tabnine_report.model.findings import ActionState, ActionStatus, RecommendedAction
from tabnine_report.model.month import Month
from tabnine_report.model.report import MonthlyReport
from tabnine_report.model.series import Series
from tabnine_report.render.charts.marks import Kind, mark
from tabnine_report.render.colors import Palette
from tabnine_report.render.page_one_text import state_word, tiles, uncompared_sentences
from tabnine_report.render.views.daily_use import DailyUse, daily_use
from tabnine_report.render.views.history import break_positions
from tabnine_report.render.views.kpi_tile import Tile, tile
from tabnine_report.render.views.seat_use import SeatUse, seat_use
from tabnine_report.text.i18n import Language

_LONG, _LONGER = 80, 100
"""The lengths from which a headline is set smaller, so that it takes two lines."""
_NOTE_LENGTH, _NOTE_LINES = 31, 2
"""The length of a line in the note of a tile, and the number of lines that it usually has."""
_DENSE, _PACKED = 14, 17
"""The numbers of lines beside the headline, bar and tiles from which the page is set closer, and smaller, too."""
_LINE = 110
"""The length of a line of text."""

_MARKS: dict[ActionState, Kind] = {ActionState.DONE: "done", ActionState.OPEN: "open", ActionState.WORSE: "worse"}


@dataclass(frozen=True)
class Decision:
    """A recommended action.

    Attributes:
        due: The due date, as in `By 30 November`.
        owner: The role that should act.
        title: The decision.
        reason: Why.
        worth: What it is worth; may be empty.
        worth_note: What the worth refers to; may be empty.
    """

    due: str
    owner: str
    title: str
    reason: str
    worth: str
    worth_note: str


@dataclass(frozen=True)
class Status:
    """The status of an action of last month: its mark, its word, and the figures then and now."""

    mark: Markup
    word: str
    sentence: str


@dataclass(frozen=True)
class Summary:
    """Page one.

    Attributes:
        title: The headline.
        size: The CSS class of a long headline; empty for one of usual length.
        is_dense: Whether the page is set closer, because it has more on it than usual.
        is_packed: Whether it is set smaller, too.
        deck: The sentences below the headline; may be empty.
        doubts: Failed cross-checks and missing sources that put figures of the page in doubt, one sentence each.
        seats: Where the seats went; None if that is not known.
        tiles: The KPIs.
        is_tall: Whether a tile's note takes three lines.
        tiles_note: What partial, dashed and missing columns mean; may be empty.
        days: The days of the month, in a first month without columns; None otherwise.
        decisions_title: The title of the recommended actions.
        decisions: The recommended actions.
        no_decisions: The sentence for a month without any; empty otherwise.
        last_title: The title of the status of last month's actions.
        last: The status of last month's actions.
        changes_title: The title of the key changes.
        changes: Claim and evidence of each key change.
        ordinary: The sentence for a month without key changes; empty otherwise.
        notes: The heads and texts of the notes: on the revision, by the organization, and on what is not in the report.
        foot: One line on the data.
    """

    title: str
    size: str
    is_dense: bool
    is_packed: bool
    deck: str
    doubts: tuple[str, ...]
    seats: SeatUse | None
    tiles: tuple[Tile, ...]
    is_tall: bool
    tiles_note: str
    days: DailyUse | None
    decisions_title: str
    decisions: tuple[Decision, ...]
    no_decisions: str
    last_title: str
    last: tuple[Status, ...]
    changes_title: str
    changes: tuple[tuple[str, str], ...]
    ordinary: str
    notes: tuple[tuple[str, str], ...]
    foot: str


def summary(report: MonthlyReport, language: Language, colors: Palette) -> Summary:
    """Return page one of an edition of a report."""
    translate = language.translate
    agents = report.seats.agents
    forecast = agents.forecast if agents is not None and agents.forecast and agents.forecast.high.known else None
    shown = tuple(tile(kpi, language, colors, forecast if kpi.key == "agent_spend" else None) for kpi in tiles(report))
    notes = tuple(_notes(report, language))
    doubts = tuple(check.sentence for check in report.data_quality.page_one_failures)
    decisions = tuple(_decision(action, language) for action in report.recommended_actions)
    last = tuple(_status(status, language, colors) for status in report.last_month_actions.statuses)
    changes = tuple((finding.claim, finding.evidence) for finding in report.findings)
    has_columns = any(each.chart for each in shown)
    lines = 2 * len(decisions) + 3 * -(-len(changes) // 3) + _lines(doubts) + _lines(text for _, text in notes)
    lines += _lines(f"{status.word}: {status.sentence}" for status in last)
    length = len(report.headline)
    return Summary(
        title=report.headline,
        size="over-100" if length > _LONGER else "over-80" if length > _LONG else "",
        is_dense=length > _LONG or lines >= _DENSE,
        is_packed=lines >= _PACKED,
        deck=report.deck,
        doubts=doubts,
        seats=seat_use(report, language, colors),
        tiles=shown,
        is_tall=any(sum(-(-len(line) // _NOTE_LENGTH) for line in each.note) > _NOTE_LINES for each in shown),
        tiles_note=_tiles_note(report, shown, language, has_forecast=forecast is not None),
        days=None if has_columns else daily_use(report, language, colors),
        decisions_title=translate("report.decisions"),
        decisions=decisions,
        no_decisions="" if decisions else translate("page_summary.no_decisions"),
        last_title=report.last_month_actions.title,
        last=last,
        changes_title=translate("page_summary.changes"),
        changes=changes,
        ordinary=report.month_summary,
        notes=notes,
        foot=report.data_quality.summary,
    )


def _status(status: ActionStatus, language: Language, colors: Palette) -> Status:
    kind = _MARKS.get(status.state)
    word = state_word(status.state, language)
    return Status(mark(kind, word, colors) if kind else Markup(), word, status.sentence)


def _lines(texts: Iterable[str]) -> int:
    """Return the approximate number of lines that texts take."""
    return sum(-(-len(text) // _LINE) for text in texts)


def _decision(action: RecommendedAction, language: Language) -> Decision:
    return Decision(
        due=language.translate("page_summary.by", due=language.day_and_month(action.due)),
        owner=action.owner,
        title=action.title,
        reason=action.reason,
        worth=action.worth,
        worth_note=action.worth_note,
    )


def _tiles_note(report: MonthlyReport, shown: tuple[Tile, ...], language: Language, *, has_forecast: bool) -> str:
    """Return what is special about the columns: partial months, the method change, the estimate and the limit."""
    translate = language.translate
    drawn = [kpi for kpi, each in zip(tiles(report), shown, strict=True) if each.chart is not None]
    histories = [kpi.history for kpi in drawn if kpi.history is not None]
    sentences = [
        translate("page_summary.hollow") if _any_partial(histories) else "",
        _break_sentence(histories, language),
        translate("page_summary.dashed") if has_forecast else "",
        translate("page_summary.line")
        if any(kpi.target is not None and kpi.target.value.unit is kpi.figure.unit for kpi in drawn)
        else "",
    ]
    return " ".join(filter(None, sentences))


def _break_sentence(histories: Sequence[Series], language: Language) -> str:
    """Return the sentence on the method changes that the columns show; empty without any."""
    months = sorted({history.points[at].period for history in histories for at in break_positions(history)})
    names = ", ".join(language.month(Month.parse(month)) for month in months)
    return language.translate("page_summary.break", count=len(months), months=names) if months else ""


def _any_partial(histories: Iterable[Series]) -> bool:
    return any(point.figure.state is State.PARTIAL for history in histories for point in history.points)


def _notes(report: MonthlyReport, language: Language) -> Iterator[tuple[str, str]]:
    translate = language.translate
    if report.revision_changes is not None:
        head = translate("page_summary.revision", number=language.count(report.revision))
        yield head, report.revision_changes.sentence
    if report.note is not None:
        author = f" {report.note.author}" if report.note.author else ""
        yield translate("report.note_lead"), f"{report.note.text}{author}"
    missing = " ".join(uncompared_sentences(report, language))
    if missing:
        lead = translate("page_summary.not_compared")
        yield lead, missing.removeprefix(lead).lstrip()
