"""What was aimed at, drawn over the months beside what came of it: a dashed line with its name."""

from collections.abc import Sequence

from tabnine_report.model.kpi import Target
from tabnine_report.model.series import Series
from tabnine_report.render.html.scale import Frame, Label, known_points

_ABOVE, _BELOW = -5, 13
"""How far from the line its name stands, in units of the chart."""


def line_of(target: Target | None) -> tuple[Series, ...]:
    """Give the line of a target; none where there is no target, or it has no line."""
    return (target.line,) if target is not None and target.line is not None else ()


def aimed_at(lines: Sequence[Series], frame: Frame) -> tuple[str, ...]:
    """Give the paths of target lines, from the first month to the last whose target is known."""
    places = [[(frame.x(at), frame.y(value)) for at, value, _ in known_points(line.points)] for line in lines]
    return tuple("M" + "L".join(f"{x} {y}" for x, y in line) for line in places if len(line) > 1)


def names_of(lines: Sequence[Series], series: Series, frame: Frame) -> tuple[Label, ...]:
    """Name target lines where they are farthest from the values, on the far side, not at the ends nor over a break."""
    values = {at: value for at, value, _ in known_points(series.points)}
    broken = {at for at, point in enumerate(series.points) if point.period in series.breaks}
    labels = []
    for line in lines:
        apart = [
            (abs(aim - values[at]), at, aim)
            for at, aim, _ in known_points(line.points)
            if at in values and 1 < at < len(line.points) - 2 and broken.isdisjoint((at, at + 1))
        ]
        if apart:
            _, at, aim = max(apart)
            away = _ABOVE if aim >= values[at] else _BELOW
            labels.append(Label(frame.x(at), round(frame.y(aim) + away, 1), line.label))
    return tuple(labels)
