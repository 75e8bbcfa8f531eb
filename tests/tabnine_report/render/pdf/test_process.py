"""The PDF's process: what it reads, what it may take, what it sees, and what it leaves in the PDF."""

import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pypdf
import pytest
from sample_report import sample_report

from tabnine_report.model.edition import EDITIONS, Edition, document_of
from tabnine_report.model.errors import RenderError
from tabnine_report.render.documents import render_documents
from tabnine_report.render.pdf import fonts
from tabnine_report.render.pdf.process import Limits, PdfRenderer, _environment

PAGE = '<html lang="en"><head><title>A page</title></head><body>{}</body></html>'


MOST_PAGES = {"executive": 4, "full": 7}


def texts_of_pages(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in pypdf.PdfReader(BytesIO(pdf)).pages]


@pytest.fixture(scope="module")
def pages(documents: dict[str, bytes]) -> list[str]:
    return texts_of_pages(documents["report.pdf"])


def test_the_pdf_is_tagged_with_language_title_and_date(documents: dict[str, bytes]) -> None:
    with pikepdf.open(BytesIO(documents["report.pdf"])) as pdf, pdf.open_metadata() as metadata:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "en"
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
        assert str(pdf.docinfo["/Title"]) == "ACME · Tabnine usage · October 2026"
        assert str(pdf.docinfo["/CreationDate"]) == "D:20261102060000Z"
        assert metadata["{http://www.aiim.org/pdfua/ns/id/}part"] == "1"
        assert len(pdf.open_outline().root) > 0


def test_headings_tables_and_pictures_are_tagged_and_pictures_have_alternatives(documents: dict[str, bytes]) -> None:
    with pikepdf.open(BytesIO(documents["report.pdf"])) as pdf:
        tags = _tags(pdf.Root.StructTreeRoot.K)

    assert {"/H1", "/H2", "/H3", "/Table", "/TH", "/TD", "/Figure", "/L"} <= {tag for tag, _ in tags}
    assert [alternative for tag, alternative in tags if tag == "/Figure" and not alternative] == []
    assert ("/Figure", "Active users: 301 in October 2025, 412 in October 2026; lowest 298, highest 412.") in tags


def test_the_pdf_has_no_links_scripts_or_attachments(documents: dict[str, bytes]) -> None:
    with pikepdf.open(BytesIO(documents["report.pdf"])) as pdf:
        actions = [a for page in pdf.pages for a in page.get("/Annots", []) if "/A" in a and "/URI" in a.A]
        names: Any = pdf.Root.get("/Names", {})

        assert actions == []
        assert "/EmbeddedFiles" not in names
        assert "/JavaScript" not in names
        assert "/OpenAction" not in pdf.Root


def test_only_the_packaged_fonts_are_in_the_pdf(documents: dict[str, bytes]) -> None:
    with pikepdf.open(BytesIO(documents["report.pdf"])) as pdf:
        used = {
            str(font.BaseFont).partition("+")[2]
            for page in pdf.pages
            for font in page.Resources.get("/Font", {}).values()
        }

    assert used
    assert {name for name in used if not name.startswith(("Inter", "Noto-Sans", "Heebo"))} == set()


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_report_has_few_pages_each_with_organization_month_and_status(
    documents: dict[str, bytes], edition: Edition
) -> None:
    pages = texts_of_pages(documents[document_of(edition, "report.pdf")])

    assert 4 <= len(pages) <= MOST_PAGES[edition]
    assert [number for number, text in enumerate(pages, start=1) if f"{number} / {len(pages)}" not in text] == []
    assert [text for text in pages if "ACME" not in text or "October 2026" not in text or "PARTIAL" not in text] == []
    assert [text for text in pages if "DRAFT" in text] == []


def test_a_page_that_is_too_long_is_printed_smaller_on_one_sheet_of_the_same_size() -> None:
    usual, long = (
        f'<section class="page" style="break-after: page">{"<p>One line of text.</p>" * lines}</section>'
        for lines in (10, 32)
    )
    with PdfRenderer(Limits()) as renderer:
        pdf = pypdf.PdfReader(BytesIO(renderer.render(PAGE.format(long + usual))))

    assert [page.extract_text().count("One line of text.") for page in pdf.pages] == [32, 10]
    assert [[round(float(side), 1) for side in page.mediabox[2:]] for page in pdf.pages] == [[595.3, 841.9]] * 2


def test_volumes_are_exact_somewhere_in_the_pdf(pages: list[str]) -> None:
    assert "88,412" in "".join(pages)


def test_every_page_of_a_draft_is_marked() -> None:
    pdf = render_documents(sample_report(draft=True, complete=True))["report.pdf"]

    texts = [page.extract_text() for page in pypdf.PdfReader(BytesIO(pdf)).pages]

    assert texts
    assert [text for text in texts if "DRAFT" not in text or "PARTIAL" in text] == []


@pytest.mark.parametrize("address", ["file:///etc/passwd", "http://127.0.0.1:9/x.png", "https://example.org/x.png"])
def test_an_address_in_the_document_stops_the_rendering(address: str) -> None:
    with PdfRenderer(Limits()) as renderer, pytest.raises(RenderError, match="must not load external content"):
        renderer.render(PAGE.format(f'<img alt="x" src="{address}">'))


def test_a_file_cannot_be_attached_by_a_link(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("xyzzy", encoding="utf-8")

    with PdfRenderer(Limits()) as renderer, pytest.raises(RenderError, match="must not load external content"):
        renderer.render(PAGE.format(f'<a rel="attachment" href="{secret.as_uri()}">x</a>'))


def test_a_picture_in_the_document_itself_is_drawn() -> None:
    pixel = "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>"

    with PdfRenderer(Limits()) as renderer:
        assert renderer.render(PAGE.format(f'<img alt="x" src="{pixel}">')).startswith(b"%PDF-1.7")
        assert renderer.warnings == ()


def test_a_rendering_beyond_its_time_limit_is_stopped() -> None:
    with (
        PdfRenderer(Limits(seconds=0.01)) as renderer,
        pytest.raises(RenderError, match=r"took more than 0\.01 seconds"),
    ):
        renderer.render(PAGE.format("<p>x</p>"))

    assert renderer._process.returncode != 0


def test_a_killed_process_is_reported_as_killed() -> None:
    with PdfRenderer(Limits()) as renderer:
        renderer._process.kill()
        with pytest.raises(RenderError, match=r"was killed \(SIGKILL\), .* run the month again"):
            renderer.render(PAGE)


def test_a_rendering_beyond_its_memory_limit_is_stopped() -> None:
    rows = "<tr><td>1<td>2<td>3</tr>" * 20_000

    with (
        PdfRenderer(Limits(memory_bytes=300_000_000)) as renderer,
        pytest.raises(RenderError, match="300 MB of memory"),
    ):
        renderer.render(PAGE.format(f"<table>{rows}</table>"))


def test_an_orphaned_process_ends_at_its_cpu_limit() -> None:
    spinning = (
        "from tabnine_report.render.process_limits import limit_process; limit_process(10**9, 1)\nwhile True: pass"
    )

    ended = subprocess.run([sys.executable, "-c", spinning], check=False, capture_output=True)

    assert ended.returncode < 0


def test_messages_of_weasyprint_are_returned() -> None:
    with PdfRenderer(Limits()) as renderer:
        renderer.render(PAGE.format("<p style='colour: red'>x</p>"))

    assert any("colour" in complaint for complaint in renderer.warnings)


def test_a_character_without_a_glyph_is_no_warning() -> None:
    with PdfRenderer(Limits()) as renderer:
        assert renderer.render(PAGE.format("<p>\N{CUNEIFORM SIGN A}</p>"))

    assert renderer.warnings == ()


def test_the_process_gets_no_secret_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TABNINE_TOKEN", "xyzzy")

    assert "TABNINE_TOKEN" not in _environment(Path("fonts.conf"))


def test_importing_weasyprint_starts_no_other_process() -> None:
    program = (
        "import sys; from tabnine_report.render.pdf import worker; started = []\n"
        "sys.addaudithook(lambda event, args: started.append(args) if event == 'subprocess.Popen' else None)\n"
        "worker._import_weasyprint(); print('weasyprint' in sys.modules, started)"
    )
    command = [sys.executable, "-c", program]

    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout == "True []\n"


def test_leaving_the_block_ends_the_process() -> None:
    with PdfRenderer(Limits()) as renderer:
        pass

    assert renderer._process.returncode is not None


def test_a_missing_font_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "FONT_PACKAGES", ("fontpkg_klingon",))

    with pytest.raises(RenderError, match="fontpkg-klingon is not installed"):
        fonts.font_folders()


def test_without_a_writable_home_the_font_cache_is_temporary(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    assert fonts.cache_folder().is_relative_to(tmp_path)


def _tags(part: object) -> list[tuple[str, str]]:
    if isinstance(part, pikepdf.Array):
        return [tag for one in part for tag in _tags(one)]
    if not isinstance(part, pikepdf.Dictionary):
        return []
    own = [(str(part.S), str(part.get("/Alt", "")))] if "/S" in part else []
    return own + _tags(part.get("/K"))
