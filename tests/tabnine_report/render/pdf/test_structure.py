"""The structure of the PDF that screen readers need, as PDF/UA requires it."""

from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from itertools import pairwise

import pikepdf
import pytest

from tabnine_report.model.report import MonthlyReport


@pytest.fixture(scope="module")
def elements(documents: dict[str, bytes]) -> Iterator[list[pikepdf.Dictionary]]:
    """Yield every element of the tag tree, from the top down."""
    with pikepdf.open(BytesIO(documents["report.pdf"])) as pdf:
        yield _elements(pdf.Root.StructTreeRoot.K)


def _elements(part: object) -> list[pikepdf.Dictionary]:
    if isinstance(part, pikepdf.Array):
        return [element for one in part for element in _elements(one)]
    if not isinstance(part, pikepdf.Dictionary):
        return []
    return ([part] if "/S" in part else []) + _elements(part.get("/K"))


def of(elements: list[pikepdf.Dictionary], tag: str) -> list[pikepdf.Dictionary]:
    return [element for element in elements if tag == element.S]


def test_every_header_cell_has_a_scope(elements: list[pikepdf.Dictionary]) -> None:
    scopes = Counter(str(header.A.Scope) for header in of(elements, "/TH"))

    assert set(scopes) == {"/Column", "/Row"}
    assert min(scopes.values()) > 50


def test_every_data_cell_refers_to_its_headers(elements: list[pikepdf.Dictionary]) -> None:
    ids = {bytes(header.ID) for header in of(elements, "/TH")}
    cells = of(elements, "/TD")

    assert len(cells) > 200
    assert [cell for cell in cells if not cell.A.Headers] == []
    assert {bytes(header) for cell in cells for header in cell.A.Headers} <= ids


def test_heading_levels_are_never_skipped(elements: list[pikepdf.Dictionary]) -> None:
    levels = [int(str(e.S)[2:]) for e in elements if str(e.S) in {f"/H{level}" for level in range(1, 7)}]

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert [(a, b) for a, b in pairwise(levels) if b > a + 1] == []


def test_every_figure_has_an_alternative_and_every_table_has_rows(elements: list[pikepdf.Dictionary]) -> None:
    assert len(of(elements, "/Figure")) == 12
    assert [figure for figure in of(elements, "/Figure") if not str(figure.get("/Alt", ""))] == []
    assert [table for table in of(elements, "/Table") if not of(_elements(table.K), "/TR")] == []


def test_bookmarks_have_the_titles_of_the_sections(documents: dict[str, bytes], report: MonthlyReport) -> None:
    with pikepdf.open(BytesIO(documents["report.pdf"])) as pdf, pdf.open_outline() as outline:
        (first,) = outline.root
        titles = [item.title for item in first.children]

    assert first.title == report.headline
    assert titles == [
        "Highlights of October 2026",
        "Recommended actions",
        *(section.title for section in (report.adoption, report.feature_usage, report.seats)),
        report.last_month_actions.title,
        "Data quality",
        "Chart data",
    ]


def test_pages_are_labeled_and_read_in_tag_order(documents: dict[str, bytes]) -> None:
    with pikepdf.open(BytesIO(documents["report.pdf"])) as pdf:
        assert [str(page.label) for page in pdf.pages] == [str(number) for number in range(1, len(pdf.pages) + 1)]
        assert {str(page.Tabs) for page in pdf.pages} == {"/S"}
        assert [page for page in pdf.pages if "/StructParents" not in page] == []


def test_the_metadata_have_title_description_and_date(documents: dict[str, bytes], report: MonthlyReport) -> None:
    with pikepdf.open(BytesIO(documents["report.pdf"])) as pdf, pdf.open_metadata() as metadata:
        assert metadata["dc:title"] == "ACME · Tabnine usage · October 2026"
        assert metadata["dc:description"] == report.headline
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["xmp:CreateDate"] == "2026-11-02T06:00:00Z"
