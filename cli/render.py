"""`tabnine-report render`: a bundle's documents again, from the bundle alone."""

import json
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from cli.terminal import tell
from reporting.archive import Bundle
from reporting.errors import ArchiveError
from reporting.render.documents import render_documents


def render(bundle: Annotated[Path, Parameter(name="bundle")], /, *, output: Path) -> None:
    """Make the documents of a bundle again, offline.

    Args:
        bundle: The bundle's folder, such as reports/acme/2026-10/r1.
        output: The folder for the documents; files of the same names are replaced.
    """
    kept = Bundle(bundle)
    for name, content in render_documents(kept.report(), link=_link(kept)).items():
        path = output / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        except OSError as error:
            raise ArchiveError(f"{path} cannot be written: {error.strerror}.") from error
    tell(f"{output.resolve() / 'report.html'}")
    tell(f"{output.resolve() / 'report.pdf'}")


def _link(bundle: Bundle) -> str:
    """Give the address that the bundle's own messages named, so that they come out the same."""
    link: str = json.loads(bundle.read("email.json"))["link"]
    return link
