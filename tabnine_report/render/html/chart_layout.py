"""The layout of line charts, bar charts and sparklines, computed from a series for a template to draw.

Lines and bars start from zero. A missing value is a gap with a word, a partial value is hollow, and no line crosses a
method change. Charts contain only numbers, dates and words of the catalog, never names from the data, because SVG text
cannot write every script.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from tabnine_report.model.figure import Figure
from tabnine_report.model.kpi import Target
from tabnine_report.model.series import Point, Series
from tabnine_report.render.html.chart_text import description, summary
from tabnine_report.render.html.scale import SPARK, WIDE, Frame, Label, Size, known_points, scale, ticks
from tabnine_report.render.html.target_line import target_labels, target_paths, target_series
from tabnine_report.text.i18n import Language

_BREAK_LINE = 10.0
"""The height of the label of a method change, above the numbers."""
_LABEL_ROOM = 46
"""The width, in units of the chart, below which the word in a gap is vertical."""


@dataclass(frozen=True)
class Mark:
    """A point of a line, or a bar: its center, its top and, for a bar, its size."""

    x: float
    y: float
    current: bool
    partial: bool
    width: float = 0.0
    height: float = 0.0


@dataclass(frozen=True)
class Chart:
    """The elements of a chart, in the chart's own units.

    Attributes:
        name: The name that identifies the chart in a document and is the name of its file.
        title: The text alternative: one sentence with the main numbers.
        description: Every number, as text.
        size: Size and margins.
        grid: The lines of the scale with their numbers; empty in a sparkline.
        ticks: The labels of the periods below the axis.
        shaded: Left edge and width of each shaded area behind the bars.
        paths: The line, one path for each stretch without a gap or a method change.
        marks: The points or bars.
        labels: Numbers beside marks, and words in gaps.
        breaks: The labels of method changes.
        target_paths: The target as dashed lines.
        background_bars: Columns behind the marks: the wholes that the marks are parts of.
        target_ticks: The target as a tick across each column.
    """

    name: str
    title: str
    description: str
    size: Size
    grid: tuple[Label, ...] = ()
    ticks: tuple[Label, ...] = ()
    shaded: tuple[tuple[float, float], ...] = ()
    paths: tuple[str, ...] = ()
    marks: tuple[Mark, ...] = ()
    labels: tuple[Label, ...] = ()
    breaks: tuple[Label, ...] = ()
    target_paths: tuple[str, ...] = ()
    background_bars: tuple[Mark, ...] = ()
    target_ticks: tuple[str, ...] = ()

    @property
    def floor(self) -> float:
        """The height of zero."""
        return self.size.height - self.size.bottom


def line_chart(  # noqa: PLR0913 - the last two are for one kind of chart each
    name: str,
    series: Series,
    language: Language,
    size: Size,
    *,
    highest: float | None = None,
    target: Target | None = None,
) -> Chart:
    """Lay out a series as a line over time.

    Args:
        name: The chart's name.
        series: The series; without any value the chart is an empty scale with the reason.
        language: The language of numbers and periods.
        size: One of the sizes of `tabnine_report.render.html.scale`.
        highest: The largest value of the scale, if several charts share it.
        target: The target, drawn and labeled if it has a value over time.
    """
    targets = target_series(target)
    if targets:
        highest = highest_value([series, *targets])
    frame, grid = scale(series.points, language, size, highest)
    stretches = list(_stretches(series))
    last = len(series.points) - 1
    marks = tuple(
        Mark(frame.x(at), frame.y(value), current=at == last, partial=partial)
        for at, value, partial in known_points(series.points)
        # Of the points of a line, only the last, partial and isolated ones are drawn.
        if at == last or partial or [at] in stretches
    )
    return Chart(
        name=name,
        title=summary(series, language, target),
        description=description(series, language),
        size=size,
        grid=grid,
        ticks=ticks(series.points, frame, language),
        target_paths=target_paths(targets, frame),
        paths=_paths(series.points, stretches, frame),
        marks=marks,
        labels=(
            *_ends(series.points, frame, language),
            *gap_labels(series.points, frame, language),
            *target_labels(targets, series, frame),
        ),
        breaks=break_labels(series, frame, language),
    )


def bar_chart(
    name: str,
    series: Series,
    language: Language,
    size: Size,
    *,
    days_off: Sequence[date] | None = None,
) -> Chart:
    """Lay out a series as bars from zero.

    Args:
        name: The chart's name.
        series: The series.
        language: The language of numbers and periods.
        size: One of the sizes of `tabnine_report.render.html.scale`.
        days_off: The shaded days, if the periods are the days of the reported month. All bars then have the accent
            color; otherwise only the last one has it.
    """
    frame, grid = scale(series.points, language, size, None)
    last = len(series.points) - 1
    floor = frame.y(0)
    is_daily = days_off is not None
    off = {day.isoformat() for day in days_off or ()}
    width = round(frame.slot * 0.68, 1)
    marks = tuple(
        Mark(frame.x(at), frame.y(value), is_daily or at == last, partial, width, round(floor - frame.y(value), 1))
        for at, value, partial in known_points(series.points)
    )
    values = (
        _value_above(series.points, _highest(series.points), frame, language)
        if is_daily
        else _value_beside(series, marks, language)
    )
    return Chart(
        name=name,
        title=summary(series, language),
        description=description(series, language),
        size=size,
        grid=grid,
        ticks=ticks(series.points, frame, language),
        shaded=tuple(
            (round(frame.x(at) - frame.slot / 2, 1), round(frame.slot, 1))
            for at, point in enumerate(series.points)
            if point.period in off
        ),
        marks=marks,
        labels=(*values, *gap_labels(series.points, frame, language)),
        breaks=break_labels(series, frame, language),
    )


def sparkline(name: str, series: Series, language: Language, target: Target | None = None) -> Chart:
    """Lay out a series as a small line without a scale.

    It does not start from zero, but it spans at least a fifth of the largest value, so that an ordinary change does not
    look like a collapse.
    """
    targets = target_series(target)
    values = [value for line in (series, *targets) for _, value, _ in known_points(line.points)]
    high = max(values, default=1.0)
    low = max(0.0, min(min(values, default=0.0), high * 0.8))
    frame = Frame(SPARK, len(series.points), low, high if high > low else low + 1.0)
    stretches = list(_stretches(series))
    last = len(series.points) - 1
    return Chart(
        name=name,
        title=summary(series, language, target),
        description=description(series, language),
        size=SPARK,
        target_paths=target_paths(targets, frame),
        paths=_paths(series.points, stretches, frame),
        marks=tuple(
            Mark(frame.x(at), frame.y(value), current=at == last, partial=partial)
            for at, value, partial in known_points(series.points)
            if at == last or [at] in stretches
        ),
        labels=tuple(gap for gap in gap_labels(series.points, frame, language) if not gap.upright),
    )


def highest_value(series: Iterable[Series]) -> float:
    """Return the largest value of several series, for a scale that their charts share; 0 if there is none."""
    return max((value for one in series for _, value, _ in known_points(one.points)), default=0.0)


def _stretches(series: Series) -> Iterable[list[int]]:
    """Yield the positions that one line can join: known values without a gap or a method change between them."""
    side = 0
    sides: list[tuple[bool, int]] = []
    for point in series.points:
        side += point.period in series.breaks
        sides.append((point.figure.known, side))
    for (known, _), positions in groupby(range(len(sides)), key=sides.__getitem__):
        if known:
            yield list(positions)


def _paths(points: Sequence[Point], stretches: Sequence[Sequence[int]], frame: Frame) -> tuple[str, ...]:
    return tuple(
        "M" + "L".join(f"{frame.x(at)} {frame.y(float(points[at].figure.value or 0))}" for at in stretch)
        for stretch in stretches
        if len(stretch) > 1
    )


def _ends(points: Sequence[Point], frame: Frame, language: Language) -> Iterable[Label]:
    """Label the first value above the line and the last one beside it."""
    known = list(known_points(points))
    last = len(points) - 1
    if known and known[-1][0] == last:
        value = known[-1][1]
        yield Label(
            frame.x(last) + 8, frame.y(value) + 4, _write(points[last].figure, frame, language), "start", strong=True
        )
    if known and known[0][0] < last:
        at, *_ = known[0]
        # High enough not to cover the line below the number.
        highest = max(value for position, value, _ in known if (position - at) * frame.slot < _LABEL_ROOM / 2)
        yield Label(frame.x(at) - 2, frame.y(highest) - 7, _write(points[at].figure, frame, language), "start")


def _value_above(points: Sequence[Point], at: int, frame: Frame, language: Language) -> Iterable[Label]:
    if 0 <= at < len(points) and points[at].figure.value is not None:
        place = frame.y(float(points[at].figure.value or 0)) - 6
        yield Label(frame.x(at), place, _write(points[at].figure, frame, language), strong=True)


def _value_beside(series: Series, bars: Sequence[Mark], language: Language) -> Iterable[Label]:
    """Label the last bar beside it, where there is no other bar."""
    if bars and bars[-1].current:
        bar, figure = bars[-1], series.points[-1].figure
        yield Label(
            round(bar.x + bar.width / 2 + 4, 1), bar.y + 8, language.value(figure, short=True), "start", strong=True
        )


def _write(figure: Figure, frame: Frame, language: Language) -> str:
    return language.value(figure, short=frame.size.width < WIDE.width)


def _highest(points: Sequence[Point]) -> int:
    return max(known_points(points), key=lambda known: known[1], default=(-1, 0.0, False))[0]


def gap_labels(points: Sequence[Point], frame: Frame, language: Language) -> Iterable[Label]:
    """Label each gap with the reason for it."""
    states = [point.figure.state if not point.figure.known else None for point in points]
    for state, run in groupby(range(len(points)), key=states.__getitem__):
        positions = list(run)
        if state is not None:
            middle = frame.x((positions[0] + positions[-1]) / 2)
            upright = len(positions) * frame.slot < _LABEL_ROOM
            all_missing = len(positions) == len(points)
            yield Label(
                round(middle + 3, 1) if upright else middle,
                frame.middle if all_missing else frame.y(frame.low) - 6,
                language.translate(f"chart.{state}"),
                "start" if upright else "middle",
                upright=upright,
            )


def break_labels(series: Series, frame: Frame, language: Language) -> tuple[Label, ...]:
    """Label the method changes of a series."""
    periods = [point.period for point in series.points]
    places = [
        (periods.index(period), frame.x(periods.index(period) - 0.5)) for period in series.breaks if period in periods
    ]
    half = len(periods) / 2
    return tuple(
        Label(x, _BREAK_LINE, language.translate("chart.break"), "start" if at <= half else "end") for at, x in places
    )
