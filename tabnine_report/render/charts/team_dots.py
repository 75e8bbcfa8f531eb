"""A dot plot of the teams: the share of active members last month (hollow) and this month (solid), one row a team."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from tabnine_report.render.charts import svg
from tabnine_report.render.charts.columns import Labeled
from tabnine_report.render.charts.svg import Stroke
from tabnine_report.render.colors import Palette

WIDTH = 154.0
_PADDING = 13.0
_AXIS_HEIGHT = 18.0
_LABEL_GAP = 3.0


@dataclass(frozen=True)
class ShareScale:
    """The scale of the plot: shares from 0 to 1.

    Attributes:
        low: The share at the left edge.
        high: The share at the right edge.
        marks: The shares with a vertical line, each with its label; an empty label is not drawn.
        organization: The share of the whole organization, drawn through all rows; None if it is unknown.
    """

    low: float
    high: float
    marks: Sequence[Labeled]
    organization: Labeled | None

    def x(self, share: float) -> float:
        """Return the x coordinate of a share, within the plot."""
        within = min(max(share, self.low), self.high)
        return _PADDING + (WIDTH - 2 * _PADDING) * (within - self.low) / (self.high - self.low)


def team_dots(  # noqa: PLR0913 - each is one element of the row
    before: float | None,
    now: float | None,
    title: str,
    colors: Palette,
    *,
    scale: ShareScale,
    small: bool,
    height: float = 25.5,
) -> Markup:
    """Return the row of one team. It is as high as the table's row, so that the vertical lines meet.

    Args:
        before: The share of active members last month; None if unknown.
        now: The share of active members this month; None if unknown.
        title: The text alternative, with the numbers of people.
        colors: The palette.
        scale: The scale.
        small: Whether the team is so small that one person changes the share visibly; its dots are small and gray.
        height: The height of the row, in points.
    """
    y = height / 2
    color, radius = (colors.axis, 2.1) if small else (colors.accent, 3.0)
    elements = [
        svg.line((scale.x(mark.amount), 0), (scale.x(mark.amount), height), Stroke(colors.rule, 0.6))
        for mark in scale.marks
    ]
    if scale.organization is not None:
        x = scale.x(scale.organization.amount)
        elements.append(svg.line((x, 0), (x, height), Stroke(colors.ink, 0.8)))
    if now is not None and before is not None and before != now:
        elements += [
            svg.line((scale.x(before), y), (scale.x(now), y), Stroke(color, 1.0)),
            svg.dot((scale.x(before), y), radius - 0.4, "#ffffff", Stroke(color, 0.9)),
        ]
    if now is not None:
        elements.append(svg.dot((scale.x(now), y), radius, color))
    return svg.chart(WIDTH, height, title, elements, "dots")


def team_scale(title: str, colors: Palette, *, scale: ShareScale) -> Markup:
    """Return the scale above the rows; the organization's share takes the place of the labels that it would cover."""
    y = _AXIS_HEIGHT - 4
    organization = scale.organization
    taken = _span(organization, scale) if organization is not None else None
    elements = [
        svg.text((scale.x(mark.amount), y), mark.label, colors.quiet, anchor="middle")
        for mark in scale.marks
        if mark.label and not _overlap(taken, _span(mark, scale))
    ]
    if organization is not None and taken is not None:
        place = (sum(taken) / 2, y)
        elements.append(svg.text(place, organization.label, colors.ink, anchor="middle", strong=True))
    return svg.chart(WIDTH, _AXIS_HEIGHT, title, elements, "dots")


def _span(label: Labeled, scale: ShareScale) -> tuple[float, float]:
    """Return the left and right end of a label, which is moved into the chart if it would leave it."""
    half = svg.text_width(label.label) / 2
    middle = min(max(scale.x(label.amount), half), WIDTH - half)
    return middle - half, middle + half


def _overlap(taken: tuple[float, float] | None, span: tuple[float, float]) -> bool:
    """Return whether two labels would touch."""
    return taken is not None and span[0] < taken[1] + _LABEL_GAP and taken[0] < span[1] + _LABEL_GAP
