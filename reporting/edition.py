"""The two editions of a report, and what their documents are called.

The executive edition stands at a bundle's own names, `report.pdf`; the full one beside it, `full/report.pdf`.
"""

from typing import Literal, get_args

Edition = Literal["executive", "full"]
"""Whom something is for: `executive` is for every reader, `full` not for executives."""

EDITIONS: tuple[Edition, ...] = get_args(Edition)
"""All editions, what the later ones say includes what the earlier ones say."""


def document_of(edition: Edition, name: str) -> str:
    """Give the path in a bundle of an edition's document, as `report.pdf` or `full/report.pdf`."""
    return name if edition == "executive" else f"{edition}/{name}"
