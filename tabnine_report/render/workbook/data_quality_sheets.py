"""Build the workbook's sheets on data quality: data sources with cross-checks and notes, and the definitions."""

from collections.abc import Iterator

from tabnine_report.model.data_quality import CheckResult, DataQuality
from tabnine_report.render.workbook.cells import Column, Row, Sheet, Text
from tabnine_report.render.workbook.figure_cells import count_cell, instant_cell
from tabnine_report.text.i18n import Language

_SOURCES = {
    "part": 22,
    "name": 34,
    "result": 14,
    "explanation": 70,
    "path": 40,
    "answers": 12,
    "rows": 10,
    "fetched_at": 17,
}
_COUNTS = {"answers", "rows"}
_DEFINITIONS = {"term": 36, "meaning": 90, "source": 70}
_KEY_WIDTH = 30


def sources_sheet(data_quality: DataQuality, language: Language) -> Sheet:
    """Return one row for each data source, cross-check and note."""
    return Sheet(
        name=language.translate("workbook.data_sources"),
        sentence=data_quality.summary,
        columns=[
            Column(language.translate(f"workbook.{key}"), width, right=key in _COUNTS)
            for key, width in _SOURCES.items()
        ],
        rows=list(_source_rows(data_quality, language)),
        fixed=2,
    )


def _source_rows(data_quality: DataQuality, language: Language) -> Iterator[Row]:
    translate = language.translate
    for line in data_quality.data_sources:
        state = translate(f"report.{line.state.replace(' ', '_')}")
        yield [
            *(translate("report.data_sources"), line.endpoint),
            Text(state, "warning") if line.state == "failed" else state,
            *(line.reason, line.path, count_cell(line.requests, language)),
            None if line.rows is None else count_cell(line.rows, language),
            instant_cell(line.ended_at, language),
        ]
    for check in data_quality.checks:
        result = translate(f"report.{check.result.replace(' ', '_')}")
        shown = Text(result, "warning") if check.result is CheckResult.DIFFERS else result
        yield [translate("report.checks"), check.name, shown, check.sentence]
    for note in data_quality.notes:
        yield [translate("report.notes"), None, None, note]


def definitions_sheet(data_quality: DataQuality, language: Language) -> Sheet:
    """Return the definition and the source of every term, with the key that the other sheets have for its metric."""
    return Sheet(
        name=language.translate("workbook.definitions"),
        sentence=language.translate("report.definitions"),
        columns=[
            *(Column(language.translate(f"workbook.{key}"), width) for key, width in _DEFINITIONS.items()),
            Column(language.translate("workbook.key"), _KEY_WIDTH, printed=False),
        ],
        rows=[[one.term, one.meaning, one.source, one.key] for one in data_quality.definitions],
        fixed=1,
    )
