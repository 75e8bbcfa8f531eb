"""`tabnine-report render`: renders a bundle's documents again, from the bundle alone."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from cli.terminal import print_line
from tabnine_report.archive import Bundle
from tabnine_report.model.edition import document_of, editions_among
from tabnine_report.model.errors import ArchiveError
from tabnine_report.render.documents import link_in, render_documents
from tabnine_report.render.page_image import PAGE_IMAGE


def render(bundle: Annotated[str, Parameter(name="bundle")], /, *, output: Path) -> None:
    """Render the documents of a bundle's editions again, offline.

    Args:
        bundle: The bundle's location, such as reports/acme/2026-10/r1 or s3://bucket/reports/acme/2026-10/r1.
        output: The folder for the documents. Existing files are replaced.
    """
    sealed = Bundle(bundle)
    editions = editions_among(sealed.files)
    link = link_in({"email.json": sealed.read("email.json")})
    with_page_image = PAGE_IMAGE in sealed.files
    documents = render_documents(sealed.report(), link=link, editions=editions, with_page_image=with_page_image)
    for name, content in documents.items():
        path = output / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        except OSError as error:
            raise ArchiveError(f"{path} cannot be written: {error.strerror}.") from error
    for edition in editions:
        print_line(f"{output.resolve() / document_of(edition, 'report.html')}")
        print_line(f"{output.resolve() / document_of(edition, 'report.pdf')}")
