"""Read the elements of a chart back, to check what it shows."""

import xml.etree.ElementTree as ET
from collections.abc import Iterator

_NAMESPACE = "{http://www.w3.org/2000/svg}"


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

    def _found(self, name: str, attributes: dict[str, str]) -> Iterator[dict[str, str]]:
        wanted = {key.replace("_", "-"): value for key, value in attributes.items()}
        for element in self._root.iter(f"{_NAMESPACE}{name}"):
            if wanted.items() <= element.attrib.items():
                yield element.attrib
