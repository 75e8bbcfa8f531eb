"""Bullet columns: a part within its whole month by month, with a tick for the part's target.

The whole is an outline that the part fills from below, so that the open rest is visible. A month without the whole has
no outline; a month without the part has a word instead.
"""

from collections.abc import Iterable, Sequence

from tabnine_report.model.kpi import Target
from tabnine_report.model.series import Series
from tabnine_report.render.html.chart_layout import Chart, Mark, break_labels, gap_labels, highest_value
from tabnine_report.render.html.chart_text import description_within, summary_within
from tabnine_report.render.html.scale import Frame, Label, Size, known_points, scale, ticks
from tabnine_report.render.html.target_line import target_series
from tabnine_report.text.i18n import Language

_COLUMN_SHARE = 0.68
"""The width of a column relative to the width of its month."""
_OVERHANG = 2
"""How far the tick of a target extends beyond its column, in units of the chart."""
_LINE_GAP = 26.0
"""The least distance between the two numbers beside the last column, each of which has its name below."""
_NAME_GAP = 12
"""The distance between a number and its name."""


def bullet_columns(  # noqa: PLR0913 - two series with their names
    name: str,
    part: Series,
    whole: Series,
    language: Language,
    size: Size,
    *,
    names: tuple[str, str],
    target: Target | None = None,
) -> Chart:
    """Lay out a part and its whole as columns from zero, one within the other.

    Args:
        name: The chart's name.
        part: The series that fills the columns.
        whole: The whole over the same periods. If it is less than the part, the part covers it.
        language: The language of numbers and periods.
        size: One of the sizes of `tabnine_report.render.html.scale`, with room for the names on the right.
        names: The names of part and whole beside the last column.
        target: The target of the part, drawn as a tick in each month.
    """
    targets = target_series(target)
    frame, grid = scale(part.points, language, size, highest_value([part, whole, *targets]))
    return Chart(
        name=name,
        title=summary_within(part, whole, language, target),
        description=description_within(part, whole, language),
        size=size,
        grid=grid,
        ticks=ticks(part.points, frame, language),
        background_bars=_columns(whole, frame),
        marks=_columns(part, frame),
        target_ticks=tuple(_tick(at, value, frame) for line in targets for at, value, _ in known_points(line.points)),
        labels=(*_last_values((part, whole), names, frame, language), *gap_labels(part.points, frame, language)),
        breaks=break_labels(part, frame, language),
    )


def _columns(series: Series, frame: Frame) -> tuple[Mark, ...]:
    width, last = round(frame.slot * _COLUMN_SHARE, 1), len(series.points) - 1
    return tuple(
        Mark(frame.x(at), frame.y(value), at == last, partial, width, round(frame.y(0) - frame.y(value), 1))
        for at, value, partial in known_points(series.points)
    )


def _tick(at: int, value: float, frame: Frame) -> str:
    half = frame.slot * _COLUMN_SHARE / 2 + _OVERHANG
    return f"M{round(frame.x(at) - half, 1)} {frame.y(value)}H{round(frame.x(at) + half, 1)}"


def _last_values(
    all_series: Sequence[Series], names: Sequence[str], frame: Frame, language: Language
) -> Iterable[Label]:
    """Label the last column with the period's numbers and their names, the highest on top."""
    values = [
        (float(series.points[-1].figure.value), language.value(series.points[-1].figure), name)
        for series, name in zip(all_series, names, strict=True)
        if series.points and series.points[-1].figure.value is not None
    ]
    x = round(frame.x(len(all_series[0].points) - 0.5) + 4, 1)
    previous, lowest = -_LINE_GAP, frame.y(0) + 4 - _NAME_GAP
    for below, (value, number, name) in reversed(list(enumerate(sorted(values)))):
        # Stay above the axis, with room for the names and the lower numbers.
        y = round(min(max(frame.y(value) + 4, previous + _LINE_GAP), lowest - below * _LINE_GAP), 1)
        yield Label(x, y, number, "start", strong=True)
        yield Label(x, round(y + _NAME_GAP, 1), name, "start")
        previous = y
