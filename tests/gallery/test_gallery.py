"""Every case of the gallery gives valid HTML, and the longest and shortest ones a PDF of reasonable length."""

from io import BytesIO

import pypdf
import pytest
from cases import case, names
from html_reader import Reader
from render_text import text_documents
from svg_reader import charts_in

from tabnine_report.model.report import MonthlyReport
from tabnine_report.render.documents import render_documents

# The cases that are most likely to be too long or too short; making a PDF takes seconds.
PRINTED = ("crowded", "large", "two-figures")


@pytest.mark.parametrize("name", [name for name in names() if name not in PRINTED])
def test_every_case_gives_valid_html_with_readable_charts(name: str) -> None:
    page = str(text_documents(case(name))["report.html"])

    read(page)
    assert unreadable_labels(page) == []


@pytest.mark.parametrize("name", PRINTED)
def test_the_longest_and_shortest_reports_take_one_sheet_for_each_page(name: str) -> None:
    report = case(name)
    documents = render_documents(report, editions=("full",))
    read(documents["full/report.html"].decode())
    assert unreadable_labels(documents["full/report.html"].decode()) == []

    pages = [page.extract_text() for page in pypdf.PdfReader(BytesIO(documents["full/report.pdf"])).pages]

    assert len(pages) == documents["full/report.html"].decode().count('<section class="page') <= 7
    assert [number for number, text in enumerate(pages, start=1) if len(text.split()) < 40] == []
    # The foot of page one is on page one.
    assert sanitize(report.data_quality.summary) in sanitize(pages[0])


def test_only_seats_and_teams_are_known_if_all_other_requests_failed() -> None:
    known = {path for path, figure in kpis(case("two-figures")) if figure}

    # The seat spend is the seats at the price of the profile.
    assert known == {"seats", "seat_spend", "teams"}


def test_the_title_of_teams_mentions_active_users_only_if_they_are_known() -> None:
    teams = case("two-figures").teams

    assert teams is not None
    assert "and how many in each" not in teams.title


def sanitize(text: str) -> str:
    return " ".join(text.split())


def read(page: str) -> None:
    assert Reader(page).open == []
    assert ">None<" not in page


def unreadable_labels(page: str) -> list[tuple[str, ...]]:
    """Return the labels of charts that are cut off by the chart's edge or cover another one."""
    return [labels for chart in charts_in(page) for labels in (*chart.cut_labels(), *chart.touching_labels())]


def kpis(report: MonthlyReport) -> list[tuple[str, bool]]:
    shown = [*report.page_one_kpis, *report.adoption.kpis, *report.seats.kpis, *report.seats.accounts]
    return [(kpi.key, kpi.figure.known) for kpi in shown]
