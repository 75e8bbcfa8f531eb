"""The structure of the PDF that screen readers need, as PDF/UA requires it."""

from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from itertools import pairwise

import pikepdf
import pytest
from lxml import html as markup

from tabnine_report.model.edition import EDITIONS, Edition, document_of
from tabnine_report.model.report import MonthlyReport


@pytest.fixture(scope="module", params=EDITIONS)
def edition(request: pytest.FixtureRequest) -> Edition:
    edition: Edition = request.param
    return edition


@pytest.fixture(scope="module")
def elements(documents: dict[str, bytes], edition: Edition) -> Iterator[list[pikepdf.Dictionary]]:
    """Yield every element of the tag tree, from the top down."""
    with pikepdf.open(BytesIO(documents[document_of(edition, "report.pdf")])) as pdf:
        yield _elements(pdf.Root.StructTreeRoot.K)


@pytest.fixture(scope="module")
def in_html(documents: dict[str, bytes], edition: Edition) -> Counter[str]:
    """Return how many elements of each name the pages of the HTML have outside of the disclosures."""
    page = markup.fromstring(documents[document_of(edition, "report.html")].decode())
    parts = page.xpath("//section//*[not(ancestor-or-self::details)][not(ancestor::svg)]")
    return Counter(str(part.tag) for part in parts)


def _elements(part: object) -> list[pikepdf.Dictionary]:
    if isinstance(part, pikepdf.Array):
        return [element for one in part for element in _elements(one)]
    if not isinstance(part, pikepdf.Dictionary):
        return []
    return ([part] if "/S" in part else []) + _elements(part.get("/K"))


def of(elements: list[pikepdf.Dictionary], tag: str) -> list[pikepdf.Dictionary]:
    return [element for element in elements if tag == element.S]


def test_every_header_cell_has_a_scope(elements: list[pikepdf.Dictionary], in_html: Counter[str]) -> None:
    scopes = Counter(str(header.A.Scope) for header in of(elements, "/TH"))

    assert set(scopes) == {"/Column", "/Row"}
    assert min(scopes.values()) > 15
    assert sum(scopes.values()) == in_html["th"]


def test_every_data_cell_refers_to_its_headers(elements: list[pikepdf.Dictionary], in_html: Counter[str]) -> None:
    ids = {bytes(header.ID) for header in of(elements, "/TH")}
    cells = of(elements, "/TD")

    assert len(cells) == in_html["td"] > 100
    assert [cell for cell in cells if not cell.A.Headers] == []
    assert {bytes(header) for cell in cells for header in cell.A.Headers} <= ids


def test_heading_levels_are_never_skipped(elements: list[pikepdf.Dictionary]) -> None:
    levels = [int(str(e.S)[2:]) for e in elements if str(e.S) in {f"/H{level}" for level in range(1, 7)}]

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert [(a, b) for a, b in pairwise(levels) if b > a + 1] == []


def test_every_figure_has_an_alternative_and_every_table_has_rows_and_headers(
    elements: list[pikepdf.Dictionary], edition: Edition, in_html: Counter[str]
) -> None:
    assert len(of(elements, "/Figure")) == {"executive": 10, "full": 30}[edition]
    assert [figure for figure in of(elements, "/Figure") if not str(figure.get("/Alt", ""))] == []
    assert len(of(elements, "/Table")) == in_html["table"]
    for tag in ("/TR", "/TH"):
        assert [table for table in of(elements, "/Table") if not of(_elements(table.K), tag)] == []


def _page_of(item: pikepdf.OutlineItem, pdf: pikepdf.Pdf) -> int:
    """Return the index of the page that a bookmark leads to."""
    assert isinstance(item.destination, pikepdf.Array)
    return pdf.pages.index(pikepdf.Page(item.destination[0]))


def test_every_page_has_a_bookmark_with_its_title(
    documents: dict[str, bytes], report: MonthlyReport, edition: Edition
) -> None:
    with pikepdf.open(BytesIO(documents[document_of(edition, "report.pdf")])) as pdf, pdf.open_outline() as outline:
        (first,) = outline.root
        titles = [item.title for item in first.children]
        targets = [_page_of(item, pdf) for item in (first, *first.children)]
        assert targets == list(range(len(pdf.pages)))

    assert first.title == report.headline
    assert report.teams
    assert report.governance
    assert titles == [
        *(section.title for section in (report.seats, report.feature_usage)),
        *([report.teams.title, report.governance.title] if edition == "full" else []),
        "8 of 9 data sources answered; 2 cross-checks agree.",
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
