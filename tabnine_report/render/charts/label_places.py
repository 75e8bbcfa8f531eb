"""Places for labels at which they cover neither each other nor the lines of a chart."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, pairwise

from tabnine_report.render.charts import svg
from tabnine_report.render.charts.svg import Anchor, Box, Position

Place = tuple[Position, Anchor]
"""The position of a label on its base line, and the part of the label that is there."""

_ABOVE, _BELOW, _FARTHEST = 4.5, 8.5, 80
"""The distances of a label's base line from a line below and above it, and the farthest distance, in points."""
_COARSE = 4
"""The distance between two places of a search all over the chart, in points."""
_GAP = 1.0
"""The least distance between a label and a line, in points."""


class LabelPlaces:
    """Finds places for labels, and keeps each place that it found clear of later labels.

    Args:
        bounds: The rectangle that no label leaves.
    """

    def __init__(self, bounds: Box) -> None:
        self._bounds = bounds
        self._boxes: list[Box] = []
        self._areas: list[tuple[Sequence[Position], Sequence[Position]]] = []

    def keep_clear(self, box: Box) -> None:
        """Keep a rectangle clear of labels."""
        self._boxes.append(box)

    def keep_clear_of_area(self, upper: Sequence[Position], lower: Sequence[Position]) -> None:
        """Keep the area between two lines clear of labels; both lines go from left to right, and may be the same."""
        self._areas.append((upper, lower))

    def find(self, content: str, places: Iterable[Place], *, is_needed: bool = False) -> Place | None:
        """Return the first place at which a label is clear of everything; None for an empty label or without one.

        Args:
            content: The label.
            places: The places, best first.
            is_needed: Whether any other place within the bounds is better than none.
        """
        wanted = chain(places, self._everywhere()) if is_needed else places
        for position, anchor in wanted if content else ():
            box = svg.text_box(position, content, anchor)
            if self._is_clear(box):
                self.keep_clear(box)
                return position, anchor
        return None

    def _everywhere(self) -> Iterator[Place]:
        """Yield places all over the rectangle, from its right end on."""
        left, top, width, height = self._bounds
        for from_right in range(0, int(width), _COARSE):
            for below in range(0, int(height), _COARSE):
                yield (left + width - from_right, top + below), "end"

    def _is_clear(self, box: Box) -> bool:
        x, y, width, height = box
        left, top, most_width, most_height = self._bounds
        is_within = left <= x and top <= y and x + width <= left + most_width and y + height <= top + most_height
        return (
            is_within
            and not any(overlap(box, taken) for taken in self._boxes)
            and not any(_crosses(box, *area) for area in self._areas)
        )


def overlap(box: Box, other: Box) -> bool:
    """Return whether two rectangles overlap."""
    (x, y, width, height), (other_x, other_y, other_width, other_height) = box, other
    return x < other_x + other_width and other_x < x + width and y < other_y + other_height and other_y < y + height


def around(x: float, heights: Sequence[float], anchor: Anchor, *, is_below_first: bool = False) -> Iterator[Place]:
    """Yield places above and below a part of a line, ever farther from it.

    Args:
        x: The x coordinate of the label.
        heights: The y coordinates of the line along the label.
        anchor: The part of the label that is at the x coordinate.
        is_below_first: Whether a place below the line is preferred to one above it.
    """
    for distance in range(0, _FARTHEST, 2):
        sides = (min(heights) - _ABOVE - distance, max(heights) + _BELOW + distance)
        for y in reversed(sides) if is_below_first else sides:
            yield (x, y), anchor


def heights_between(line: Sequence[Position], left: float, right: float) -> list[float]:
    """Return the y coordinates of the corners of a line between two x coordinates, and of its points there."""
    heights = [y for x, y in line if left <= x <= right]
    for (start, start_y), (end, end_y) in pairwise(line):
        crossed = (x for x in (left, right) if start < end and start <= x <= end)
        heights += [start_y + (end_y - start_y) * (x - start) / (end - start) for x in crossed]
    return heights


def _crosses(box: Box, upper: Sequence[Position], lower: Sequence[Position]) -> bool:
    x, y, width, height = box
    heights = [each for line in (upper, lower) for each in heights_between(line, x, x + width)]
    return bool(heights) and min(heights) < y + height + _GAP and y - _GAP < max(heights)
