"""Read the elements of a chart back, to check what it shows."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from itertools import combinations
from typing import get_args

from tabnine_report.render.charts.svg import Anchor, Box, text_box

_NAMESPACE = "{http://www.w3.org/2000/svg}"
_ROUGHLY = 1.5
"""The error of the computed width of a label, in points."""


class Drawing:
    """The elements of an SVG image.

    Args:
        svg: The image; it must be well formed.
    """

    def __init__(self, svg: str) -> None:
        self._root = ET.fromstring(svg)  # noqa: S314 - our own output

    @property
    def title(self) -> str:
        """The text alternative."""
        return self._root.findtext(f"{_NAMESPACE}title") or ""

    @property
    def size(self) -> tuple[float, float]:
        """The width and height, in points."""
        _, _, width, height = map(float, self._root.attrib["viewBox"].split())
        return width, height

    def rects(self, **attributes: str) -> list[tuple[float, float, float, float]]:
        """Return left, top, width and height of the rectangles with these attributes."""
        return [
            (float(found["x"]), float(found["y"]), float(found["width"]), float(found["height"]))
            for found in self._found("rect", attributes)
        ]

    def elements(self, name: str, **attributes: str) -> list[dict[str, str]]:
        """Return the attributes of the elements of a name that have these attributes."""
        return list(self._found(name, attributes))

    @property
    def texts(self) -> list[str]:
        """The labels, in the order in which they are drawn."""
        return [element.text or "" for element in self._root.iter(f"{_NAMESPACE}text")]

    def place(self, label: str) -> tuple[float, float]:
        """Return the position of a label."""
        found = next(element for element in self._root.iter(f"{_NAMESPACE}text") if element.text == label)
        return float(found.attrib["x"]), float(found.attrib["y"])

    def cut_labels(self) -> list[tuple[str]]:
        """Return the labels that the left or right edge cuts off."""
        return [
            (label,)
            for label, (left, _, width, _) in self._labels()
            if left < -_ROUGHLY or left + width > self.size[0] + _ROUGHLY
        ]

    def touching_labels(self) -> list[tuple[str, str]]:
        """Return the pairs of labels that cover each other."""
        return [(one, other) for (one, box), (other, second) in combinations(self._labels(), 2) if _touch(box, second)]

    def _labels(self) -> Iterator[tuple[str, Box]]:
        for element in self._root.iter(f"{_NAMESPACE}text"):
            position = float(element.attrib["x"]), float(element.attrib["y"])
            anchor = next(name for name in get_args(Anchor) if name == element.get("text-anchor", "start"))
            yield element.text or "", text_box(position, element.text or "", anchor)

    def _found(self, name: str, attributes: dict[str, str]) -> Iterator[dict[str, str]]:
        wanted = {key.replace("_", "-"): value for key, value in attributes.items()}
        for element in self._root.iter(f"{_NAMESPACE}{name}"):
            if wanted.items() <= element.attrib.items():
                yield element.attrib


def charts_in(page: str) -> list[Drawing]:
    """Return the charts of an HTML page."""
    return [Drawing(found) for found in re.findall(r'<svg class="chart".*?</svg>', page, re.DOTALL)]


def _touch(one: Box, other: Box) -> bool:
    (left, top, width, height), (other_left, other_top, other_width, other_height) = one, other
    across = min(left + width, other_left + other_width) - max(left, other_left)
    down = min(top + height, other_top + other_height) - max(top, other_top)
    return across > _ROUGHLY and down > _ROUGHLY
