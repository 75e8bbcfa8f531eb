"""The HTML document in a real browser: accessible, on any screen, and printed as the PDF is."""

import io
from importlib.util import find_spec
from pathlib import Path

import pypdf
import pytest
from chromium import evaluate, evaluate_at_width, needs_chromium, print_to_pdf
from render_text import text_documents
from sample_money import report_with_money
from sample_report import sample_report, teams

pytestmark = needs_chromium

LONG_NAME = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 2

# What can be scrolled inside of the page, as tables of many columns can, does not count.
TOO_WIDE = """
[...document.querySelectorAll('body *')].filter(element =>
    element.getBoundingClientRect().right > innerWidth + 1
    && !element.closest('.wide, .sections, .watermark, .unseen, thead')
).map(element => element.outerHTML.slice(0, 120))
"""


@pytest.fixture(scope="module")
def page() -> str:
    """Render a report with long names, targets, many teams, missing parts, as a draft."""
    report = sample_report(draft=True, complete=False, teams=teams(27))
    organization = report.organization.model_copy(update={"name": LONG_NAME})
    assert report.teams is not None
    rows = tuple(row.model_copy(update={"name": f"{LONG_NAME} {at}"}) for at, row in enumerate(report.teams.rows))
    section = report.teams.model_copy(update={"rows": rows})
    changes = {"organization": organization, "teams": section, "page_one_kpis": report_with_money().page_one_kpis}
    return str(text_documents(report.model_copy(update=changes))["report.html"])


@pytest.mark.parametrize("opened", [False, True], ids=["closed", "opened"])
def test_axe_finds_no_violation(page: str, opened: bool, tmp_path: Path) -> None:  # noqa: FBT001 - a parameter of the test
    spec = find_spec("axe_core_python")
    assert spec is not None
    assert spec.origin is not None
    axe = (Path(spec.origin).parent / "axe.min.js").read_text(encoding="utf-8").replace("</script", "<\\/script")
    shown = page.replace("<details ", "<details open ") if opened else page

    found = evaluate(
        shown.replace("</head>", f"<script>{axe}</script></head>", 1),
        "axe.run().then(({violations, passes}) => ({passes: passes.length, violations: violations.map("
        "({id, nodes}) => [id, ...nodes.map(node => node.html.slice(0, 200))])}))",
        tmp_path,
    )

    assert found["violations"] == []
    assert found["passes"] > 20


@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_does_not_scroll_horizontally(page: str, width: int, tmp_path: Path) -> None:
    opened = page.replace("<details ", "<details open ")
    seen = evaluate_at_width(
        opened,
        f"({{screen: innerWidth, page: document.documentElement.scrollWidth, wide: {TOO_WIDE}}})",
        width,
        tmp_path,
    )

    assert seen == {"screen": width, "page": width, "wide": []}


@pytest.mark.parametrize(("width", "shown"), [(390, "on-narrow"), (1280, "on-wide")])
def test_every_chart_is_shown_once_and_fits_on_the_screen(page: str, width: int, shown: str, tmp_path: Path) -> None:
    charts = """
    [...document.querySelectorAll('svg.chart')].map(chart => [chart, chart.getBoundingClientRect()])
        .filter(([, box]) => box.width > 0)
        .map(([chart, box]) => [chart.parentElement.className, box.left >= 0 && box.right <= innerWidth])
    """
    found = evaluate_at_width(page, charts, width, tmp_path)
    places = {place for place, _ in found if place.startswith("on-")}

    assert len(found) >= 7
    assert places == {shown}
    assert [place for place, fits in found if not fits] == []


def test_the_browser_prints_the_content_of_the_pdf(documents: dict[str, bytes], tmp_path: Path) -> None:
    ours = words(documents["report.pdf"])
    theirs = words(print_to_pdf(documents["report.html"].decode(), tmp_path))

    # Head and foot of each page are the PDF's own, and where a long word is broken is each one's own.
    assert len(theirs ^ ours) < 0.05 * len(ours)


def test_the_browser_prints_each_page_on_one_sheet(documents: dict[str, bytes], tmp_path: Path) -> None:
    ours, theirs = documents["report.pdf"], print_to_pdf(documents["report.html"].decode(), tmp_path)

    assert [len(pypdf.PdfReader(io.BytesIO(pdf)).pages) for pdf in (theirs, ours)] == [4, 4]


def words(pdf: bytes) -> set[str]:
    return {word for page in pypdf.PdfReader(io.BytesIO(pdf)).pages for word in page.extract_text().split()}
