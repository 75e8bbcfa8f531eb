"""`tabnine-report render`: a bundle's documents again, from the bundle alone."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from cli.terminal import tell
from tabnine_report.archive import Bundle
from tabnine_report.model.edition import document_of, editions_among
from tabnine_report.model.errors import ArchiveError
from tabnine_report.render.documents import link_in, render_documents


def render(bundle: Annotated[str, Parameter(name="bundle")], /, *, output: Path) -> None:
    """Make the documents of a bundle again, offline: those of the editions that it has.

    Args:
        bundle: The bundle's place, such as reports/acme/2026-10/r1 or s3://bucket/reports/acme/2026-10/r1.
        output: The folder for the documents; files of the same names are replaced.
    """
    kept = Bundle(bundle)
    editions = editions_among(kept.manifest["files"])
    link = link_in({"email.json": kept.read("email.json")})
    for name, content in render_documents(kept.report(), link=link, editions=editions).items():
        path = output / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        except OSError as error:
            raise ArchiveError(f"{path} cannot be written: {error.strerror}.") from error
    for edition in editions:
        tell(f"{output.resolve() / document_of(edition, 'report.html')}")
        tell(f"{output.resolve() / document_of(edition, 'report.pdf')}")
