"""The workbook, read back as an analyst's program reads it."""

import hashlib
import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from openpyxl.cell import Cell
from openpyxl.utils import column_index_from_string
from openpyxl.worksheet.worksheet import Worksheet
from sample_report import FETCHED, MONTH, SOURCE, figure, sample_report, series

from tabnine_report.model.data_quality import ChangedFigure, RevisionChanges
from tabnine_report.model.figure import Figure, State, Unit, ratio
from tabnine_report.model.findings import Finding, Note
from tabnine_report.model.kpi import Kpi
from tabnine_report.model.report import MonthlyReport
from tabnine_report.model.sections import Adoption, Fact, FunnelStep
from tabnine_report.model.series import Point
from tabnine_report.render.template_environment import language_of
from tabnine_report.render.workbook.figure_cells import change_cell, value_cell
from tabnine_report.render.workbook.spreadsheet import Typed
from tabnine_report.render.workbook.workbook import workbook

HEADINGS = 5
SHEETS = [
    *("Summary", "Highlights and actions", "Adoption", "Feature usage", "History"),
    *("Teams", "Seats, license and spend", "Governance", "Sources and checks", "Definitions"),
]
GONE = {State.UNAVAILABLE: "unavailable", State.DISCONTINUED: "discontinued"}
GONE[State.SUPPRESSED] = "not shown: too few people"
FROZEN = dict.fromkeys(("Summary", "Adoption", "Feature usage", "Seats, license and spend", "Governance"), "C6")
FROZEN |= dict.fromkeys(("History", "Teams"), "B6")
HOSTILE = ["=cmd|'/C calc'!A0", "+1", "-1", "@SUM(A1)", "http://x.example", "{=1+1}", "1", "_x0041_", "&D &[Page]"]

AGAIN = """
import hashlib, sys
from pathlib import Path
from tabnine_report.render.template_environment import language_of
from tabnine_report.render.workbook.workbook import workbook
from tabnine_report.model.report import MonthlyReport

report = MonthlyReport.model_validate_json(Path(sys.argv[1]).read_bytes())
print(hashlib.sha256(workbook(report, language_of(report))).hexdigest())
"""


def made(report: MonthlyReport) -> bytes:
    return workbook(report, language_of(report))


def opened(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(content))


def rows(sheet: Worksheet) -> list[dict[str, Cell]]:
    """Return the rows of a sheet's table, each cell by its column's heading."""
    headings = [str(cell.value) for cell in sheet[HEADINGS]]
    return [dict(zip(headings, row, strict=True)) for row in sheet.iter_rows(min_row=HEADINGS + 1)]


def row(sheet: Worksheet, label: str) -> dict[str, Cell]:
    return next(one for one in rows(sheet) if one["Metric"].value == label)


def texts(book: openpyxl.Workbook) -> Iterator[Cell]:
    for sheet in book:
        for line in sheet.iter_rows():
            yield from (cell for cell in line if isinstance(cell.value, str))


@pytest.fixture(scope="module")
def content(documents: dict[str, bytes]) -> bytes:
    return documents["full/report.xlsx"]


@pytest.fixture(scope="module")
def book(content: bytes) -> openpyxl.Workbook:
    return opened(content)


def test_every_section_has_a_sheet_with_owner_status_and_sentence(book: openpyxl.Workbook) -> None:
    assert book.sheetnames == SHEETS
    for sheet in book:
        assert sheet["A1"].value == "ACME"
        assert sheet["A2"].value == (
            "Tabnine usage · October 2026 · revision 1 · PARTIAL · data as of 2 November 2026, 07:00 · "
            "times in Europe/Berlin"
        )
    assert book["Summary"]["A3"].value == sample_report().headline
    assert book["Adoption"]["A3"].value == sample_report().adoption.title


def test_a_figure_is_a_number_in_its_units_format_with_its_details(
    book: openpyxl.Workbook,
) -> None:
    people = row(book["Summary"], "Active users")

    assert {heading: cell.value for heading, cell in people.items()} == {
        "Section": "Key figures",
        "Metric": "Active users",
        "Key": "active_users",
        "Value": 412,
        "Unit": "people",
        "Status": "measured",
        "Change": 23,
        "Percent change": pytest.approx(23 / 389, rel=1e-15),
        "Compared with": datetime(2026, 9, 1),  # noqa: DTZ001 - a cell has no zone
        "Note": "92.2% of 447 accounts",
        "Reason": None,
        "About the change": None,
        "As of": None,
        "Endpoint": "/api/v2/organization/usage",
        "Field": "activeUsers",
        "Formula": None,
        "Period": "2026-10",
    }
    assert people["Value"].number_format == "#,##0"
    assert people["Change"].number_format == "+#,##0;-#,##0;#,##0"
    assert people["Percent change"].number_format == "+#,##0.0%;-#,##0.0%;#,##0.0%"
    assert people["Compared with"].number_format == "mmm yyyy"


def test_a_share_is_a_percentage_and_its_change_is_in_points(book: openpyxl.Workbook) -> None:
    stickiness = row(book["Adoption"], "Stickiness")

    assert stickiness["Value"].value == pytest.approx(236 / 412, rel=1e-15)
    assert stickiness["Value"].number_format == "#,##0.0%"
    assert stickiness["Change"].value == pytest.approx(7 / 412, rel=1e-12)
    assert stickiness["Change"].number_format == '+#,##0.0% "points";-#,##0.0% "points";#,##0.0% "points"'


def test_as_of_figures_have_their_instant_in_local_time(book: openpyxl.Workbook) -> None:
    seats = row(book["Seats, license and spend"], "Seats bought")

    assert seats["As of"].value == datetime(2026, 11, 2, 7)  # noqa: DTZ001 - a cell has no zone
    assert seats["As of"].number_format == "yyyy-mm-dd hh:mm"


def test_a_figure_without_a_value_is_the_word_for_its_state_with_the_reason(book: openpyxl.Workbook) -> None:
    gone, missing = (
        row(book["Feature usage"], "Productivity factor"),
        row(book["Seats, license and spend"], "Accounts in teams"),
    )

    assert (gone["Value"].value, gone["Status"].value) == ("discontinued", "discontinued")
    assert gone["Reason"].value == "Tabnine discontinued this factor with version 6.2."
    assert (missing["Value"].value, missing["Status"].value) == ("unavailable", "unavailable")
    assert missing["Reason"].value == "The API returns only today's teams, and the month ended long ago."


def test_a_partial_figure_is_a_number_marked_as_partial(book: openpyxl.Workbook) -> None:
    unused = row(book["Seats, license and spend"], "Inactive accounts")

    assert (unused["Value"].value, unused["Status"].value) == (35, "partial")
    assert unused["Reason"].value == "At least: accounts deactivated during the month may have been active."


def test_every_kpi_has_the_values_of_the_model(report: MonthlyReport, book: openpyxl.Workbook) -> None:
    told = {
        "Summary": report.page_one_kpis,
        "Adoption": report.adoption.kpis,
        "Feature usage": [
            *(one for feature in report.feature_usage.features for one in feature.kpis),
            *report.feature_usage.factors,
        ],
        "Seats, license and spend": [*report.seats.kpis, *report.seats.accounts],
    }
    for name, kpis in told.items():
        found = {one["Key"].value: one for one in rows(book[name]) if one["Key"].value}
        assert list(found) == [kpi.key for kpi in kpis]
        for kpi in kpis:
            same(found[kpi.key]["Value"], kpi.figure)
            if kpi.change is not None:
                same(found[kpi.key]["Change"], kpi.change.absolute)
                same(found[kpi.key]["Percent change"], kpi.change.relative)


def test_funnel_and_days_have_the_values_of_the_model(report: MonthlyReport, book: openpyxl.Workbook) -> None:
    told = rows(book["Adoption"])[len(report.adoption.kpis) :]
    funnel = [part for step in report.adoption.funnel for part in (step.figure, step.share)]
    days = report.adoption.daily.points

    for line, one in zip(told, [*funnel, *(point.figure for point in days)], strict=True):
        same(line["Value"], one)
    dates = [line["Metric"] for line in told[len(funnel) :]]
    assert [cell.value.date() for cell in dates] == [date.fromisoformat(point.period) for point in days]
    assert {cell.number_format for cell in dates} == {"yyyy-mm-dd"}
    assert told[len(funnel) + 2]["Note"].value == "day off"


def test_the_figures_of_a_finding_are_beside_its_sentence(report: MonthlyReport, book: openpyxl.Workbook) -> None:
    found = [line for line in rows(book["Summary"]) if line["Section"].value == "Highlights of October 2026"]

    assert [line["Note"].value for line in found] == [finding.sentence for finding in report.findings]
    assert [(line["Metric"].value, line["Value"].value) for line in found] == [("Active users", 412)] * 3


def same(cell: Cell, one: Figure) -> None:
    """Compare a cell with a figure of the model."""
    if one.value is None:
        assert cell.value == GONE[one.state]
    else:
        assert isinstance(cell.value, int | float)
        assert cell.value == pytest.approx(one.value, rel=1e-15)


def test_the_history_has_rows_for_months_and_columns_for_kpis(report: MonthlyReport, book: openpyxl.Workbook) -> None:
    told = rows(book["History"])
    features = [one for feature in report.feature_usage.features for one in feature.kpis]
    kpis = {one.key: one for one in (*report.page_one_kpis, *report.adoption.kpis, *features, *report.seats.kpis)}

    assert [line["Month"].value.date() for line in told] == [month.first_day for month in MONTH.last(13)]
    histories = [one.history for one in kpis.values() if one.history is not None]
    assert len(histories) == 17
    columns = [column[HEADINGS - 1 :] for column in book["History"].iter_cols(max_row=HEADINGS + 13)]
    numbers = [cells for heading, *cells in columns if str(heading.value).endswith(")")]
    headings = [str(heading.value) for heading, *_ in columns if str(heading.value).endswith(")")]
    assert headings == [f"{history.label} ({history.unit})" for history in histories]
    for cells, history in zip(numbers, histories, strict=True):
        for cell, point in zip(cells, history.points, strict=True):
            same(cell, point.figure)


def test_the_history_marks_states_and_method_changes(book: openpyxl.Workbook) -> None:
    told = rows(book["History"])

    assert "Active users: status" not in told[0]
    assert [line["Users of agent: status"].value for line in told[3:5]] == ["unavailable", "measured"]
    assert told[3]["Users of agent (people)"].value == "unavailable"
    assert told[7]["Messages: status"].value == "partial, method change"
    assert told[7]["Reason"].value == "The counting method changed in this month."
    assert told[3]["Reason"].value == "Tabnine did not count this before version 5.9."


def test_the_chart_has_gaps_for_missing_values_and_no_line_across_a_method_change() -> None:
    values: list[int | None] = [*range(300, 305), None, *range(306, 313)]
    people = series("Active users", Unit.PEOPLE, values, breaks=("2026-08",))
    adoption = sample_report().adoption.model_copy(update={"people": people})
    content = made(sample_report(adoption=adoption))
    sheet = opened(content)["History"]

    (chart,) = sheet._charts
    drawn = [
        [cell.value for (cell,) in sheet[line.val.numRef.f.split("!")[1].replace("$", "")]] for line in chart.series
    ]
    assert drawn == [
        [*range(300, 305), None, *range(306, 310), None, None, None],
        [*[None] * 10, *range(310, 313)],
    ]
    assert chart.display_blanks == "gap"
    assert parts(content, rb'plotVisOnly val="1"') == []


def test_sheets_have_frozen_headings_filters_and_print_titles(book: openpyxl.Workbook) -> None:
    for sheet in book:
        assert sheet.freeze_panes == FROZEN.get(sheet.title, "A6")
        assert re.match(r"A5:[A-Z]+\d+$", sheet.auto_filter.ref)
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert sheet.print_title_rows == "$1:$5"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToWidth or 1) == (2 if sheet.title == "History" else 1)
        assert sheet.oddHeader.left.text == "PARTIAL · ACME · October 2026 · revision 1"
        assert sheet.oddFooter.right.text == "page &P / &N"


def test_printed_pages_are_legible(book: openpyxl.Workbook) -> None:
    for sheet in book:
        pages = sheet.page_setup.fitToWidth or 1
        last = re.fullmatch(r"'?[^']+'?!\$A\$1:\$([A-Z]+)\$\d+", sheet.print_area)
        assert last
        columns = [sheet.column_dimensions[one.column_letter] for one in sheet[HEADINGS]]
        printed = columns[: column_index_from_string(last[1])]
        assert sum(column.width for column in printed if not column.hidden) / pages < 250


def test_amounts_have_their_currency_in_the_cell_and_a_change_its_sign() -> None:
    language = language_of(sample_report())
    assert value_cell(Figure.money(1264.36, "USD"), language) == Typed(1264.36, "[$USD]\\\N{NO-BREAK SPACE}#,##0.00")
    assert change_cell(Figure.money(-3, "EUR"), language) == Typed(
        -3, "+[$EUR]\\\N{NO-BREAK SPACE}#,##0.00;-[$EUR]\\\N{NO-BREAK SPACE}#,##0.00;[$EUR]\\\N{NO-BREAK SPACE}#,##0.00"
    )


def test_a_revision_has_a_sheet_of_every_figure_that_it_changed() -> None:
    before = figure(409, Unit.PEOPLE)
    changed = ChangedFigure(
        label="Active users", before=before.partial("A day is missing."), now=figure(412, Unit.PEOPLE)
    )
    gone = ChangedFigure(label="Seats", before=figure(520, Unit.SEATS), now=figure(None, Unit.SEATS))
    revision_changes = RevisionChanges(revision=1, sentence="Two figures changed.", figures=(changed, gone))

    sheet = opened(made(sample_report(revision=2, revision_changes=revision_changes)))["Changed figures"]

    assert sheet["A3"].value == "Figures changed since revision 1"
    assert [tuple(cell.value for cell in line) for line in sheet.iter_rows(min_row=HEADINGS + 1)] == [
        ("Active users", 409, "partial", 412, "measured", "people"),
        ("Seats", 520, "measured", "unavailable", "unavailable", "seats"),
    ]


def test_every_sheet_of_a_draft_is_marked() -> None:
    for sheet in opened(made(sample_report(draft=True, complete=True))):
        assert "· DRAFT · complete ·" in sheet["A2"].value
        assert sheet.oddHeader.left.text == "DRAFT · ACME · October 2026"


def test_the_properties_have_title_author_and_date(book: openpyxl.Workbook) -> None:
    properties = book.properties

    assert properties.title == "ACME · Tabnine usage · October 2026"
    assert properties.creator == "tabnine-report 0.1.0"
    assert properties.created == properties.modified == FETCHED.astimezone(UTC).replace(tzinfo=None)


@pytest.mark.parametrize(
    "text", [*HOSTILE, "שלום مرحبا 株式会社 नमस्ते", "x" * 40_000, "\U00020000" * 40_000, "a\x00\x1b\ufffe\r\nb"]
)
def test_data_is_always_written_as_text(text: str) -> None:
    content = made(hostile(text))
    book = opened(content)

    shown = [str(cell.value) for cell in texts(book)]
    assert [cell.coordinate for cell in texts(book) if cell.data_type != "s" or cell.hyperlink] == []
    assert max(len(value.encode("utf-16-le")) // 2 for value in shown) <= 32_767
    assert parts(content, rb"<f[ >/]|hyperlink|externalLink") == []
    if text in HOSTILE:
        assert shown.count(text) >= 10
    if "\x00" in text:
        assert "a b" in shown
    assert book.sheetnames == SHEETS


def test_findings_actions_and_note_have_a_sheet(book: openpyxl.Workbook) -> None:
    lines = rows(book["Highlights and actions"])

    assert [line["Section"].value for line in lines] == [
        *["Highlights of October 2026"] * 3,
        *["Recommended actions"] * 2,
        *("Status of last month's actions", "Note:"),
    ]
    action, followed, note = lines[3], lines[5], lines[6]
    assert (action["Rule"].value, action["Owner"].value, action["Due date"].value, action["Value"].value) == (
        *("renew_fewer_seats", "License owner", datetime(2026, 12, 31)),  # noqa: DTZ001 - a cell has no zone
        73,
    )
    assert (followed["Result"].value, followed["Value"].value) == ("open", 35)
    assert note["Text"].value == "Note (J. B.): Warsaw joined on 12 October."


def hostile(text: str) -> MonthlyReport:
    """Return a report with a text in every place that data or a sentence can reach."""
    report = sample_report()
    one = Kpi(key=text, label=text, figure=Figure.unavailable(Unit.SHARE, text), note=text)
    told = series(text, Unit.PEOPLE, [*range(13)])
    whole = figure(1, Unit.PEOPLE)
    adoption = Adoption(
        title=text,
        funnel=(FunnelStep(label=text, figure=whole, share=ratio(whole, whole, if_zero="It is 0."), drop=text),),
        people=told,
        accounts=told,
        daily=told.model_copy(update={"points": (Point(period="2026-10-01", figure=whole),)}),
        days_off=(),
        kpis=(one,),
    )
    return sample_report(
        organization=report.organization.model_copy(update={"name": text}),
        title=text,
        headline=text,
        page_one_kpis=(one,),
        findings=(Finding(rule=text, sentence=text, figures={text: whole}),),
        recommended_actions=(
            report.recommended_actions[0].model_copy(update={"rule": text, "who": text, "sentence": text}),
        ),
        note=Note(text=text, author=text),
        adoption=adoption,
        seats=report.seats.model_copy(update={"title": text, "license": (Fact(label=text, text=text),)}),
        data_quality=report.data_quality.model_copy(update={"summary": text, "notes": (text,)}),
    )


def parts(content: bytes, pattern: bytes) -> list[str]:
    """Return the parts of the file in which a pattern is found."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return [name for name in archive.namelist() if re.search(pattern, archive.read(name))]


def test_the_workbook_contains_no_formula(content: bytes) -> None:
    assert parts(content, rb"<f[ >/]") == []
    assert parts(content, rb"<v>") != []


@pytest.mark.parametrize("seed", ["1", "4711"])
def test_another_process_gives_the_same_bytes_whatever_the_order_of_keys(tmp_path: Path, seed: str) -> None:
    figures = {"unused": figure(108, Unit.SEATS), "active_users": figure(412, Unit.PEOPLE)}
    report = sample_report(findings=(Finding(rule="unused", sentence="Seats went unused.", figures=figures),))
    model = tmp_path / "report.json"
    model.write_text(json.dumps(report.model_dump(mode="json"), sort_keys=True), encoding="utf-8")

    again = subprocess.run(
        [sys.executable, "-c", AGAIN, str(model)],
        env={**os.environ, "PYTHONHASHSEED": seed, "TZ": "Asia/Tokyo"},
        check=True,
        capture_output=True,
        text=True,
    )

    assert again.stdout.strip() == hashlib.sha256(made(report)).hexdigest()


def test_an_almost_empty_report_has_a_workbook() -> None:
    report = sample_report()
    nobody = series("Active users", Unit.PEOPLE, [None] * 13)
    few = sample_report(
        page_one_kpis=(),
        findings=(),
        month_summary="October was an ordinary month.",
        adoption=Adoption(
            title="",
            funnel=(),
            people=nobody.model_copy(update={"points": ()}),
            accounts=nobody.model_copy(update={"points": ()}),
            daily=nobody.model_copy(update={"points": ()}),
            days_off=(),
            kpis=(),
        ),
        feature_usage=report.feature_usage.model_copy(update={"features": (), "factors": ()}),
        seats=report.seats.model_copy(update={"kpis": (), "license": (), "accounts": ()}),
    )

    book = opened(made(few))

    assert book.sheetnames == SHEETS
    assert [line["Note"].value for line in rows(book["Summary"])] == ["October was an ordinary month."]


def test_the_value_cell_has_the_word_for_every_state() -> None:
    suppressed = Figure(
        value=None, unit=Unit.PEOPLE, state=State.SUPPRESSED, reason="Fewer than 5 people.", source=SOURCE
    )
    tile = Kpi(key="active_users", label="Active users", figure=suppressed)

    (line, *_) = rows(opened(made(sample_report(page_one_kpis=(tile,))))["Summary"])

    assert line["Value"].value == "not shown: too few people"
    assert line["Reason"].value == "Fewer than 5 people."


def test_every_team_has_a_row_with_its_name_as_text() -> None:
    report = sample_report()
    assert report.teams is not None
    (first, *others), name = report.teams.rows, "=1+1"
    partial = first.model_copy(update={"name": name, "people": first.people.partial("A day is missing.")})
    teams = report.teams.model_copy(update={"rows": (partial, *others)})

    lines = rows(opened(made(sample_report(teams=teams)))["Teams"])

    combined = [group.label for group in (teams.smaller, teams.no_team) if group]
    assert [line["Team"].value for line in lines][: len(teams.rows) + len(combined)] == [
        name,
        *(row.name for row in others),
        *combined,
    ]
    of_first = lines[0]
    assert of_first["Team"].data_type == "s"
    assert (of_first["Members"].value, of_first["Active users"].value) == (first.members.value, first.people.value)
    assert (of_first["Active users: status"].value, of_first["Reason"].value) == ("partial", "A day is missing.")
