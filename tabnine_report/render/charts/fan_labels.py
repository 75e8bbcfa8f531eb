"""The labels within the chart of accounts: the names of its lines, the distances between them, and a partial month."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from tabnine_report.render.charts import svg
from tabnine_report.render.charts.label_places import LabelPlaces, Place, around, heights_between
from tabnine_report.render.charts.svg import Box, Position
from tabnine_report.render.colors import Palette

_LINE_HEIGHT = 9.0
_TO_MIDDLE = 2.6
"""The distance from the middle of a line of text to its base line, in points."""
_DOT = 3.4
"""The room for a dot, from its middle."""
_BESIDE = 6.0
"""The distance of a label from the reported month, in points."""
_NEAR = 12
"""How far a name beside a dot may be above or below it, in points."""


@dataclass(frozen=True)
class FanLabels:
    """The labels of lines and distances; an empty one is not drawn.

    Attributes:
        accounts: At the start and at the end of the line of accounts.
        users: At the start and at the end of the line of active users.
        seats: At the end of the line of seats.
        unassigned: Between seats and accounts.
        inactive: Between accounts and active users.
        partial: Beside the first month whose active users are partial.
    """

    accounts: tuple[str, str]
    users: tuple[str, str]
    seats: str
    unassigned: str
    inactive: str
    partial: str = ""


@dataclass(frozen=True)
class FanLines:
    """What the labels must not cover, in the coordinates of the chart; each line goes from left to right.

    Attributes:
        bounds: The rectangle that no label leaves.
        accounts: The line of accounts, which ends in the reported month.
        users: The line of active users, which ends there, too.
        partial: The first month whose active users are partial; None without one.
        areas: The upper and the lower edge of everything else: seats, notice deadline and range.
    """

    bounds: Box
    accounts: Sequence[Position]
    users: Sequence[Position]
    partial: Position | None
    areas: Sequence[tuple[Sequence[Position], Sequence[Position]]]


def fan_labels(labels: FanLabels, lines: FanLines, seats: float, colors: Palette) -> Iterator[Markup]:
    """Yield the labels on white, most important first; one for which there is no place is left out.

    Args:
        labels: The labels.
        lines: What they must not cover.
        seats: The y coordinate of the seats.
        colors: The palette.
    """
    places = LabelPlaces(lines.bounds)
    for upper, lower in (*lines.areas, (lines.accounts, lines.accounts), (lines.users, lines.users)):
        places.keep_clear_of_area(upper, lower)
    x, accounts = lines.accounts[-1]
    users = lines.users[-1][1]
    top, bottom = min(seats, accounts, users), max(accounts, users)
    places.keep_clear((x - _DOT, top - _DOT, 2 * _DOT, bottom - top + 2 * _DOT))
    are_near = users - accounts < 2 * _LINE_HEIGHT
    for content, wanted, color, is_strong in (
        (
            labels.accounts[1],
            _at_end(lines.accounts, labels.accounts[1], _LINE_HEIGHT, is_beside=not are_near),
            colors.quiet,
            True,
        ),
        (
            labels.users[1],
            _at_end(lines.users, labels.users[1], _TO_MIDDLE, is_beside=not are_near, is_below_first=are_near),
            colors.accent,
            True,
        ),
        (labels.unassigned, _between(x, seats, accounts), colors.ink, False),
        (labels.inactive, _between(x, accounts, users), colors.ink, False),
        (labels.accounts[0], _at_start(lines.accounts, labels.accounts[0]), colors.quiet, True),
        (labels.users[0], _at_start(lines.users, labels.users[0]), colors.accent, True),
        (labels.partial, _at_dot(lines.partial), colors.quiet, False),
    ):
        place = places.find(content, wanted, is_needed=content in (labels.accounts[1], labels.users[1]))
        if place is not None:
            position, anchor = place
            yield svg.rect(svg.text_box(position, content, anchor), "#ffffff")
            yield svg.text(position, content, color, anchor=anchor, strong=is_strong)


def _at_end(
    line: Sequence[Position], name: str, below: float, *, is_beside: bool, is_below_first: bool = False
) -> Iterator[Place]:
    """Yield places for the name at a line's end: right of its dot, then left of it, above or below the line."""
    x, y = line[-1]
    for away in range(0, _NEAR, 2) if is_beside else ():
        yield (x + _BESIDE, y + below + away), "start"
        yield (x + _BESIDE, y + below - away), "start"
    heights = heights_between(line, x - _BESIDE - svg.text_width(name), x)
    yield from around(x - _BESIDE, heights, "end", is_below_first=is_below_first)


def _at_start(line: Sequence[Position], name: str) -> Iterator[Place]:
    x = line[0][0] + 2
    yield from around(x, heights_between(line, x, x + svg.text_width(name)), "start")


def _between(x: float, upper: float, lower: float) -> Iterator[Place]:
    """Yield places for the label of a distance, left of the reported month."""
    for away in range(0, max(int(lower - upper - svg.TEXT_SIZE) // 2, 0), 2):
        yield (x - _BESIDE, (upper + lower) / 2 + _TO_MIDDLE + away), "end"
        yield (x - _BESIDE, (upper + lower) / 2 + _TO_MIDDLE - away), "end"


def _at_dot(dot: Position | None) -> Iterator[Place]:
    if dot is not None:
        x, y = dot
        yield from around(x, [y - 1, y + 1], "middle", is_below_first=True)
