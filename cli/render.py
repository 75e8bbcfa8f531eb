"""`tabnine-report render`: a bundle's documents again, from the bundle alone."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from cli.terminal import tell
from reporting.archive import Bundle
from reporting.errors import ArchiveError
from reporting.render.documents import link_of, render_documents


def render(bundle: Annotated[str, Parameter(name="bundle")], /, *, output: Path) -> None:
    """Make the documents of a bundle again, offline.

    Args:
        bundle: The bundle's place, such as reports/acme/2026-10/r1 or s3://bucket/reports/acme/2026-10/r1.
        output: The folder for the documents; files of the same names are replaced.
    """
    kept = Bundle(bundle)
    link = link_of({"email.json": kept.read("email.json")})
    for name, content in render_documents(kept.report(), link=link).items():
        path = output / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        except OSError as error:
            raise ArchiveError(f"{path} cannot be written: {error.strerror}.") from error
    tell(f"{output.resolve() / 'report.html'}")
    tell(f"{output.resolve() / 'report.pdf'}")
