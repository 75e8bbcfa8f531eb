"""Escape text for Markdown, which Prefect displays."""

import re

_MARKUP = re.compile(r"([\\`*_{}\[\]()#+!|<>~&-])")


def escape_markdown(text: str) -> str:
    """Return a text on one line that Markdown displays literally."""
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))
