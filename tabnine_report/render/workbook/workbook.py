"""Build the workbook: page one as its first sheet, then every figure as a typed cell, with its reason and source."""

from collections.abc import Iterator

from tabnine_report.model.report import MonthlyReport
from tabnine_report.render.colors import palette
from tabnine_report.render.page_one_text import doubts, revision_label
from tabnine_report.render.template_environment import organization_name
from tabnine_report.render.workbook.cells import Sheet
from tabnine_report.render.workbook.data_quality_sheets import definitions_sheet, sources_sheet
from tabnine_report.render.workbook.governance_sheet import governance_sheet
from tabnine_report.render.workbook.metrics_sheet import metrics_sheet
from tabnine_report.render.workbook.models_sheet import models_sheet
from tabnine_report.render.workbook.months_sheet import days_sheet, months_sheet
from tabnine_report.render.workbook.revision_sheet import revision_sheet
from tabnine_report.render.workbook.spreadsheet import SheetHeader, Spreadsheet
from tabnine_report.render.workbook.summary_sheet import summary_sheet
from tabnine_report.render.workbook.teams_sheet import teams_sheet
from tabnine_report.text.i18n import Language


def workbook(report: MonthlyReport, language: Language) -> bytes:
    """Return the report as an XLSX file without formulas.

    The same report produces the same bytes.
    """
    book = Spreadsheet(
        _head(report, language),
        palette(report.accent),
        author=f"tabnine-report {report.program_version}",
        created=report.data_as_of,
    )
    for sheet in _sheets(report, language):
        book.add(sheet)
    return book.content()


def _sheets(report: MonthlyReport, language: Language) -> Iterator[Sheet]:
    """Yield the sheets that the edition has, without empty ones."""
    yield summary_sheet(report, language)
    yield metrics_sheet(report, language)
    yield months_sheet(report, language)
    yield days_sheet(report, language)
    if report.seats.agents and report.seats.agents.models:
        yield models_sheet(report.seats.agents, report.month_label, language)
    if report.teams is not None:
        yield teams_sheet(report.teams, language)
    if report.governance is not None:
        yield governance_sheet(report.governance, language)
    if report.revision_changes is not None and report.revision_changes.figures:
        yield revision_sheet(report.revision_changes, language)
    yield sources_sheet(report.data_quality, language)
    yield definitions_sheet(report.data_quality, language)


def _head(report: MonthlyReport, language: Language) -> SheetHeader:
    organization = organization_name(report)
    draft = language.translate("report.draft") if report.draft else ""
    flags = doubts(report, language)
    revision = revision_label(report, language)
    edition = language.translate("report.full_edition") if report.edition == "full" else ""
    status = (
        *(draft, *flags, revision, edition),
        language.translate("report.data_as_of", instant=language.instant(report.data_as_of)),
        language.translate("workbook.times", zone=report.time_zone),
        language.translate("workbook.italics"),
    )
    return SheetHeader(
        title=f"{organization} · {report.title} · {report.month_label}",
        status=" · ".join(filter(None, status)),
        warns=report.draft or bool(flags),
        running=" · ".join(filter(None, (draft, *flags, organization, report.month_label, revision))),
        page=language.translate("workbook.page"),
    )
