"""Every case of the gallery, made the way a real report is, comes out whole and of a length that is read."""

from io import BytesIO

import pypdf
import pytest
from cases import case, names
from html_reader import Reader
from render_text import text_documents

from tabnine_report.model.report import MonthlyReport
from tabnine_report.render.documents import render_documents
from tabnine_report.render.html.page import CHANGES_IN_PRINT

# Those that are likeliest to be too long or too short; making a PDF takes seconds.
PRINTED = ("crowded", "two-figures")


@pytest.mark.parametrize("name", [name for name in names() if name not in PRINTED])
def test_a_case_makes_a_whole_page(name: str) -> None:
    read(str(text_documents(case(name))["report.html"]))


@pytest.mark.parametrize("name", PRINTED)
def test_a_report_has_six_to_nine_pages_whatever_the_organization(name: str) -> None:
    report = case(name)
    assert report.revision_changes is None or len(report.revision_changes.figures) > 2 * CHANGES_IN_PRINT
    documents = render_documents(report, editions=("full",))
    read(documents["full/report.html"].decode())

    pages = [page.extract_text() for page in pypdf.PdfReader(BytesIO(documents["full/report.pdf"])).pages]

    assert 6 <= len(pages) <= 9
    assert [number for number, text in enumerate(pages, start=1) if len(text.split()) < 40] == []
    # The last line of page one, which says how whole the data are, has not slipped to the next page.
    assert sanitize(report.data_quality.summary) in sanitize(pages[0])
    assert sanitize(f"{report.adoption.title:.40}") in sanitize(pages[1])


def test_two_figures_are_all_that_is_known_of_the_month_whose_answers_failed() -> None:
    known = {path for path, figure in kpis(case("two-figures")) if figure}

    assert known == {"seats", "teams"}


def test_where_no_teams_people_are_known_nobody_is_said_to_have_used_it() -> None:
    teams = case("two-figures").teams

    assert teams is not None
    assert "and how many in each" not in teams.title


def sanitize(text: str) -> str:
    return " ".join(text.split())


def read(page: str) -> None:
    assert Reader(page).open == []
    assert ">None<" not in page


def kpis(report: MonthlyReport) -> list[tuple[str, bool]]:
    shown = [*report.page_one_kpis, *report.adoption.kpis, *report.seats.kpis, *report.seats.accounts]
    return [(kpi.key, kpi.figure.known) for kpi in shown]
