"""Every channel prints the figures of report.json in the formats of `tabnine_report.text`.

The report is that of a synthetic organization for the month in which version 2 of the API took over, so that figures
are measured, partial and missing. It has money, targets, teams, actions with their status, a note, and an earlier
revision.
"""

import asyncio
import html
import json
import math
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from io import BytesIO

import openpyxl
import pypdf
import pytest
from lxml import html as markup
from render_text import text_documents
from sample_money import seat_breakdown
from sample_report import sample_report
from sandbox_snapshot import snapshot_of

from tabnine_report.analysis.metric_definitions import IN_FULL_ONLY
from tabnine_report.analysis.report_assembly import build_report
from tabnine_report.model.answers import Note
from tabnine_report.model.edition import EDITIONS, Edition, document_of
from tabnine_report.model.figure import Figure, State
from tabnine_report.model.kpi import Kpi
from tabnine_report.model.month import Month
from tabnine_report.model.prior_reports import PriorReports
from tabnine_report.model.report import MonthlyReport
from tabnine_report.model.sections import TeamRow
from tabnine_report.profile.profile import Profile
from tabnine_report.render.documents import render_documents
from tabnine_report.render.page_one_text import tiles
from tabnine_report.render.prefect_markdown import markdown_summary
from tabnine_report.render.template_environment import language_of
from tabnine_report.render.workbook.workbook import workbook
from tabnine_report.sandbox.server import serve_sandbox
from tabnine_report.sandbox.world import World
from tabnine_report.text.i18n import Language
from tabnine_report.usage_api.snapshot import Failure, Snapshot

NOW = datetime(2026, 6, 2, 6, tzinfo=UTC)
HEADINGS = 5
Printed = Mapping[str, set[tuple[str, str]]]
"""Value and change as a channel prints them, by label."""


def profile(**wanted: object) -> Profile:
    return Profile.model_validate(
        {
            "name": "acme",
            "time_zone": "Europe/Berlin",
            "usage_api": {"base_url": "https://console.example", "token": "t0ken", "token_expires": "2026-06-20"},
            "report": {"seat_price": 39.93, "currency": "EUR"},
            "targets": {
                "adoption_rate": 0.85,
                "unassigned_seats": 4,
                "agent_spend_usd": 500,
                "notice_by": "2026-06-30",
            },
            "archive": {},
            **wanted,
        }
    )


def without(snapshot: Snapshot, endpoint: str) -> Snapshot:
    lost = Failure(error="ServerError", message="console.example returned 503.", status=503)
    failed = snapshot.fetches[endpoint].model_copy(update={"responses": (), "failure": lost})
    return snapshot.model_copy(update={"fetches": {**snapshot.fetches, endpoint: failed}})


@pytest.fixture(scope="module")
def snapshots() -> tuple[Snapshot, Snapshot]:
    """Return the responses for April and May."""
    with serve_sandbox(World(seed=11, users=120, teams=6), now=lambda: NOW) as sandbox:
        april, may = (asyncio.run(snapshot_of(Month(2026, month), sandbox, NOW)) for month in (4, 5))
    return april, may


@pytest.fixture(scope="module")
def before(snapshots: tuple[Snapshot, Snapshot]) -> MonthlyReport:
    """Return the report of April, which is complete."""
    return build_report(snapshots[0], profile(), revision=1, draft=False)


@pytest.fixture(scope="module")
def documents(snapshots: tuple[Snapshot, Snapshot], before: MonthlyReport) -> dict[str, bytes]:
    may = snapshots[1]
    first = build_report(without(may, "license"), profile(), revision=1, draft=False)
    prior_reports = PriorReports(previous_month=before, earlier_revision=first)
    note = Note(text="Warsaw joined on 12 May.", author="J. B.")
    report = build_report(may, profile(), revision=2, draft=False, prior_reports=prior_reports, note=note)
    return render_documents(report, editions=EDITIONS, link="https://reports.example/acme/2026-05/r2/report.html")


@pytest.fixture(scope="module")
def report(documents: dict[str, bytes]) -> MonthlyReport:
    return MonthlyReport.model_validate_json(documents["report.json"])


@pytest.fixture(scope="module")
def language(report: MonthlyReport) -> Language:
    return language_of(report)


def written(kpi: Kpi, language: Language, *, short: bool) -> tuple[str, str]:
    """Return value and change of a KPI as every channel must print them."""
    changed = ""
    if kpi.change is not None and kpi.figure.known:
        changed = language.change(kpi.change.absolute, kpi.change.relative, short=short)
    return sanitize(language.qualified(kpi.figure, short=short, aligned=True)), sanitize(changed)


def written_in_a_tile(kpi: Kpi, language: Language) -> tuple[str, str]:
    """Return value and change of a KPI as the tiles of HTML and PDF print them: `▲ 18 (5.6%)` for `+18 (+5.6%)`.

    A change that is not known has no words in a tile.
    """
    value, changed = written(kpi, language, short=True)
    if not changed or kpi.change is None or not kpi.change.absolute.known:
        return value, ""
    arrow = {"+": "▲ ", "−": "▼ ", "-": "▼ "}.get(changed[0], "")
    return value, arrow + re.sub(r"(^|\()[+−-]", r"\1", changed) if arrow else changed


def sanitize(text: str) -> str:
    return " ".join(text.split())


def texts(element: markup.HtmlElement) -> str:
    """Return the text of an element without the numbers of footnotes."""
    return sanitize(" ".join(element.xpath(".//text()[not(ancestor::sup)]")))


def shown(report: MonthlyReport) -> list[Kpi]:
    """Return the KPIs that the executive edition shows, which are those of the tables of KPIs in the HTML."""
    kpis = report.kpis().values()
    return [one for one in kpis if one.key not in IN_FULL_ONLY]


def of_html(documents: dict[str, bytes], edition: Edition) -> Printed:
    """Read the tables of KPIs in the disclosures of report.html, with rows of label, value and change."""
    printed: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    page = markup.fromstring(documents[document_of(edition, "report.html")].decode())
    for row in page.xpath("//details//table[contains(concat(' ', @class, ' '), ' measures ')]/tbody/tr[td]"):
        label, value, change, *_ = row
        printed[texts(label)].add((texts(value), texts(change)))
    return printed


def of_tiles(documents: dict[str, bytes], edition: Edition) -> Printed:
    """Read the tiles on page one of report.html."""
    printed: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    page = markup.fromstring(documents[document_of(edition, "report.html")].decode())
    for tile in page.xpath("//section[@id='summary']/ul[contains(concat(' ', @class, ' '), ' kpis ')]/li"):
        label, value, change = (tile.xpath(f"p[contains(@class, '{name}')]")[0] for name in ("name", "value", "change"))
        printed[texts(label)].add((texts(value), texts(change)))
    return printed


def of_pdf(documents: dict[str, bytes], edition: Edition) -> str:
    """Read the text of report.pdf."""
    pdf = pypdf.PdfReader(BytesIO(documents[document_of(edition, "report.pdf")]))
    return sanitize(" ".join(page.extract_text() for page in pdf.pages))


def of_email_html(documents: dict[str, bytes], edition: Edition) -> Printed:
    page = markup.fromstring(documents[document_of(edition, "email.html")].decode())
    printed: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    for cell in page.xpath("//td[@class='kpi'][p]"):
        label, value, *_ = cell
        change = cell.xpath("p[@class='change']")
        printed[texts(label)].add((texts(value), texts(change[0]) if change else ""))
    return printed


def of_email_text(documents: dict[str, bytes], edition: Edition) -> Printed:
    printed: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    for line in documents[document_of(edition, "email.txt")].decode().splitlines():
        label, *cells = re.split(r" {2,}", line)
        if label and cells:
            value, change = (*cells, "")[:2]
            printed[label].add((sanitize(value), sanitize(change)))
    return printed


def of_slack(documents: dict[str, bytes], edition: Edition) -> Printed:
    printed: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    message = json.loads(documents[document_of(edition, "slack.json")])
    for field in (field for block in message["blocks"] for field in block.get("fields", ())):
        first, label, *_ = html.unescape(field["text"]).split("\n")
        value, _, change = first.removeprefix("*").partition("*")
        printed[label].add((sanitize(value), sanitize(change)))
    return printed


Read = Callable[[dict[str, bytes], Edition], Printed]
CHANNELS: dict[str, Read] = {
    "email.html": of_email_html,
    "email.txt": of_email_text,
    "slack.json": of_slack,
}
BOTH = pytest.mark.parametrize("edition", EDITIONS)


def test_the_report_has_measured_partial_and_missing_figures_and_every_section(report: MonthlyReport) -> None:
    states = {tile.figure.state for tile in report.page_one_kpis}
    changes = {tile.change.absolute.known for tile in report.page_one_kpis if tile.change}

    assert states >= {State.MEASURED, State.PARTIAL, State.UNAVAILABLE}
    assert changes == {True, False}
    assert {tile.key for tile in report.page_one_kpis} >= {"active_users", "unused_seats", "seat_spend", "agent_spend"}
    assert [
        bool(part) for part in (report.recommended_actions, report.note, report.revision_changes, report.teams)
    ] == [True] * 4
    assert len([one for one in report.kpis().values() if one.target]) >= 3


@BOTH
@pytest.mark.parametrize("channel", CHANNELS)
def test_every_channel_prints_the_figures_of_page_one_alike(
    documents: dict[str, bytes], report: MonthlyReport, language: Language, channel: str, edition: Edition
) -> None:
    found = CHANNELS[channel](documents, edition)

    for tile in tiles(report):
        (printed,) = found[tile.label]
        assert printed == written_in_a_tile(tile, language)


@BOTH
def test_the_html_prints_the_same_figures_in_its_tiles(
    documents: dict[str, bytes], report: MonthlyReport, language: Language, edition: Edition
) -> None:
    found = of_tiles(documents, edition)

    assert len(tiles(report)) == 4
    assert found == {tile.label: {written_in_a_tile(tile, language)} for tile in tiles(report)}


def test_tiles_print_changes_with_an_arrow_instead_of_a_sign(before: MonthlyReport, language: Language) -> None:
    found = of_tiles({"report.html": text_documents(before)["report.html"].encode()}, "executive")

    expected = {tile.label: {written_in_a_tile(tile, language)} for tile in tiles(before)}
    assert found == expected
    assert [change for each in expected.values() for _, change in each if re.match(r"[▲▼] .*\d", change)]


@BOTH
def test_page_one_gives_the_value_of_every_kpi_that_has_no_tile(
    documents: dict[str, bytes], report: MonthlyReport, language: Language, edition: Edition
) -> None:
    html_pages = texts(markup.fromstring(documents[document_of(edition, "report.html")].decode()).find(".//main"))
    others = [kpi for kpi in report.page_one_kpis if kpi not in tiles(report)]

    assert {kpi.key for kpi in others} == {"seat_spend", "agent_spend"}
    for kpi in others:
        value, _ = written(kpi, language, short=True)
        assert value in html_pages
        assert value in of_pdf(documents, edition)


@BOTH
def test_every_table_of_the_html_prints_kpis_alike(
    documents: dict[str, bytes], report: MonthlyReport, language: Language, edition: Edition
) -> None:
    printed = of_html(documents, edition)

    assert {one.label: printed[one.label] for one in shown(report)} == {
        one.label: {written(one, language, short=False)} for one in shown(report)
    }


@BOTH
def test_the_pdf_prints_kpis_alike(
    documents: dict[str, bytes], report: MonthlyReport, language: Language, edition: Edition
) -> None:
    text = of_pdf(documents, edition)

    def stands(kpi: Kpi) -> bool:
        value, change = (re.escape(part) for part in written_in_a_tile(kpi, language))
        return bool(re.search(rf"{re.escape(kpi.label)} {value} ?{change}(?!\S*\d)", text))

    assert [tile.key for tile in tiles(report) if not stands(tile)] == []


@BOTH
def test_every_page_of_the_report_takes_one_sheet(documents: dict[str, bytes], edition: Edition) -> None:
    pdf = pypdf.PdfReader(BytesIO(documents[document_of(edition, "report.pdf")]))
    page = markup.fromstring(documents[document_of(edition, "report.html")].decode())

    assert len(pdf.pages) == len(page.xpath("//section[contains(concat(' ', @class, ' '), ' page ')]"))


@BOTH
def test_the_pdf_prints_every_number_of_the_pages_of_the_html(documents: dict[str, bytes], edition: Edition) -> None:
    number = re.compile(r"\d[\d.,]*(?<=\d)")
    page = markup.fromstring(documents[document_of(edition, "report.html")].decode())
    # The disclosures and some of the terms are only in the HTML; names and the text of charts are set in pieces.
    left_out = "self::details or self::dl or self::svg or self::bdi"
    parts = page.xpath(f"//section//text()[not(ancestor::*[{left_out}])]")
    found = {one for part in parts for one in number.findall(part)}

    assert len(found) > 80
    assert found - set(number.findall(of_pdf(documents, edition))) == set()


def cells(documents: dict[str, bytes], edition: Edition, name: str) -> Iterator[dict[str, object]]:
    """Yield the rows of KPIs of a sheet of the workbook, by heading."""
    sheet = openpyxl.load_workbook(BytesIO(documents[document_of(edition, "report.xlsx")]))[name]
    headings = [cell.value for cell in sheet[HEADINGS]]
    rows = sheet.iter_rows(min_row=HEADINGS + 1, values_only=True)
    yield from (row for cells in rows if (row := dict(zip(headings, cells, strict=True)))["Key"])


def of_team(row: TeamRow, report: MonthlyReport, language: Language) -> dict[str, str]:
    """Return a team's figures as HTML and PDF must print them, by the head of their column, which has the currency.

    The figures after the inactive accounts are those of which a column may be missing.
    """
    since = language.month_short(Month.parse(report.compared_with))
    figures = {
        "Members": row.members,
        "Active users": row.active_users,
        f"Since {since}": row.change.absolute,
        "Inactive": row.inactive,
        "EUR a month": row.inactive_spend,
        "Agents, USD": row.agent_spend,
        language.translate("report.team_adoption_rate"): row.share,
        language.translate("report.team_completions"): row.completions,
        language.translate("report.team_per_user"): row.per_user,
    }
    cells = {head: brief(figure, language) for head, figure in figures.items() if figure is not None}
    if row.change.absolute.known:
        absolute = row.change.absolute.model_copy()
        cells[f"Since {since}"] = sanitize(language.change(absolute, absolute.model_copy(update={"value": None})))
    return cells


def brief(figure: Figure, language: Language) -> str:
    """Return a figure without its currency; a dash if there is no number."""
    if not figure.known:
        return "–"
    return sanitize(language.value(figure, aligned=True)).removeprefix(f"{figure.currency} ").removesuffix(".00")


def of_teams(page: markup.HtmlElement, path: str) -> dict[str, dict[str, str]]:
    """Read a table of teams, which has heads in its first row: the cells of each team by their head."""
    (table,) = page.xpath(path)
    heads = [texts(head) for head in table.xpath("thead/tr/th")]
    rows = table.xpath("tbody/tr[th/bdi]")
    return {texts(row[0]): dict(zip(heads[1:], [texts(cell) for cell in row[1:]], strict=True)) for row in rows}


def test_html_and_pdf_of_the_full_edition_print_teams_alike(
    documents: dict[str, bytes], report: MonthlyReport, language: Language
) -> None:
    assert report.teams
    page = markup.fromstring(documents["full/report.html"].decode())
    short = of_teams(page, "//section[@id='teams']//table[contains(@class, 'teams')]")
    full = of_teams(page, "//section[@id='teams']//details//table")
    text = of_pdf(documents, "full")
    expected = {row.name: of_team(row, report, language) for row in report.teams.rows}

    assert len(report.teams.rows) >= 3
    assert full == expected
    for row in report.teams.rows:
        dots, *figures = short[row.name].items()
        assert dict(figures) == {head: expected[row.name][head] for head, _ in figures}
        assert len(figures) == 3  # In this month, no team has a change or inactive accounts.
        members, people = (language.qualified(one) for one in (row.members, row.active_users))
        changed = language.change(row.change.absolute, row.change.relative)
        assert dots[1].startswith(f"{people} of {members} members in {report.month_label}; since ")
        assert dots[1].endswith(f": {changed}.")
        assert f"{row.name} {' '.join(figure for _, figure in figures)}" in text


def test_the_workbook_of_the_full_edition_has_the_unrounded_figures_of_teams(
    documents: dict[str, bytes], report: MonthlyReport, language: Language
) -> None:
    assert report.teams
    headings, *rows = openpyxl.load_workbook(BytesIO(documents["full/report.xlsx"]))["Teams"].iter_rows(
        min_row=HEADINGS, values_only=True
    )
    rows_by_team = {cells[0]: dict(zip(headings, cells, strict=True)) for cells in rows}

    for team in report.teams.rows:
        figures = {
            "Members": team.members,
            "Active users": team.active_users,
            "Adoption rate": team.share,
            "Active users, change": team.change.absolute,
            "Percent change": team.change.relative,
            "Accepted completions": team.completions,
            "Per active user": team.per_user,
            "Agent spend": team.agent_spend,
        }
        for heading, figure in figures.items():
            assert figure is None or same(rows_by_team[team.name][heading], figure, language), (team.name, heading)


def test_the_executive_edition_names_no_team(documents: dict[str, bytes], report: MonthlyReport) -> None:
    assert report.teams
    book = openpyxl.load_workbook(BytesIO(documents["report.xlsx"]))
    shown = {str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row}
    shown |= set(markup.fromstring(documents["report.html"].decode()).xpath("//text()"))

    assert "Teams" not in book.sheetnames
    assert {row.name for row in report.teams.rows} & shown == set()


def same(cell: object, figure: Figure, language: Language) -> bool:
    if figure.value is None:
        return cell == language.translate(f"state.{figure.state}")
    return isinstance(cell, int | float) and math.isclose(cell, figure.value, rel_tol=1e-12)


@BOTH
def test_the_workbook_has_the_unrounded_figures_of_kpis(
    documents: dict[str, bytes], report: MonthlyReport, language: Language, edition: Edition
) -> None:
    kpis, seen = report.kpis(), set()

    for row in cells(documents, edition, "Metrics"):
        kpi = kpis[str(row["Key"])]
        seen.add(kpi.key)
        assert same(row["Value"], kpi.figure, language), kpi.key
        assert row["Status"] == language.translate(f"state.{kpi.figure.state}")
        if kpi.change is None:
            assert (row["Change"], row["Percent change"]) == (None, None)
        else:
            assert same(row["Change"], kpi.change.absolute, language), kpi.key
            assert same(row["Percent change"], kpi.change.relative, language), kpi.key
    assert seen == {one.key for one in (shown(report) if edition == "executive" else kpis.values())}


@BOTH
def test_the_first_sheet_of_the_workbook_has_the_same_figures_beside_those_of_the_month_before(
    documents: dict[str, bytes], report: MonthlyReport, language: Language, edition: Edition
) -> None:
    kpis, seen = report.kpis(), set()
    before = language.month(Month.parse(report.compared_with))

    for row in cells(documents, edition, "Summary"):
        kpi = kpis[str(row["Key"])]
        seen.add(kpi.key)
        points = {point.period: point.figure for point in kpi.history.points} if kpi.history else {}
        assert same(row[report.month_label], kpi.figure, language), kpi.key
        assert not kpi.change or same(row["Change"], kpi.change.absolute, language), kpi.key
        if report.compared_with in points:
            assert same(row[before], points[report.compared_with], language), kpi.key
        assert kpi.figure.reason in str(row["Details"])
        assert not kpi.target or kpi.target.words == row["Target"]
    assert seen >= {tile.key for tile in report.page_one_kpis}


@BOTH
def test_every_metric_of_the_workbook_has_its_definition_under_the_same_key(
    documents: dict[str, bytes], report: MonthlyReport, edition: Edition
) -> None:
    defined = {row["Key"]: row["Term"] for row in cells(documents, edition, "Definitions")}
    metrics = {row["Key"] for row in cells(documents, edition, "Metrics")}

    assert metrics - set(defined) == set()
    assert len(defined) == len(
        [one for one in report.data_quality.definitions if one.edition in (edition, "executive")]
    )


@BOTH
def test_the_months_of_the_workbook_have_every_point_of_every_history(
    documents: dict[str, bytes], report: MonthlyReport, language: Language, edition: Edition
) -> None:
    found = {(row["Key"], f"{row['Month']:%Y-%m}"): row for row in cells(documents, edition, "Months")}

    for kpi in shown(report) if edition == "executive" else report.kpis().values():
        for point in kpi.history.points if kpi.history else ():
            row, figure = found[kpi.key, point.period], point.figure
            assert row["Value"] is None if figure.value is None else same(row["Value"], figure, language)
            assert row["Status"] == language.translate(f"state.{figure.state}")
            assert (row["Reason"] or "") == sanitize(figure.reason)


@BOTH
def test_page_one_and_every_message_give_the_reason_for_a_missing_change(
    documents: dict[str, bytes], report: MonthlyReport, edition: Edition
) -> None:
    uncompared = [
        tile
        for tile in report.page_one_kpis
        if tile.change and not tile.change.absolute.known and tile.figure.state is State.MEASURED
    ]
    assert uncompared
    page = texts(markup.fromstring(documents[document_of(edition, "report.html")].decode()).find(".//main"))
    assert page.count("Not compared: ") == len({tile.change.absolute.reason for tile in uncompared if tile.change})
    messages = [documents[document_of(edition, name)].decode() for name in ("email.txt", "email.html", "slack.json")]
    for text in (page, *(sanitize(html.unescape(message)) for message in messages)):
        for tile in uncompared:
            assert tile.change is not None
            (line,) = re.findall(
                rf"Not compared: [^.]*{tile.label}[^.]*\. {re.escape(tile.change.absolute.reason)}", text
            )
            assert line


@BOTH
def test_every_channel_has_the_sentences_of_page_one(
    documents: dict[str, bytes], report: MonthlyReport, edition: Edition
) -> None:
    sentences = [report.headline, report.month_summary, report.note.text if report.note else ""]
    sentences += [one for each in report.findings if each.edition == "executive" for one in (each.claim, each.evidence)]
    sentences += [
        part
        for action in report.recommended_actions
        if action.edition == "executive"
        for part in (action.title, action.reason, action.worth, action.worth_note)
    ]
    statuses = [one for one in report.last_month_actions.statuses if edition in (one.edition, "full")]
    sentences += [report.last_month_actions.title, *(one.sentence for one in statuses)] if statuses else []
    sentences += [report.revision_changes.sentence if report.revision_changes else ""]
    for name in ("report.html", "email.html", "email.txt", "slack.json"):
        content = documents[document_of(edition, name)].decode()
        text = json.dumps(json.loads(content), ensure_ascii=False) if name == "slack.json" else content
        assert [one for one in sentences if sanitize(one) not in sanitize(html.unescape(text))] == []


@pytest.mark.parametrize("has_price", [False, True], ids=["no price", "price"])
def test_every_channel_has_number_and_money_of_every_part_of_the_seats(
    before: MonthlyReport, language: Language, *, has_price: bool
) -> None:
    priced = sample_report()
    priced = priced.model_copy(update={"seats": priced.seats.model_copy(update={"breakdown": seat_breakdown()})})
    report = priced if has_price else before
    breakdown = report.seats.breakdown
    assert breakdown
    assert any(part.spend for part in breakdown.parts) == has_price
    emails = text_documents(report)
    artifact = sanitize(markdown_summary(report, language).replace("\\", ""))
    slack = sanitize(html.unescape(emails["slack.json"]).replace("\\n", " ").replace("\\xa0", " "))
    page, text = markup.fromstring(emails["email.html"]), sanitize(emails["email.txt"])
    bar, labels = page.xpath(f"//h2[contains(text(), ' {language.value(breakdown.total)} ')]/following-sibling::table")
    of_html = markup.fromstring(emails["report.html"]).xpath("//section[@id='summary']")[0]
    sheet = openpyxl.load_workbook(BytesIO(workbook(report, language)))["Summary"]
    rows = {row[0].value: row for row in sheet.iter_rows()}

    for part in (part for part in breakdown.parts if part.figure.value):
        number = f"{language.count(part.figure.value or 0)}{'+' if part.figure.at_least else ''}"
        money = sanitize(language.value(part.spend, short=True)) if part.spend is not None else ""
        for shown_labels in (labels, of_html):
            assert f"{number} {part.label} {money}".rstrip() in texts(shown_labels)
        words = f"{part.label}, {money}" if money else part.label
        assert f"- {language.value(part.figure)}: {words}" in text
        assert f"*{language.value(part.figure)}* {words}" in slack
        assert f"- {language.value(part.figure)}: {words}" in artifact
        assert same(rows[part.label][1].value, part.figure, language)
    assert len(bar.xpath(".//td")) == len([part for part in breakdown.parts if part.figure.value])


@BOTH
def test_the_text_of_the_emails_chart_has_the_figures_of_its_months(
    documents: dict[str, bytes], report: MonthlyReport, language: Language, edition: Edition
) -> None:
    page = markup.fromstring(documents[document_of(edition, "email.html")].decode())
    (alt_text,) = page.xpath("//img[@src='cid:chart']/@alt")
    agents = report.kpis()["agent_users"]
    assert agents.history

    for series in (agents.history, report.adoption.active_users):
        for point in series.points[-2:]:
            assert f"{language.value(point.figure)} in {language.month(Month.parse(point.period))}" in alt_text


def test_governance_prints_the_figures_of_its_kpis(
    documents: dict[str, bytes], report: MonthlyReport, language: Language
) -> None:
    page = markup.fromstring(documents["full/report.html"].decode())
    rows = page.xpath("//section[@id='governance']//details//table/tbody/tr")
    found = {texts(row[0]): texts(row[1]) for row in rows}
    assert report.governance is not None
    kpis = [one.kpi for one in report.governance.accounts if one.kpi]

    assert {one.label: found[one.label] for one in kpis} == {
        one.label: sanitize(language.qualified(one.figure)) for one in kpis
    }
    assert IN_FULL_ONLY & {one.key for one in kpis}
