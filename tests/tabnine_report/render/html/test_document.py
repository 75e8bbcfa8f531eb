"""The HTML document: well formed, self-contained, accessible, and true to the states of its figures."""

import re
from typing import Any

import pytest
from html_reader import Reader
from pydantic import BaseModel
from render_text import text_documents
from sample_report import DECIDED, sample_report, teams

from tabnine_report.model.figure import Figure, State, Unit
from tabnine_report.model.findings import LastMonthActions
from tabnine_report.model.sections import Teams
from tabnine_report.render.html.document import report_html
from tabnine_report.render.template_environment import Templates, language_of


@pytest.fixture(scope="module")
def page(documents: dict[str, bytes]) -> str:
    return documents["full/report.html"].decode()


def section(page: str, key: str) -> str:
    """Return the part of the document that is one page of the report."""
    return page.partition(f'id="{key}" aria-labelledby')[2].partition("</section>")[0]


def test_every_tag_is_closed(page: str) -> None:
    assert Reader(page).open == []


def test_the_document_loads_and_runs_nothing(page: str) -> None:
    reader = Reader(page)

    assert reader.all("script", "link", "iframe", "object", "embed", "img", "base", "form") == []
    links = [a["href"] for _, a in reader.elements if "href" in a]
    assert links
    assert [link for link in links if not (link or "").startswith("#")] == []
    assert [a for _, a in reader.elements if {"src", "xlink:href"} & a.keys()] == []
    assert [name for _, a in reader.elements for name in a if name.startswith("on")] == []
    assert set(re.findall(r"url\(([^)]{12})", page)) <= {"data:font/wo", "#inactive-se"}
    assert "@import" not in page
    policy = next(a["content"] for a in reader.all("meta") if a.get("http-equiv") == "Content-Security-Policy")
    assert policy == "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:"


def test_the_document_has_language_landmarks_and_one_main_heading(page: str) -> None:
    reader = Reader(page)

    assert reader.all("html") == [{"lang": "en"}]
    assert [len(reader.all(tag)) for tag in ("main", "nav", "h1")] == [1, 1, 1]
    ids = [a["id"] for _, a in reader.elements if "id" in a]
    assert len(ids) == len(set(ids))
    wanted = {
        name
        for _, attributes in reader.elements
        for key in ("aria-labelledby", "aria-describedby")
        for name in (attributes.get(key) or "").split()
    }
    wanted |= {(a["href"] or "").removeprefix("#") for a in reader.all("a")}
    assert wanted - set(ids) == set()


def test_every_header_cell_has_a_scope(page: str) -> None:
    assert [a for a in Reader(page).all("th") if a.get("scope") not in {"col", "row", "rowgroup", "colgroup"}] == []


def test_every_chart_has_its_numbers_as_text(page: str) -> None:
    reader = Reader(page)
    images = reader.all("svg")
    charts = [a for a in images if a.get("class") == "chart"]

    assert len(charts) >= 10
    assert {a["role"] for a in charts} == {"img"}
    titles = re.findall(r"<title>(.*?)</title>", page.partition("<body>")[2])
    assert len(titles) == len(images)
    assert sum(bool(re.search(r"\d", title)) for title in titles) >= len(charts)


def test_a_figure_without_a_value_is_printed_as_its_state_with_the_reason() -> None:
    report = sample_report()
    states = [
        Figure.unavailable(Unit.PEOPLE, "The API did not answer."),
        Figure.discontinued(Unit.PEOPLE, "The vendor stopped it."),
        Figure(value=None, unit=Unit.PEOPLE, state=State.SUPPRESSED, reason="Fewer than five people."),
        report.page_one_kpis[3].figure.partial("From the 18th."),
    ]
    page_one_kpis = [
        kpi.model_copy(update={"key": f"kpi_{at}", "figure": state, "note": ""})
        for at, (kpi, state) in enumerate(zip(report.page_one_kpis, states, strict=True))
    ]

    page = section(text_documents(sample_report(page_one_kpis=tuple(page_one_kpis)))["report.html"], "summary")

    assert re.findall(r'<p class="value.*?">(.*?)</p>', page) == [
        "unavailable",
        "discontinued",
        "not shown: too few people",
        "205 partial",
    ]
    assert re.findall(r'<p class="note">(.*?)</p>', page) == [
        "The API did not answer.",
        "The vendor stopped it.",
        "Fewer than five people.",
        "From the 18th.",
    ]


def test_a_report_without_any_known_figure_can_be_rendered() -> None:
    documents = text_documents(without_values(sample_report(findings=(), month_summary="Quiet.")))

    page = documents["report.html"]
    assert Reader(page).open == []
    assert "The API did not answer." in section(page, "summary")
    assert "<b>0</b>" not in page
    assert "Quiet." in documents["email.txt"]


def without_values(part: Any) -> Any:
    """Return a part of a report in which no figure has a value."""
    match part:
        case Figure():
            return Figure.unavailable(part.unit, "The API did not answer.")
        case BaseModel():
            return part.model_copy(
                update={name: without_values(getattr(part, name)) for name in type(part).model_fields}
            )
        case tuple():
            return tuple(without_values(inner) for inner in part)
        case dict():
            return {key: without_values(inner) for key, inner in part.items()}
        case _:
            return part


def test_without_teams_their_page_leaves() -> None:
    page = text_documents(sample_report(teams=Teams(title="The organization has no teams.", rows=())))["report.html"]

    assert 'href="#teams"' not in page
    assert 'id="teams"' not in page


def test_names_of_teams_are_escaped_and_keep_their_script() -> None:
    page = section(text_documents(sample_report(teams=teams(27)))["report.html"], "teams")

    assert "<bdi>فريق البيانات</bdi>" in page


def test_draft_partial_and_revision_are_marked_at_the_top_and_on_each_page() -> None:
    draft = text_documents(sample_report(draft=True, complete=False))["report.html"]
    revised = text_documents(sample_report(revision=2, complete=True))["report.html"]

    def badges(page: str, start: str) -> list[str]:
        return re.findall(r'<span class="badge">(.*?)</span>', page.partition(start)[2].partition("\n")[0])

    assert badges(draft, '<header class="top">') == ["DRAFT", "PARTIAL"]
    heads = [badges(line, "head-right") for line in draft.splitlines() if "head-right" in line and "badge" in line]
    assert heads == [["DRAFT", "PARTIAL"]] * draft.count('<section class="page')
    assert badges(revised, '<header class="top">') == ["REVISION 2"]


@pytest.mark.parametrize(("length", "is_small"), [(120, False), (400, True)])
def test_a_foot_of_more_than_two_lines_is_set_smaller(length: int, *, is_small: bool) -> None:
    report = sample_report()
    quality = report.data_quality.model_copy(update={"summary": "x" * length})
    text = text_documents(report.model_copy(update={"data_quality": quality}))["report.html"]

    assert (f'<div class="foot long">{"x" * length}</div>' in text) is is_small


def test_each_printed_page_has_its_own_head_and_foot() -> None:
    """WeasyPrint lays out a page twice if a page before it has a running element of the same name."""
    report = sample_report()
    language = language_of(report)
    printed = report_html(report, language, Templates(report, language), paper=True)

    running = re.findall(r"running\((.*?)\)", printed)
    assert len(running) == 3 * printed.count('<section class="page') == len(set(running))
    assert sorted(running) == sorted(re.findall(r"element\((.*?)\)", printed))


def test_numbers_and_dates_follow_the_locale() -> None:
    page = text_documents(sample_report(locale="de"))["report.html"]

    # The words stay English.
    assert '<html lang="en">' in page
    assert "88.412" in page
    assert "Oktober 2026" in page


def test_page_one_shows_decisions_their_status_key_changes_and_the_note_in_this_order() -> None:
    page = section(
        text_documents(sample_report(month_summary="October was an ordinary month."))["report.html"], "summary"
    )

    assert [page.index(part) for part in PAGE_ONE] == sorted(page.index(part) for part in PAGE_ONE)


PAGE_ONE = (
    "<b>By 31 December</b>",
    "How many seats to renew",
    DECIDED,
    "October was an ordinary month.",
    "<b>Agents reached half of all active users.</b>",
    "Warsaw joined on 12 October.",
)


def test_a_month_without_decisions_is_stated() -> None:
    nothing = sample_report(recommended_actions=(), last_month_actions=LastMonthActions(title="", statuses=()))
    page = section(text_documents(nothing)["report.html"], "summary")

    assert "No decisions are needed this month." in page
    assert 'class="last"' not in page
