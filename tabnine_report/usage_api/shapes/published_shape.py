"""Turn a collected shape into one that contains no value of the tenant.

Names. A documented name is written wherever it occurs, except inside a free map. Any other name may be a value, as in a
map by user or by model. It is written only directly in a documented object, which has at least as many documented names
as others, if the others are few, and if all of them look like identifiers that a programmer chose.

Numbers. Rows are counted exactly only in documented lists of periods, whose length follows from the request. The length
of any other list may be a number of people, so it is rounded up to 10, 100, 1000 and so on. The counts of the values in
its rows are scaled to it.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Any

from tabnine_report.usage_api.shapes.json_shape import ARRAY, OBJECT, JsonShape
from tabnine_report.usage_api.shapes.publishable_words import DOCUMENTED_NAMES, FREE_MAPS

ABSENT = "absent"

_IDENTIFIER = re.compile(r"[a-z][A-Za-z]*(_[A-Za-z]+)*\d{0,2}", re.ASCII)
_LONGEST_NAME = 40
_MOST_OTHER_NAMES = 10
_MOST_ROWS = 1_000_000
_PERIODS = ({"from", "to"}, {"year", "month"})


class _Names(Enum):
    """Which names of fields are written."""

    IDENTIFIERS = "documented names, and identifiers in a documented object"
    DOCUMENTED = "documented names"
    NONE = "no names"


def published_shape(responses: JsonShape, most_rows: int | None = None) -> dict[str, Any]:
    """Return the shape of the responses to one query as JSON, as if they were one response.

    Args:
        responses: All responses; the pages of a list are one response.
        most_rows: The most rows that the request allows; None without a limit.
    """
    return _published(responses, responses.seen, 1, _Names.IDENTIFIERS, most_rows)


def magnitude(number: float) -> int:
    """Return a number rounded up to 10, 100, 1000 and so on; 0 for 0."""
    return 10 ** max(1, len(str(math.ceil(number) - 1))) if number else 0


def _published(
    shape: JsonShape, seen: Mapping[str, int], total: int, names: _Names, most_rows: int | None
) -> dict[str, Any]:
    """Return one place of the responses, scaled to a total of occurrences."""
    scaled = _scaled(seen, total)
    published: dict[str, Any] = {"seen": scaled}
    if shape.fields:
        published |= _published_fields(shape, scaled[OBJECT], names, most_rows)
    if shape.items:
        exact = names is _Names.IDENTIFIERS and any(period <= shape.items.fields.keys() for period in _PERIODS)
        rows = _published_rows(shape, scaled[ARRAY], most_rows, exact=exact)
        published |= {"rows": rows, "items": _published(shape.items, shape.items.seen, rows, names, most_rows)}
    return published


def _published_fields(shape: JsonShape, objects: int, names: _Names, most_rows: int | None) -> dict[str, Any]:
    written = _written_names(shape.fields, names)
    fields = {}
    for name in sorted(written):
        part = shape.fields[name]
        seen = part.seen + Counter({ABSENT: shape.seen[OBJECT] - part.seen.total()})
        inside = _names_inside(name, names)
        fields[name] = _published(part, seen, objects, inside, most_rows)
    published: dict[str, Any] = {"fields": fields}
    unnamed = [part for name, part in shape.fields.items() if name not in written]
    if unnamed:
        values = JsonShape()
        for part in unnamed:
            values.merge(part)
        count = magnitude(values.seen.total() / shape.seen[OBJECT])
        inside = _names_inside("", names)
        published["unnamed"] = {
            "names": count,
            "values": _published(values, values.seen, count * objects, inside, most_rows),
        }
    return published


def _names_inside(name: str, names: _Names) -> _Names:
    """Return which names are written inside a field, given those beside it."""
    if name in FREE_MAPS or names is _Names.NONE:
        return _Names.NONE
    return names if name in DOCUMENTED_NAMES else _Names.DOCUMENTED


def _written_names(found: Iterable[str], names: _Names) -> frozenset[str]:
    if names is _Names.NONE:
        return frozenset()
    documented = DOCUMENTED_NAMES.intersection(found)
    others = set(found) - documented
    few = len(others) <= min(len(documented), _MOST_OTHER_NAMES)
    identifiers = all(len(name) <= _LONGEST_NAME and _IDENTIFIER.fullmatch(name) for name in others)
    return documented | others if names is _Names.IDENTIFIERS and few and identifiers else documented


def _published_rows(shape: JsonShape, arrays: int, most_rows: int | None, *, exact: bool) -> int:
    """Return the number of rows in all arrays together, or only its magnitude."""
    per_array = shape.rows / shape.seen[ARRAY]
    if exact:
        return round(per_array * arrays)
    rows = magnitude(per_array) if magnitude(per_array) * arrays <= _MOST_ROWS else 1
    return (rows if most_rows is None else min(rows, most_rows)) * arrays


def _scaled(counts: Mapping[str, int], total: int) -> Counter[str]:
    """Return counts in the same proportions that add up to a total; each kind that occurs stays at least once."""
    found = {kind: count for kind, count in sorted(counts.items()) if count}
    if not found:
        return Counter()
    all_found = sum(found.values())
    scaled = Counter({kind: max(1, count * total // all_found) for kind, count in found.items()})
    while scaled.total() < total:
        scaled[_largest(scaled)] += 1
    while scaled.total() > max(total, len(found)):
        scaled[_largest(scaled)] -= 1
    return scaled


def _largest(counts: Counter[str]) -> str:
    return max(counts, key=counts.__getitem__)
