"""The target as a dashed line over the months of a chart, with its label."""

from collections.abc import Sequence

from tabnine_report.model.kpi import Target
from tabnine_report.model.series import Series
from tabnine_report.render.html.scale import Frame, Label, known_points

_ABOVE, _BELOW = -5, 13
"""The distance between a line and its label, in units of the chart."""


def target_series(target: Target | None) -> tuple[Series, ...]:
    """Return the target's value over the months, as a tuple that is empty if there is none to draw."""
    return (target.line,) if target is not None and target.line is not None else ()


def target_paths(lines: Sequence[Series], frame: Frame) -> tuple[str, ...]:
    """Return the SVG paths of target lines, from the first month with a known target to the last."""
    paths = [[(frame.x(at), frame.y(value)) for at, value, _ in known_points(line.points)] for line in lines]
    return tuple("M" + "L".join(f"{x} {y}" for x, y in path) for path in paths if len(path) > 1)


def target_labels(lines: Sequence[Series], series: Series, frame: Frame) -> tuple[Label, ...]:
    """Label target lines where they are farthest from the values, but neither at the ends nor over a break."""
    values = {at: value for at, value, _ in known_points(series.points)}
    breaks = {at for at, point in enumerate(series.points) if point.period in series.breaks}
    labels = []
    for line in lines:
        distances = [
            (abs(target - values[at]), at, target)
            for at, target, _ in known_points(line.points)
            if at in values and 1 < at < len(line.points) - 2 and breaks.isdisjoint((at, at + 1))
        ]
        if distances:
            _, at, target = max(distances)
            offset = _ABOVE if target >= values[at] else _BELOW
            labels.append(Label(frame.x(at), round(frame.y(target) + offset, 1), line.label))
    return tuple(labels)
