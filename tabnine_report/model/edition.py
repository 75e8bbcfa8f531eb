"""The two editions of a report, and what their documents are called.

The executive edition stands at a bundle's own names, `report.pdf`; the full one beside it, `full/report.pdf`.
"""

from collections.abc import Container
from typing import Literal, get_args

Edition = Literal["executive", "full"]
"""Whom something is for: `executive` is for every reader, `full` not for executives."""

EDITIONS: tuple[Edition, ...] = get_args(Edition)
"""All editions, what the later ones say includes what the earlier ones say."""


def document_of(edition: Edition, name: str) -> str:
    """Give the path in a bundle of an edition's document, as `report.pdf` or `full/report.pdf`."""
    return name if edition == "executive" else f"{edition}/{name}"


def editions_among(documents: Container[str]) -> tuple[Edition, ...]:
    """Give the editions whose documents are there, by their paths in a bundle."""
    return tuple(edition for edition in EDITIONS if document_of(edition, "report.html") in documents)
