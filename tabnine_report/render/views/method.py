"""The page on method: how the figures were obtained and checked, what the terms mean, and all months in one table."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from tabnine_report.model.data_quality import ChangedFigure
from tabnine_report.model.estimate import Estimate
from tabnine_report.model.month import Month
from tabnine_report.model.report import MonthlyReport
from tabnine_report.model.series import Series
from tabnine_report.render.colors import Palette
from tabnine_report.render.views import chart_data
from tabnine_report.render.views.month_table import MonthTable, month_table
from tabnine_report.render.views.problems import Problem, problems
from tabnine_report.render.views.room import PAGE, block, text_height
from tabnine_report.text.i18n import Language
from tabnine_report.text.sanitizing import truncate

_TERMS = (
    "active_users",
    "average_daily_active_users",
    "stickiness",
    "adoption_rate",
    "unused_seats",
    "agent_spend",
)
"""The terms that the page explains."""
_TERMS_IN_ROW = 3
_TERM_LENGTH = 150
"""The length up to which the sentences of a definition are printed; the first one always is."""
_CHANGES = 8
"""The number of changed figures that the page has room for."""
_REASONS, _REASON_LENGTH = 2, 160
"""The number of reasons for partial months that the page has room for, and the length of each."""
_ESTIMATE_LENGTH = 260
"""The length of the sentences on an estimate that the page has room for."""
_ROW, _DENSE_ROW = 5.9, 4.9
"""The heights of a month's row in mm."""
_MONTH = len("2026-10")


@dataclass(frozen=True)
class Term:
    """A term: as the report prints it, the standard term for it, and its meaning."""

    name: str
    standard: str
    meaning: str


@dataclass(frozen=True)
class Changes:
    """The changes of a revision: their title, those that the page has room for, and a sentence on the others."""

    title: str
    shown: tuple[str, ...]
    more: str


@dataclass(frozen=True)
class MethodPage:
    """The page on method.

    Attributes:
        title: The title.
        sources: On the data sources.
        checks: On the cross-checks.
        problems: Failed cross-checks and missing data.
        more_problems: The sentence on further ones; may be empty.
        changes: The changes of a revision; None in a first revision, or if no figure changed.
        terms: The most important terms.
        table: The figures of all months; None with fewer than two.
        note: What the dashed line and gray numbers mean, and which estimates the report has.
        all_months: Every series of the report by month.
        foot: Where every figure is explained, and the version of the program.
        is_dense: Whether the rows of the table are closer than usual, so that the page has room for them.
        printed_terms: The number of terms that the printed page has room for; the workbook has all of them.
    """

    title: str
    sources: str
    checks: str
    problems: tuple[Problem, ...]
    more_problems: str
    changes: Changes | None
    terms: tuple[Term, ...]
    table: MonthTable | None
    note: str
    all_months: chart_data.MonthTable
    foot: str
    is_dense: bool = False
    printed_terms: int = len(_TERMS)


def method(report: MonthlyReport, language: Language, colors: Palette) -> MethodPage:
    """Return the page on method."""
    quality = report.data_quality
    table = month_table(report, language)
    found, more_problems = problems(report, language, colors)
    return _fitted(
        MethodPage(
            title=quality.title,
            sources=quality.sources_sentence,
            checks=quality.checks_sentence,
            problems=found,
            more_problems=more_problems,
            changes=_changes(report, language),
            terms=tuple(_terms(report, language)),
            table=table,
            note=" ".join(_notes(report, table, language)),
            all_months=chart_data.month_table(_histories(report)),
            foot=language.translate(
                "page_method.foot",
                sheet=language.translate("workbook.definitions"),
                version=report.program_version,
                revision=language.count(report.revision),
            ),
        )
    )


def _terms(report: MonthlyReport, language: Language) -> Iterator[Term]:
    """Yield the terms of figures that the report has."""
    kpis = report.kpis()
    definitions = {definition.key: definition for definition in report.data_quality.definitions}
    for key in _TERMS:
        if key in definitions and key in kpis and kpis[key].figure.known:
            definition = definitions[key]
            standard = language.translate(f"page_method.term_{key}")
            yield Term(definition.term, standard, _first_sentences(definition.meaning))


def _first_sentences(text: str) -> str:
    """Return as many whole sentences of a definition as the page has room for."""
    sentences = text.split(". ")
    kept = sentences[0]
    for sentence in sentences[1:]:
        if len(kept) + len(sentence) > _TERM_LENGTH:
            break
        kept = f"{kept}. {sentence}"
    return kept if kept.endswith(".") else f"{kept}."


def _changes(report: MonthlyReport, language: Language) -> Changes | None:
    revised = report.revision_changes
    if revised is None or not revised.figures:
        return None
    more = len(revised.figures[_CHANGES:])
    return Changes(
        title=language.translate("report.revised", number=language.count(revised.revision)),
        shown=tuple(_change(figure, language) for figure in revised.figures[:_CHANGES]),
        more=language.translate("report.more_changes_elsewhere", more, number=language.count(more)) if more else "",
    )


def _change(changed: ChangedFigure, language: Language) -> str:
    return language.translate(
        "revision_changes.figure",
        label=changed.label,
        now=language.qualified(changed.now, short=True),
        before=language.qualified(changed.before, short=True),
    )


def _notes(report: MonthlyReport, table: MonthTable | None, language: Language) -> Iterator[str]:
    """Yield what is special about the table, and the estimates of the report."""
    translate = language.translate
    if table is not None and table.changes:
        months = ", ".join(language.month(Month.parse(month)) for month in table.changes)
        yield translate("page_method.dashed", month=months)
    if table is not None and table.reasons:
        yield translate("page_method.gray")
        yield from (truncate(reason, _REASON_LENGTH) for reason in table.reasons[:_REASONS])
    if table is not None:
        yield translate("page_method.no_acceptance_rate")
    for estimate in _estimates(report):
        if estimate.known:
            sentence = translate(
                "page_method.estimate", label=estimate.label, method=estimate.method, record=estimate.record
            )
            yield truncate(sentence, _ESTIMATE_LENGTH)


def _estimates(report: MonthlyReport) -> Iterator[Estimate]:
    """Yield the estimates of the report; that of spend on free seats follows from their number."""
    if report.seats.outlook is not None:
        yield report.seats.outlook.accounts
        yield report.seats.outlook.free_seats
    if report.seats.agents is not None and report.seats.agents.forecast is not None:
        yield report.seats.agents.forecast


def _histories(report: MonthlyReport) -> Iterator[Series | None]:
    yield from (report.adoption.active_users, report.adoption.accounts)
    yield from (kpi.history for kpi in report.kpis().values())


def _fitted(page: MethodPage) -> MethodPage:
    """Return the page set closer, and in print with fewer terms, if it would not fit on one sheet otherwise."""
    dense = replace(page, is_dense=True)
    fewer = (replace(dense, printed_terms=number) for number in range(len(_TERMS), -1, -_TERMS_IN_ROW))
    return next((fitting for fitting in (page, *fewer) if _height(fitting) <= PAGE), replace(dense, printed_terms=0))


def _height(page: MethodPage) -> float:
    """Return the height that the page needs in print, in mm."""
    height = text_height("title", page.title)
    height += block(max(text_height("half", page.sources), text_height("half", page.checks)))
    if page.problems:
        height += block(sum(text_height("line", f"{each.subject}: {each.sentence}") for each in page.problems))
        height += text_height("small", page.more_problems)
    if page.changes is not None:
        height += block(sum(text_height("half-small", text) for text in page.changes.shown) / 2)
        height += text_height("small", page.changes.more)
    printed = page.terms[: page.printed_terms]
    if printed:
        rows = (printed[at : at + _TERMS_IN_ROW] for at in range(0, len(printed), _TERMS_IN_ROW))
        height += block(sum(max(text_height("third", term.meaning) for term in row) for row in rows))
    if page.table is not None:
        height += block((_DENSE_ROW if page.is_dense else _ROW) * (len(page.table.rows) + 2))
    return height + text_height("small", page.note)
