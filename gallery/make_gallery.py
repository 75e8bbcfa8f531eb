"""Render the cases of the gallery, to inspect the layout after a change: `python gallery/make_gallery.py [CASE]...`.

`make gallery` runs it, too. For each case it writes to gallery/made/CASE/ the documents of the full edition, a picture
of each page of the PDF, and screenshots of the HTML on a laptop and on a phone; gallery/made/CASE.png shows all pages.
"""

import sys
from pathlib import Path

import screenshots
from cases import case, names

from tabnine_report.model.edition import document_of
from tabnine_report.render.documents import render_documents

MADE = Path(__file__).parent / "made"
_DOCUMENTS = ("report.html", "report.pdf", "email.html", "email.txt", "slack.json")


def make(name: str) -> int:
    """Render one case and return the number of its pages."""
    folder = MADE / name
    folder.mkdir(parents=True, exist_ok=True)
    documents = render_documents(case(name), editions=("full",))
    for document in _DOCUMENTS:
        (folder / document).write_bytes(documents[document_of("full", document)])
    pages = screenshots.draw_pages(folder / "report.pdf", folder)
    screenshots.contact_sheet(pages, MADE / f"{name}.png")
    if screenshots.has_chromium():
        for width in screenshots.WIDTHS:
            screenshots.take_screenshot(folder / "report.html", width, folder / f"screen-{width}.png")
    return len(pages)


def main(requested: list[str]) -> None:
    """Render the named cases, or all of them."""
    if unknown := set(requested) - set(names()):
        raise SystemExit(f"Unknown case: {', '.join(sorted(unknown))}. The cases are {', '.join(names())}.")
    for name in requested or names():
        print(f"{name:<20} {make(name)} pages  {MADE / name}.png", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
