"""The HTML document: well formed, self-contained, accessible, and true to the states of its figures."""

import re

import pytest
from html_reader import Reader
from render_text import text_documents
from sample_report import MONTHS, sample_report, teams

from tabnine_report.model.figure import Figure, State, Unit
from tabnine_report.model.findings import LastMonthActions
from tabnine_report.model.kpi import Change
from tabnine_report.model.sections import Teams
from tabnine_report.model.series import Point, Series
from tabnine_report.render.html.document import team_widths, teams_in_print


@pytest.fixture(scope="module")
def page(documents: dict[str, bytes]) -> str:
    return documents["report.html"].decode()


def test_every_tag_is_closed(page: str) -> None:
    assert Reader(page).open == []


def test_the_document_loads_and_runs_nothing(page: str) -> None:
    reader = Reader(page)

    assert reader.all("script", "link", "iframe", "object", "embed", "img", "base", "form") == []
    assert [a for _, a in reader.elements if {"src", "href", "xlink:href"} & a.keys()] == []
    assert [name for _, a in reader.elements for name in a if name.startswith("on")] == []
    assert "url(" not in page
    assert "@import" not in page
    policy = next(a["content"] for a in reader.all("meta") if a.get("http-equiv") == "Content-Security-Policy")
    assert policy == "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def test_the_document_has_language_landmarks_and_one_main_heading(page: str) -> None:
    reader = Reader(page)

    assert reader.all("html") == [{"lang": "en"}]
    assert [len(reader.all(tag)) for tag in ("main", "header", "h1")] == [1, 1, 1]
    ids = [a["id"] for _, a in reader.elements if "id" in a]
    assert len(ids) == len(set(ids))
    wanted = {
        name
        for _, attributes in reader.elements
        for key in ("aria-labelledby", "aria-describedby")
        for name in (attributes.get(key) or "").split()
    }
    assert wanted - set(ids) == set()


def test_every_header_cell_has_a_scope_and_every_table_a_caption(page: str) -> None:
    reader = Reader(page)

    assert [a for a in reader.all("th") if a.get("scope") not in {"col", "row", "rowgroup"}] == []
    assert len(reader.all("table")) == len(reader.all("caption"))


def test_every_chart_has_its_numbers_as_text_and_in_a_table(page: str) -> None:
    reader = Reader(page)

    charts = reader.all("svg")
    assert len(charts) == 12
    assert {a["role"] for a in charts} == {"img"}
    assert page.count("<title id=") == page.count("<desc id=") == len(charts)
    assert "October 2025: 301; November 2025: 312;" in page
    assert len(reader.all("details")) == 4


def test_a_figure_without_a_value_is_printed_as_its_state_with_the_reason() -> None:
    report = sample_report()
    states = [
        Figure.unavailable(Unit.PEOPLE, "The API did not answer."),
        Figure.discontinued(Unit.PEOPLE, "The vendor stopped it."),
        Figure(value=None, unit=Unit.PEOPLE, state=State.SUPPRESSED, reason="Fewer than five people."),
        report.page_one_kpis[3].figure.partial("From the 18th."),
    ]
    page_one_kpis = [
        tile.model_copy(update={"figure": state, "note": ""})
        for tile, state in zip(report.page_one_kpis, states, strict=True)
    ]

    page = text_documents(sample_report(page_one_kpis=tuple(page_one_kpis)))["report.html"]

    rows = re.findall(r'<td class="value">(.*?)</td>', page)
    assert [re.sub(r"<.*?>", "", row) for row in rows] == [
        "unavailable1",
        "discontinued2",
        "not shown: too few people3",
        "205 partial4",
    ]
    reasons = re.findall(
        r"<li>(The API did not answer\.|The vendor stopped it\.|Fewer than .*?|From the 18th\.)</li>", page
    )
    assert reasons == ["The API did not answer.", "The vendor stopped it.", "Fewer than five people.", "From the 18th."]


def test_a_report_without_any_figure_can_be_rendered() -> None:
    report = sample_report()
    gone = Figure.unavailable(Unit.PEOPLE, "The API did not answer.")
    empty = Series(
        label="Active users", unit=Unit.PEOPLE, points=tuple(Point(period=str(month), figure=gone) for month in MONTHS)
    )
    adoption = report.adoption.model_copy(
        update={
            "funnel": tuple(step.model_copy(update={"figure": gone, "share": gone}) for step in report.adoption.funnel),
            "people": empty,
            "daily": Series(label="Daily", unit=Unit.PEOPLE, points=()),
            "days_off": (),
            "kpis": (),
        }
    )
    feature_usage = report.feature_usage.model_copy(update={"features": (), "factors": (), "break_note": ""})
    seats = report.seats.model_copy(update={"kpis": (), "license": (), "accounts": ()})
    data_quality = report.data_quality.model_copy(
        update={"endpoints": (), "checks": (), "definitions": (), "notes": ()}
    )

    documents = text_documents(
        sample_report(
            page_one_kpis=(),
            findings=(),
            month_summary="Quiet.",
            adoption=adoption,
            feature_usage=feature_usage,
            seats=seats,
            data_quality=data_quality,
        )
    )

    assert Reader(documents["report.html"]).open == []
    assert "Active users: no value in any period." in documents["report.html"]
    assert "Quiet." in documents["email.txt"]


def test_print_has_25_teams_and_the_others_are_collapsed_on_screen() -> None:
    page = text_documents(sample_report(teams=teams(27)))["report.html"]
    section = page[page.index('<section id="teams"') : page.index('<section id="seats"')]
    first, further = section.split("<details>")

    assert (first.count('<th scope="row"><bdi>'), further.count('<th scope="row"><bdi>')) == (25, 2)
    assert "2 more teams are listed in report.html." in first
    assert "<summary>2 more teams</summary>" in further
    assert "<bdi>فريق البيانات</bdi>" in first


def test_print_has_fewer_teams_if_names_take_two_lines() -> None:
    short = teams(27).rows
    long = tuple(row.model_copy(update={"name": "Developer experience and internal tools"}) for row in short)

    assert [teams_in_print(rows) for rows in (short, long, (*long[:10], *short), ())] == [25, 12, 15, 0]
    wide = tuple(row.model_copy(update={"name": "プラットフォーム開発部第一課"}) for row in short)
    assert teams_in_print(wide) == 12


def test_teams_without_any_known_figure_have_reasons_but_no_table() -> None:
    gone = Figure.unavailable(Unit.PEOPLE, "The API did not answer.")
    one = teams(1).rows[0]
    unknown = {name: gone for name, value in one if isinstance(value, Figure)}
    rows = (one.model_copy(update={**unknown, "change": Change(since="2026-09", absolute=gone, relative=gone)}),) * 30
    page = text_documents(sample_report(teams=Teams(title="30 teams.", rows=rows)))["report.html"]
    section = page[page.index('<section id="teams"') : page.index('<section id="seats"')]

    assert ("<table" in section, "<details" in section) == (False, False)
    assert "<li>The API did not answer.</li>" in section


def test_without_teams_the_section_is_one_line() -> None:
    page = text_documents(sample_report(teams=Teams(title="The organization has no teams.", rows=())))["report.html"]
    section = page[page.index('<section id="teams"') : page.index('<section id="seats"')]

    assert '<h2 id="teams-title">The organization has no teams.</h2>' in section
    assert "<table" not in section


def test_the_team_with_most_active_users_has_the_longest_bar() -> None:
    assert team_widths(teams(3).rows) == [100.0, 94.8, 89.7]


def test_draft_and_partial_are_marked_at_the_top() -> None:
    page = text_documents(sample_report(draft=True, complete=False))["report.html"]

    status = re.search(r'<p class="status">(.*?)</p>', page, flags=re.DOTALL)
    assert status is not None
    assert re.sub(r"<.*?>|\s+", " ", status[1]).split() == [
        "DRAFT",
        "·",
        "PARTIAL",
        "·",
        "22",
        "working",
        "days",
        "·",
        "full",
        "edition",
    ]


def test_numbers_and_dates_follow_the_locale() -> None:
    page = text_documents(sample_report(locale="de"))["report.html"]

    # The words stay English.
    assert '<html lang="en">' in page
    assert "88.412" in page
    assert "Oktober 2026" in page


def test_page_one_shows_findings_actions_their_status_and_the_note() -> None:
    html = text_documents(sample_report(month_summary="October was an ordinary month."))["report.html"]
    page = html[html.index('aria-labelledby="headline"') : html.index("</section>")]

    assert [page.index(part) for part in PAGE_ONE] == sorted(page.index(part) for part in PAGE_ONE)


PAGE_ONE = (
    "October was an ordinary month.",
    "<b>Agents reached half of all active users.</b>",
    "<b>License owner, by 31 December 2026:</b> How many seats to renew",
    "Recommended in September: inactive accounts: 54 then, 35 now (open).",
    "<b>Note (J. B.):</b> <bdi>Warsaw joined on 12 October.</bdi>",
)


def test_the_status_of_actions_has_a_section_only_if_there_were_actions() -> None:
    section = text_documents(sample_report())["report.html"].partition('<section id="last-month-actions"')[2]

    assert "inactive accounts: 54 then, 35 now" in section.partition("</section>")[0]
    nothing = sample_report(last_month_actions=LastMonthActions(title="", statuses=()))
    assert 'id="last-month-actions"' not in text_documents(nothing)["report.html"]
