"""The two editions of a report, and the paths of their documents in a bundle.

The executive edition is at `report.pdf`, the full edition at `full/report.pdf`.
"""

from collections.abc import Container
from typing import Literal, get_args

Edition = Literal["executive", "full"]
"""An edition. Content marked `executive` appears in both editions, content marked `full` only in the full one."""

EDITIONS: tuple[Edition, ...] = get_args(Edition)
"""All editions; a later one includes the content of the earlier ones."""


def document_of(edition: Edition, name: str) -> str:
    """Return the path of an edition's document in a bundle, as in `report.pdf` or `full/report.pdf`."""
    return name if edition == "executive" else f"{edition}/{name}"


def editions_among(documents: Container[str]) -> tuple[Edition, ...]:
    """Return the editions that have documents among the paths of a bundle."""
    return tuple(edition for edition in EDITIONS if document_of(edition, "report.html") in documents)
