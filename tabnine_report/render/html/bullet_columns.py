"""A part within its whole, month by month: stacked columns with a tick where the part was meant to reach.

The whole is an outline and the part fills it from below, so that what is left open is the rest. A month without the
whole has no outline, one without the part says so in a word.
"""

from collections.abc import Iterable, Sequence

from tabnine_report.model.kpi import Target
from tabnine_report.model.series import Series
from tabnine_report.render.html.chart_text import description_within, summary_within
from tabnine_report.render.html.charts import Chart, Mark, breaks_of, gaps_of, highest_value
from tabnine_report.render.html.scale import Frame, Label, Size, known_points, scale, ticks
from tabnine_report.render.html.target_line import line_of
from tabnine_report.text.i18n import Language

_FILLED = 0.68
"""How much of a month's room its column takes."""
_OVERHANG = 2
"""How far a target's tick stands out of its column, in units of the chart."""
_APART = 26.0
"""The least distance between two numbers beside the last column, each with its name under it."""
_NAME = 12
"""How far under its number a name stands."""


def bullet_columns(  # noqa: PLR0913 - two series, and how they are told
    name: str,
    part: Series,
    whole: Series,
    language: Language,
    size: Size,
    *,
    called: tuple[str, str],
    target: Target | None = None,
) -> Chart:
    """Lay a part and its whole out as columns from zero, one within the other.

    Args:
        name: The chart's name.
        part: What fills the columns.
        whole: What they are a part of, over the same periods. Where it is less than the part, the part covers it.
        language: Writes numbers and periods.
        size: One of `tabnine_report.render.html.scale`, with room on the right for the names.
        called: What the part and the whole are called beside the last column.
        target: What the part was meant to reach, a tick a month; nothing where there is none.
    """
    aim = line_of(target)
    frame, grid = scale(part.points, language, size, highest_value([part, whole, *aim]))
    return Chart(
        name=name,
        title=summary_within(part, whole, language, target),
        description=description_within(part, whole, language),
        size=size,
        grid=grid,
        ticks=ticks(part.points, frame, language),
        backs=_columns(whole, frame),
        marks=_columns(part, frame),
        aims=tuple(_tick(at, value, frame) for line in aim for at, value, _ in known_points(line.points)),
        labels=(*_beside((part, whole), called, frame, language), *gaps_of(part.points, frame, language)),
        breaks=breaks_of(part, frame, language),
    )


def _columns(series: Series, frame: Frame) -> tuple[Mark, ...]:
    width, last = round(frame.slot * _FILLED, 1), len(series.points) - 1
    return tuple(
        Mark(frame.x(at), frame.y(value), at == last, partial, width, round(frame.y(0) - frame.y(value), 1))
        for at, value, partial in known_points(series.points)
    )


def _tick(at: int, value: float, frame: Frame) -> str:
    reach = frame.slot * _FILLED / 2 + _OVERHANG
    return f"M{round(frame.x(at) - reach, 1)} {frame.y(value)}H{round(frame.x(at) + reach, 1)}"


def _beside(series: Sequence[Series], called: Sequence[str], frame: Frame, language: Language) -> Iterable[Label]:
    """Write the last period's numbers and what they are called beside its column, the highest on top."""
    told = [
        (float(one.points[-1].figure.value), language.value(one.points[-1].figure), word)
        for one, word in zip(series, called, strict=True)
        if one.points and one.points[-1].figure.value is not None
    ]
    x, above, lowest = round(frame.x(len(series[0].points) - 0.5) + 4, 1), -_APART, frame.y(0) + 4 - _NAME
    for below, (value, number, word) in reversed(list(enumerate(sorted(told)))):
        # Not under the axis: a value near zero has its name, and those of the lower ones, on top of it.
        y = round(min(max(frame.y(value) + 4, above + _APART), lowest - below * _APART), 1)
        yield Label(x, y, number, "start", strong=True)
        yield Label(x, round(y + _NAME, 1), word, "start")
        above = y
