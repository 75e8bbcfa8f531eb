"""Build the workbook for analysts: every figure as a typed cell, with its state, reason and source."""

from collections.abc import Iterable, Iterator
from datetime import date

from tabnine_report.model.figure import State
from tabnine_report.model.kpi import Kpi
from tabnine_report.model.report import MonthlyReport
from tabnine_report.model.sections import Feature, Seats
from tabnine_report.model.series import Point, Series
from tabnine_report.render.colors import palette
from tabnine_report.render.page_one_text import doubts, highlights_heading, revision_label
from tabnine_report.render.template_environment import organization_name
from tabnine_report.render.workbook.figure_cells import (
    FIXED,
    day_cell,
    figure_columns,
    figure_row,
    instant_cell,
    kpi_row,
    month_cell,
    text_row,
    value_cell,
)
from tabnine_report.render.workbook.findings_sheet import add_findings
from tabnine_report.render.workbook.governance_sheet import add_governance
from tabnine_report.render.workbook.number_formats import count_format
from tabnine_report.render.workbook.revision_sheet import add_revision_changes
from tabnine_report.render.workbook.spreadsheet import Cell, Column, Missing, SheetHeader, Spreadsheet, Typed
from tabnine_report.render.workbook.teams_sheet import add_teams
from tabnine_report.text.i18n import Language

Row = list[Cell]


def workbook(report: MonthlyReport, language: Language) -> bytes:
    """Return a report as an XLSX file without formulas, with one sheet for each section of its edition.

    The same report produces the same bytes.
    """
    book = Spreadsheet(
        _head(report, language),
        title=f"{organization_name(report)} · {report.title} · {report.month_label}",
        author=f"tabnine-report {report.program_version}",
        created=report.data_as_of,
    )
    _add_figures(book, "summary", report.headline, _summary(report, language), language)
    add_findings(book, report, language)
    if report.revision_changes is not None and report.revision_changes.figures:
        add_revision_changes(book, report.revision_changes, language)
    _add_figures(book, "adoption", report.adoption.title, _adoption(report, language), language)
    feature_usage = " ".join(filter(None, (report.feature_usage.title, report.feature_usage.break_note)))
    _add_figures(book, "use", feature_usage, _feature_usage(report, language), language)
    _add_history(book, report, language)
    if report.teams is not None:
        add_teams(book, report.teams, language)
    _add_figures(book, "seats", report.seats.title, _seats(report, language), language)
    if report.governance is not None:
        add_governance(book, report.governance, language)
    _add_endpoints(book, report, language)
    _add_definitions(book, report, language)
    return book.content()


def _add_figures(book: Spreadsheet, name: str, sentence: str, rows: Iterable[Row], language: Language) -> None:
    """Add a sheet with one row for each figure; `name` is the key of its name in the catalog."""
    book.add(language.translate(f"workbook.{name}"), sentence, figure_columns(language), list(rows), fixed=FIXED)


def _head(report: MonthlyReport, language: Language) -> SheetHeader:
    organization = organization_name(report)
    draft = language.translate("report.draft") if report.draft else ""
    flags = doubts(report, language)
    revision = revision_label(report, language)
    status = (
        *(report.title, report.month_label, draft),
        revision,
        *(flags or [language.translate("report.complete")]),
        language.translate("report.data_as_of", instant=language.instant(report.data_as_of)),
        language.translate("workbook.times", zone=report.time_zone),
    )
    return SheetHeader(
        owner=organization,
        status=" · ".join(filter(None, status)),
        warns=report.draft or bool(flags),
        warning=palette(report.accent).warning,
        running=" · ".join(filter(None, (draft, *flags, organization, report.month_label, revision))),
        page=language.translate("workbook.page"),
    )


def _summary(report: MonthlyReport, language: Language) -> Iterator[Row]:
    for tile in report.page_one_kpis:
        yield kpi_row(language.translate("report.month_in_figures"), tile, language)
    changed, kpis = highlights_heading(report, language), report.kpis()
    for finding in report.findings:
        if not finding.figures:
            yield text_row(changed, "", note=finding.sentence)
        for name, figure in sorted(finding.figures.items()):  # report.json is sorted by key
            label = kpis[name].label if name in kpis else name
            yield figure_row(changed, label, figure, language, note=finding.sentence)
    if report.month_summary:
        yield text_row(changed, "", note=report.month_summary)


def _adoption(report: MonthlyReport, language: Language) -> Iterator[Row]:
    adoption = report.adoption
    for kpi in adoption.kpis:
        yield kpi_row(language.translate("report.adoption_metrics"), kpi, language)
    funnel = language.translate("report.funnel")
    for step in adoption.funnel:
        yield figure_row(funnel, step.label, step.figure, language, note=step.drop)
        yield figure_row(funnel, language.translate("workbook.share_of_first", step=step.label), step.share, language)
    off = {day.isoformat() for day in adoption.days_off}
    for point in adoption.daily.points:
        note = language.translate("workbook.day_off") if point.period in off else ""
        yield figure_row(
            adoption.daily.label, day_cell(date.fromisoformat(point.period)), point.figure, language, note=note
        )


def _feature_usage(report: MonthlyReport, language: Language) -> Iterator[Row]:
    for feature in report.feature_usage.features:
        for kpi in _feature_kpis(feature):
            yield kpi_row(feature.label, kpi, language)
    for factor in report.feature_usage.factors:
        yield kpi_row(language.translate("report.factors"), factor, language)


def _seats(report: MonthlyReport, language: Language) -> Iterator[Row]:
    for kpi in report.seats.kpis:
        yield kpi_row(language.translate("report.seat_metrics"), kpi, language)
    if report.seats.note:
        yield text_row(language.translate("report.seat_metrics"), "", note=report.seats.note)
    for fact in report.seats.license:
        yield text_row(language.translate("report.license"), fact.label, value=fact.text)
    yield from _money(report.seats, language)
    for kpi in report.seats.accounts:
        yield kpi_row(language.translate("report.account_metrics"), kpi, language)


def _money(seats: Seats, language: Language) -> Iterator[Row]:
    """Yield the rows of seat spend and agent spend; the first column of a language model's row is its name."""
    for kpi in seats.money:
        yield kpi_row(language.translate("report.seat_spend_kpis"), kpi, language)
    if seats.agents is None:
        return
    agents = language.translate("report.agent_spend_title")
    yield text_row(agents, "", note=seats.agents.title)
    for kpi in seats.agents.kpis:
        yield kpi_row(agents, kpi, language)
    for model in seats.agents.models:
        for key, figure in (("tokens", model.tokens), ("cost", model.cost), ("share", model.share)):
            yield figure_row(model.name, language.translate(f"report.model_{key}"), figure, language)


def _add_history(book: Spreadsheet, report: MonthlyReport, language: Language) -> None:
    """Add one row for each month and one column for each KPI, with its states unless all are measured.

    The chart has hidden columns of its own, because Excel would draw a word among numbers as zero.
    """
    people = report.adoption.people
    histories = _histories(report)
    months = sorted({point.period for series in histories for point in series.points})
    table: list[tuple[Column, Row]] = [
        (Column(language.translate("workbook.month"), 12), [month_cell(month) for month in months])
    ]
    for series in histories:
        table += _history_columns(series, months, language)
    chart_columns = _chart_columns(people, months, language)
    lines = range(len(table), len(table) + len(chart_columns))
    table += [
        (Column(language.translate("workbook.drawn", label=people.label), 12, hidden=True), cells)
        for cells in chart_columns
    ]
    reason = Column(language.translate("workbook.reason"), 70, printed=False, wrapped=False)
    table.append((reason, _reasons(histories, months)))
    name = language.translate("workbook.history")
    rows = list(zip(*(cells for _, cells in table), strict=True))
    book.add(
        name, language.translate("report.numbers_by_month"), [column for column, _ in table], rows, fixed=1, wide=True
    )
    if rows:
        title = language.translate("workbook.people_over_time", len(rows), months=language.count(len(rows)))
        book.draw_lines(name, title, rows=len(rows), days=0, lines=lines)


def _histories(report: MonthlyReport) -> list[Series]:
    """Return the series of every KPI that has one, without duplicates, active users first."""
    kpis = [*report.page_one_kpis, *report.adoption.kpis]
    kpis += [kpi for feature in report.feature_usage.features for kpi in _feature_kpis(feature)]
    kpis += [*report.feature_usage.factors, *report.seats.kpis, *report.seats.money, *report.seats.accounts]
    kpis += report.seats.agents.kpis if report.seats.agents else ()
    histories = {kpi.key: kpi.history for kpi in kpis if kpi.history is not None}
    return list(({"active_users": report.adoption.people} | histories).values())


def _feature_kpis(feature: Feature) -> Iterable[Kpi]:
    """Return the KPIs of a feature without duplicates."""
    return {kpi.key: kpi for kpi in (feature.people, feature.volume, feature.per_user, *feature.kpis)}.values()


def _history_columns(series: Series, months: list[str], language: Language) -> list[tuple[Column, Row]]:
    """Return the numbers of a series, and their states if any is not measured or the series has a method change."""
    points = {point.period: point for point in series.points}
    row_points = [points.get(month) for month in months]
    currency = next((point.figure.currency for point in series.points if point.figure.currency), "")
    label = language.translate("workbook.with_unit", label=series.label, unit=currency or series.unit)
    columns: list[tuple[Column, Row]] = [
        (Column(label, 15), [value_cell(point.figure, language) if point else None for point in row_points])
    ]
    if series.breaks or any(point.figure.state is not State.MEASURED for point in series.points):
        heading = Column(language.translate("workbook.state_of", label=series.label), 14)
        columns.append((heading, [_state(point, series, language) if point else None for point in row_points]))
    return columns


def _state(point: Point, series: Series, language: Language) -> Cell:
    word = language.translate(f"state.{point.figure.state}")
    if point.period in series.breaks:
        word = f"{word}, {language.translate('chart.break')}"
    return word if point.figure.state is State.MEASURED else Missing(word)


def _reasons(histories: list[Series], months: list[str]) -> Row:
    """Return the reasons for partial and missing figures of each month, each reason once."""
    points = [point for series in histories for point in series.points if point.figure.reason]
    return [
        " ".join(dict.fromkeys(point.figure.reason for point in points if point.period == month)) for month in months
    ]


def _chart_columns(series: Series, months: list[str], language: Language) -> list[Row]:
    """Return the numbers of a series for a chart: one column for each counting method, blank if there is no number."""
    points = {point.period: point.figure for point in series.points}
    starts = ["", *(period for period in sorted(series.breaks) if period in points)]
    columns: list[Row] = [[None] * len(months) for _ in starts]
    for at, month in enumerate(months):
        value = points[month].value if month in points else None
        column = sum(start <= month for start in starts) - 1
        columns[column][at] = None if value is None else Typed(value, count_format(value, language))
    return columns


def _add_endpoints(book: Spreadsheet, report: MonthlyReport, language: Language) -> None:
    widths = {
        "part": 22,
        "name": 30,
        "result": 14,
        "explanation": 62,
        "path": 40,
        "answers": 10,
        "rows": 9,
        "fetched_at": 17,
    }
    rows: list[Row] = []
    for line in report.data_quality.data_sources:
        counts: Row = [_count(line.requests, language), None if line.rows is None else _count(line.rows, language)]
        state = language.translate(f"report.{line.state.replace(' ', '_')}")
        rows.append(
            [
                *(language.translate("report.data_sources"), line.endpoint, state, line.reason, line.path),
                *(*counts, instant_cell(line.ended_at, language)),
            ]
        )
    empty: Row = [None] * 4
    for check in report.data_quality.checks:
        result = language.translate(f"report.{check.result.replace(' ', '_')}")
        rows.append([language.translate("report.checks"), check.name, result, check.sentence, *empty])
    rows += [[language.translate("report.notes"), None, None, note, *empty] for note in report.data_quality.notes]
    columns = [Column(language.translate(f"workbook.{key}"), width) for key, width in widths.items()]
    book.add(language.translate("workbook.data_sources"), report.data_quality.summary, columns, rows)


def _count(value: int, language: Language) -> Typed:
    return Typed(value, count_format(value, language))


def _add_definitions(book: Spreadsheet, report: MonthlyReport, language: Language) -> None:
    widths = {"term": 34, "meaning": 80, "source": 60}
    columns = [Column(language.translate(f"workbook.{key}"), width) for key, width in widths.items()]
    rows: list[Row] = [
        [definition.term, definition.meaning, definition.source] for definition in report.data_quality.definitions
    ]
    book.add(language.translate("workbook.definitions"), language.translate("report.definitions"), columns, rows)
