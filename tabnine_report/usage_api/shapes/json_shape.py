"""Collect the shape of JSON values: which types occur at which place, and how often. Not yet safe to publish."""

import math
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

OBJECT, ARRAY, EMPTY_ARRAY = "object", "array", "empty array"

_LARGEST_EXACT = 2**53
_MAX_DEPTH = 20
"""What lies deeper is counted, but not described."""

_TEXT_KINDS = {
    "empty text": r"",
    "digits": r"\d+",
    "uuid": r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}",
    "email": r"[^@\s]+@[^@\s]+",
    "month": r"\d{4}-\d{2}",
    "date": r"\d{4}-\d{2}-\d{2}",
    "timestamp": r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z",
    "timestamp with fraction": r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d+Z",
    "timestamp with offset": r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?[+-]\d{2}:?\d{2}",
}
"""The kinds of text that are read differently, each with its pattern; all other text is `text`."""


@dataclass
class JsonShape:
    """What was found at one place of the responses, over all its occurrences.

    Attributes:
        seen: How often each kind of value occurred.
        fields: The fields of the objects, by name.
        items: The rows of the arrays; None if no array had any.
        rows: The number of rows in all arrays together.
    """

    seen: Counter[str] = field(default_factory=Counter)
    fields: dict[str, "JsonShape"] = field(default_factory=dict)
    items: "JsonShape | None" = None
    rows: int = 0

    def add(self, value: Any, depth: int = 0) -> None:  # noqa: ANN401 - any JSON value
        """Add one occurrence."""
        self.seen[kind_of(value)] += 1
        if depth == _MAX_DEPTH:
            return
        if isinstance(value, Mapping):
            for name, part in value.items():
                self.fields.setdefault(name, JsonShape()).add(part, depth + 1)
        elif isinstance(value, list) and value:
            self.rows += len(value)
            self.items = self.items or JsonShape()
            for row in value:
                self.items.add(row, depth + 1)

    def merge(self, other: "JsonShape") -> None:
        """Add all occurrences of another place."""
        self.seen += other.seen
        self.rows += other.rows
        for name, part in other.fields.items():
            self.fields.setdefault(name, JsonShape()).merge(part)
        if other.items:
            self.items = self.items or JsonShape()
            self.items.merge(other.items)


def kind_of(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """Return the kind of a JSON value: its type, or one of the special cases that readers treat differently."""
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int() | float():
            return _kind_of_number(value)
        case str():
            return next((kind for kind, form in _TEXT_KINDS.items() if re.fullmatch(form, value, re.ASCII)), "text")
        case list():
            return ARRAY if value else EMPTY_ARRAY
        case _:
            return OBJECT


def _kind_of_number(number: float) -> str:
    if not math.isfinite(number):
        return "not finite"
    size = "large " if abs(number) > _LARGEST_EXACT else ""
    sign = "negative " if number < 0 else ""
    return f"{sign}{size}{'integer' if isinstance(number, int) else 'number'}"
