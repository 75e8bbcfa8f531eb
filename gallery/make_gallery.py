"""Every case of the gallery as documents and pictures: `python gallery/make_gallery.py [CASE]...`, or `make gallery`.

Writes gallery/made/CASE/: the documents of the full edition, a picture a page of the PDF, and the HTML on a laptop and
on a phone; all pages on one sheet are gallery/made/CASE.png. To be looked at after every change of a template or of
the style sheet.
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
    """Make one case and give the number of its pages."""
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


def main(wanted: list[str]) -> None:
    """Make the cases that are named, or all of them."""
    if unknown := set(wanted) - set(names()):
        raise SystemExit(f"There is no case {', '.join(sorted(unknown))}; there are {', '.join(names())}.")
    for name in wanted or names():
        print(f"{name:<20} {make(name)} pages  {MADE / name}.png", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
