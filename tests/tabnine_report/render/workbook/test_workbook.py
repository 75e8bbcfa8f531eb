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
from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.worksheet.worksheet import Worksheet
from sample_report import DECIDED, FETCHED, SOURCE, figure, governance, sample_report, series

from tabnine_report.model.answers import Note
from tabnine_report.model.data_quality import ChangedFigure, RevisionChanges
from tabnine_report.model.estimate import Estimate
from tabnine_report.model.figure import Figure, State, Unit, ratio
from tabnine_report.model.findings import Finding
from tabnine_report.model.kpi import Kpi, Target
from tabnine_report.model.report import MonthlyReport
from tabnine_report.model.sections import Adoption, Fact, FunnelStep, SeatOutlook
from tabnine_report.model.series import Point
from tabnine_report.render.template_environment import language_of
from tabnine_report.render.workbook.cells import Typed
from tabnine_report.render.workbook.figure_cells import change_cell, value_cell
from tabnine_report.render.workbook.workbook import workbook

HEADINGS = 5
SHEETS = ["Summary", "Metrics", "Months", "Days", "Teams", "Governance", "Data quality", "Definitions"]
GONE = {State.UNAVAILABLE: "unavailable", State.DISCONTINUED: "discontinued"}
GONE[State.SUPPRESSED] = "not shown: too few people"
FROZEN = {"Metrics": "C6", "Governance": "C6", "Data quality": "C6", "Months": "D6"}
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
def content(report: MonthlyReport) -> bytes:
    return made(report)


@pytest.fixture(scope="module")
def book(content: bytes) -> openpyxl.Workbook:
    return opened(content)


def test_every_sheet_has_title_sentence_and_status(book: openpyxl.Workbook) -> None:
    assert book.sheetnames == SHEETS
    for sheet in book:
        assert sheet["A1"].value == "ACME · Tabnine usage · October 2026"
        assert sheet["A4"].value == (
            "PARTIAL · revision 1 · full edition · data as of 2 November 2026, 07:00 · times in Europe/Berlin · "
            "estimates in italics"
        )
    assert book["Summary"]["A2"].value == sample_report().headline
    assert book["Governance"]["A2"].value == governance().title


def test_the_first_sheet_has_page_one_with_the_month_before(report: MonthlyReport, book: openpyxl.Workbook) -> None:
    told = rows(book["Summary"])
    people = told[1]

    assert [told[at]["Metric"].value for at in range(5)] == [
        "Key figures",
        *(tile.label for tile in report.page_one_kpis),
    ]
    assert {heading: cell.value for heading, cell in people.items()} == {
        "Metric": "Active users",
        "October 2026": 412,
        "September 2026": 389,
        "Change": 23,
        "Percent change": pytest.approx(23 / 389, rel=1e-15),
        "Unit": "people",
        "Target": None,
        "Details": "92.2% of 447 accounts",
        "Key": "active_users",
    }
    assert people["Change"].number_format == "+#,##0;-#,##0;#,##0"


def test_the_first_sheet_has_a_group_for_use_seats_and_license(book: openpyxl.Workbook) -> None:
    told = [line["Metric"].value for line in rows(book["Summary"])]
    groups = [line["Metric"].value for line in rows(book["Summary"]) if line["Metric"].font.color.rgb == "FF3B4CCA"]

    assert groups == [
        *("Key figures", "Use", "Seats", "License"),
        *("Decisions", "Status of last month's actions", "Key changes in October 2026"),
    ]
    assert told[told.index("License") + 1] == "License issued"
    assert len([word for word in told if word == "Active users"]) == 1


def test_a_missed_target_and_a_partial_figure_are_marked() -> None:
    report = sample_report()
    tile = report.page_one_kpis[0]
    limit = Target(value=figure(450, Unit.PEOPLE), met=False, words="target of 450 missed")
    marked = tile.model_copy(
        update={
            "figure": tile.figure.partial("A day is missing."),
            "target": limit,
            "note": "92.2% of 447 accounts · target of 450 missed",
        }
    )

    line = rows(opened(made(sample_report(page_one_kpis=(marked,))))["Summary"])[1]

    assert (line["Target"].value, line["Target"].font.color.rgb) == ("target of 450 missed", "FFB23A0E")
    assert line["Details"].value == "92.2% of 447 accounts · partial · A day is missing."


def test_a_figure_is_a_number_in_its_units_format_with_its_details(
    book: openpyxl.Workbook,
) -> None:
    people = row(book["Metrics"], "Active users")

    assert {heading: cell.value for heading, cell in people.items()} == {
        "Section": "Adoption",
        "Metric": "Active users",
        "Key": "active_users",
        "Value": 412,
        "Unit": "people",
        "Status": "measured",
        "Change": 23,
        "Percent change": pytest.approx(23 / 389, rel=1e-15),
        "Change in a year": None,
        "Percent change in a year": None,
        "Compared with": datetime(2026, 9, 1),  # noqa: DTZ001 - a cell has no zone
        "Details": "at least one completion, chat or agent message",
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
    stickiness = row(book["Metrics"], "Stickiness")

    assert stickiness["Value"].value == pytest.approx(236 / 412, rel=1e-15)
    assert stickiness["Value"].number_format == "#,##0.0%"
    assert stickiness["Change"].value == pytest.approx(7 / 412, rel=1e-12)
    assert stickiness["Change"].number_format == '+#,##0.0% "points";-#,##0.0% "points";#,##0.0% "points"'


def test_as_of_figures_have_their_instant_in_local_time(book: openpyxl.Workbook) -> None:
    seats = row(book["Metrics"], "Seats bought")

    assert seats["As of"].value == datetime(2026, 11, 2, 7)  # noqa: DTZ001 - a cell has no zone
    assert seats["As of"].number_format == "yyyy-mm-dd hh:mm"


def test_a_figure_without_a_value_is_the_word_for_its_state_with_the_reason(book: openpyxl.Workbook) -> None:
    gone, missing = (
        row(book["Metrics"], "Productivity factor"),
        row(book["Metrics"], "Accounts in teams"),
    )

    assert (gone["Value"].value, gone["Status"].value) == ("discontinued", "discontinued")
    assert gone["Reason"].value == "Tabnine discontinued this factor with version 6.2."
    assert (missing["Value"].value, missing["Status"].value) == ("unavailable", "unavailable")
    assert missing["Reason"].value == "The API returns only today's teams, and the month ended long ago."


def test_a_partial_figure_is_a_number_marked_as_partial(book: openpyxl.Workbook) -> None:
    unused = row(book["Metrics"], "Inactive accounts")

    assert (unused["Value"].value, unused["Status"].value) == (35, "partial")
    assert unused["Reason"].value == "At least: accounts deactivated during the month may have been active."


def test_every_kpi_has_one_row_with_the_values_of_the_model(report: MonthlyReport, book: openpyxl.Workbook) -> None:
    found = [line for line in rows(book["Metrics"]) if line["Key"].value]
    kpis = sample_report().kpis()

    assert sorted(str(line["Key"].value) for line in found) == sorted(kpis)
    for line in found:
        kpi = kpis[str(line["Key"].value)]
        same(line["Value"], kpi.figure)
        if kpi.change is not None:
            same(line["Change"], kpi.change.absolute)
            same(line["Percent change"], kpi.change.relative)


def test_the_funnel_and_the_license_follow_the_metrics(report: MonthlyReport, book: openpyxl.Workbook) -> None:
    told = [line for line in rows(book["Metrics"]) if not line["Key"].value]
    shares = [line for line in told if line["Section"].value == "From seats to daily use"]

    for line, step in zip(shares, report.adoption.funnel, strict=True):
        same(line["Value"], step.share)
    assert ("License expires", "31 January 2027") in {(line["Metric"].value, line["Value"].value) for line in told}


def test_the_days_have_the_values_of_the_model(report: MonthlyReport, book: openpyxl.Workbook) -> None:
    told, days = rows(book["Days"]), report.adoption.daily.points

    for line, one in zip(told, days, strict=True):
        same(line["Daily active users"], one.figure)
    assert [line["Day"].value.date() for line in told] == [date.fromisoformat(point.period) for point in days]
    assert {line["Day"].number_format for line in told} == {"yyyy-mm-dd"}
    assert told[2]["Details"].value == "day off"


def same(cell: Cell, one: Figure) -> None:
    """Compare a cell with a figure of the model."""
    if one.value is None:
        assert cell.value == GONE[one.state]
    else:
        assert isinstance(cell.value, int | float)
        assert cell.value == pytest.approx(one.value, rel=1e-15)


def test_the_months_have_one_row_for_each_kpi_and_month(report: MonthlyReport, book: openpyxl.Workbook) -> None:
    told = rows(book["Months"])
    kpis = sample_report().kpis()
    expected = {
        (key, point.period): point.figure
        for key, kpi in kpis.items()
        for point in (kpi.history.points if kpi.history else [Point(period=report.month, figure=kpi.figure)])
    }
    found = {(str(line["Key"].value), f"{line['Month'].value:%Y-%m}"): line for line in told}

    assert list(told[0]) == [
        *("Month", "Key", "Metric", "Unit", "Value", "Status", "Reason", "Method change", "As of"),
    ]
    assert len(found) == len(told)
    assert found.keys() == expected.keys()
    for key, line in found.items():
        one = expected[key]
        if one.value is None:
            assert line["Value"].value is None
            assert line["Status"].value == GONE[one.state]
            assert line["Reason"].value == one.reason
        else:
            same(line["Value"], one)


def test_the_months_mark_states_and_method_changes(book: openpyxl.Workbook) -> None:
    told = {(line["Key"].value, f"{line['Month'].value:%Y-%m}"): line for line in rows(book["Months"])}
    at_the_change = told["chat_volume", "2026-05"]

    assert (at_the_change["Status"].value, at_the_change["Method change"].value) == ("partial", "method change")
    assert at_the_change["Reason"].value == "The counting method changed in this month."
    assert told["chat_volume", "2026-06"]["Method change"].value is None
    assert told["agent_users", "2026-01"]["Reason"].value == "Tabnine did not count this before version 5.9."
    assert {line["Month"].number_format for line in told.values()} == {"mmm yyyy"}


def test_headings_are_aligned_as_their_columns(book: openpyxl.Workbook) -> None:
    for sheet in book:
        for column in sheet.iter_cols(min_row=HEADINGS):
            heading, *cells = column
            numbers = [cell for cell in cells if isinstance(cell.value, int | float)]
            assert {cell.alignment.horizontal for cell in numbers} <= {heading.alignment.horizontal}, heading.value
            if numbers and sheet.title != "Governance":  # its values are words, too
                assert heading.alignment.horizontal == "right", heading.value


def test_sheets_have_frozen_headings_filters_and_print_titles(book: openpyxl.Workbook) -> None:
    for sheet in book:
        assert sheet.freeze_panes == FROZEN.get(sheet.title, "B6")
        last = get_column_letter(sheet.max_column)
        filters = None if sheet.title == "Summary" else f"A5:{last}{sheet.max_row}"
        assert sheet.auto_filter.ref == filters
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert sheet.print_title_rows == "$1:$5"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToWidth or 1) == 1
        assert sheet.oddHeader.left.text == "PARTIAL · ACME · October 2026 · revision 1"
        assert sheet.oddFooter.right.text == "page &P / &N"


def test_printed_pages_are_legible(book: openpyxl.Workbook) -> None:
    for sheet in book:
        last = re.fullmatch(r"'?[^']+'?!\$A\$1:\$([A-Z]+)\$\d+", sheet.print_area)
        assert last
        columns = [sheet.column_dimensions[one.column_letter] for one in sheet[HEADINGS]]
        printed = columns[: column_index_from_string(last[1])]
        assert sum(column.width for column in printed) < 250


def test_amounts_have_their_currency_in_the_cell_and_a_change_its_sign() -> None:
    language = language_of(sample_report())
    assert value_cell(Figure.money(1264.36, "USD"), language) == Typed(1264.36, "[$USD]\\\N{NO-BREAK SPACE}#,##0.00")
    assert value_cell(Figure.money(1264.36, "USD"), language, currency=False) == Typed(1264.36, "#,##0.00")
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

    assert (sheet["A2"].value, sheet["A3"].value) == ("Figures changed since revision 1", "Two figures changed.")
    assert [tuple(cell.value for cell in line) for line in sheet.iter_rows(min_row=HEADINGS + 1)] == [
        ("Active users", 409, "partial", 412, "measured", "people"),
        ("Seats", 520, "measured", "unavailable", "unavailable", "seats"),
    ]


def test_every_sheet_of_a_draft_is_marked() -> None:
    for sheet in opened(made(sample_report(draft=True, complete=True))):
        assert sheet["A4"].value.startswith("DRAFT · full edition · data as of")
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


def test_the_first_sheet_ends_with_actions_key_changes_and_note(book: openpyxl.Workbook) -> None:
    lines = rows(book["Summary"])
    start = [line["Metric"].value for line in lines].index("Decisions")
    heading, action, _, _, followed, _, *changes, note = lines[start:]

    assert (heading["September 2026"].value, heading["Change"].value) == ("Due date", "Owner")
    assert action["September 2026"].value == datetime(2026, 12, 31)  # noqa: DTZ001 - a cell has no zone
    assert (action["Metric"].value, action["October 2026"].value, action["Change"].value) == (
        "How many seats to renew on 31 December 2026?",
        "up to EUR 2,847",
        "License owner",
    )
    reason = action["Target"].value
    assert reason.startswith("73 of 520 seats are unassigned; ")
    assert reason.endswith(" At stake: up to EUR 2,847 a month from renewal, for 73 fewer seats.")
    assert (followed["October 2026"].value, followed["Target"].value) == (
        "open",
        DECIDED,
    )
    assert [(line["Metric"].value, line["October 2026"].value) for line in changes] == [
        (finding.claim, finding.evidence) for finding in sample_report().findings
    ]
    assert (note["Metric"].value, note["October 2026"].value) == ("Note (J. B.):", "Warsaw joined on 12 October.")


def hostile(text: str) -> MonthlyReport:
    """Return a report with a text in every place that data or a sentence can reach."""
    report = sample_report()
    one = Kpi(key=text, label=text, figure=Figure.unavailable(Unit.SHARE, text), note=text)
    told = series(text, Unit.PEOPLE, [*range(13)])
    whole = figure(1, Unit.PEOPLE)
    adoption = Adoption(
        title=text,
        funnel=(FunnelStep(label=text, figure=whole, share=ratio(whole, whole, if_zero="It is 0."), drop=text),),
        active_users=told,
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
        findings=(Finding(rule=text, claim=text, evidence=text, figures={text: whole}),),
        recommended_actions=(
            report.recommended_actions[0].model_copy(update={"rule": text, "owner": text, "title": text}),
        ),
        note=Note(text=text, author=text),
        adoption=adoption,
        seats=report.seats.model_copy(update={"title": text, "license": (Fact(key="expires", label=text, text=text),)}),
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
    report = sample_report(
        findings=(Finding(rule="unused", claim="Seats went unused.", evidence="10 seats.", figures=figures),)
    )
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
            active_users=nobody.model_copy(update={"points": ()}),
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
    assert [line["Metric"].value for line in rows(book["Summary"])][-2:] == [
        "October was an ordinary month.",
        "Note (J. B.):",
    ]


def test_the_value_cell_has_the_word_for_every_state() -> None:
    suppressed = Figure(
        value=None, unit=Unit.PEOPLE, state=State.SUPPRESSED, reason="Fewer than 5 people.", source=SOURCE
    )
    tile = Kpi(key="active_users", label="Active users", figure=suppressed)

    line = rows(opened(made(sample_report(page_one_kpis=(tile,))))["Summary"])[1]

    assert line["October 2026"].value == "not shown: too few people"
    assert line["Details"].value == "Fewer than 5 people."


def test_every_team_has_a_row_with_its_name_as_text() -> None:
    report = sample_report()
    assert report.teams is not None
    (first, *others), name = report.teams.rows, "=1+1"
    partial = first.model_copy(update={"name": name, "active_users": first.active_users.partial("A day is missing.")})
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
    assert (of_first["Members"].value, of_first["Active users"].value) == (
        first.members.value,
        first.active_users.value,
    )
    assert (of_first["Active users: status"].value, of_first["Reason"].value) == ("partial", "A day is missing.")


def estimate(low: int | None, high: int | None) -> Estimate:
    change = figure(1, Unit.SEATS)
    return Estimate(
        key="free_seats",
        label="Free seats (estimate)",
        period="2027-02-01",
        low=figure(low, Unit.SEATS),
        high=figure(high, Unit.SEATS),
        lowest_change=change,
        highest_change=change,
        method="The seats minus the accounts.",
        record="In 3 of 4 past months, the actual value was within the estimated range.",
        tries=4,
        held=3,
    )


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (36, 60, [("Free seats (estimate), lowest", 36), ("Free seats (estimate), highest", 60)]),
        (36, 36, [("Free seats (estimate)", 36)]),
        (None, None, [("Free seats (estimate)", "unavailable")]),
    ],
)
def test_an_estimate_is_in_italics_with_its_record_or_its_reason(
    low: int | None, high: int | None, expected: list[tuple[str, object]]
) -> None:
    of_seats = estimate(low, high)
    outlook = SeatOutlook(date=date(2027, 2, 1), accounts=of_seats, free_seats=of_seats, short=figure(3, Unit.SEATS))
    seats = sample_report().seats.model_copy(update={"outlook": outlook})
    lines = rows(opened(made(sample_report(seats=seats)))["Summary"])
    found = [line for line in lines if str(line["Metric"].value).startswith("Free seats")]
    why = "within the estimated range." if low is not None else "version 5.9."

    assert [(line["Metric"].value, line["October 2026"].value) for line in found] == expected * 2
    assert {line["Metric"].font.i for line in found} == {True}
    assert {line["October 2026"].font.i for line in found} == {low is not None}
    assert all(str(line["Details"].value).endswith(why) for line in found)
    assert 3 in [line["October 2026"].value for line in lines if "Missing seats" in str(line["Metric"].value)]
