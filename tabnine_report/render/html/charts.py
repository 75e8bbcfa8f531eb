"""Where everything in a chart stands: points, bars, ticks and labels computed from a series; a template draws them.

Lines and bars both start from zero. A value that is missing leaves a gap with a word, a partial one is hollow, and no
line runs over a break in the way of counting. Only numbers, dates and words of the catalog stand in a chart: a name
from the data never does, since SVG text cannot write every script.
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
from tabnine_report.render.html.target_line import aimed_at, line_of, names_of
from tabnine_report.text.i18n import Language

_BREAK_LINE = 10.0
"""The line that the name of a break stands on, above the numbers."""
_LABEL_ROOM = 46
"""Below this width in units a gap's word stands upright."""


@dataclass(frozen=True)
class Mark:
    """A point of a line, or a bar: its middle, its upper end and, for a bar, its size."""

    x: float
    y: float
    current: bool
    partial: bool
    width: float = 0.0
    height: float = 0.0


@dataclass(frozen=True)
class Chart:
    """Everything that is drawn, in the chart's own units.

    Attributes:
        name: Distinguishes the chart in a document and names its file.
        title: What it shows in one sentence with the numbers that matter: its text alternative.
        description: Every number.
        size: Its size and margins.
        grid: The lines of the scale with their numbers; empty in a sparkline.
        ticks: The periods under the axis.
        shades: Left edge and width of what is shaded behind the bars.
        paths: The line, a path a stretch without gap or break.
        marks: The points that are drawn, or the bars.
        labels: Numbers beside marks, and words in gaps.
        breaks: Where the way of counting changed, each with its name.
        target: What was aimed at, a dashed line; empty where there is no target.
        backs: Columns behind the marks, the wholes that these are parts of.
        aims: What was aimed at, a tick across each column.
    """

    name: str
    title: str
    description: str
    size: Size
    grid: tuple[Label, ...] = ()
    ticks: tuple[Label, ...] = ()
    shades: tuple[tuple[float, float], ...] = ()
    paths: tuple[str, ...] = ()
    marks: tuple[Mark, ...] = ()
    labels: tuple[Label, ...] = ()
    breaks: tuple[Label, ...] = ()
    target: tuple[str, ...] = ()
    backs: tuple[Mark, ...] = ()
    aims: tuple[str, ...] = ()

    @property
    def floor(self) -> float:
        """Where zero lies."""
        return self.size.height - self.size.bottom


def line_chart(  # noqa: PLR0913 - the two last are for one kind of chart each
    name: str,
    series: Series,
    language: Language,
    size: Size,
    *,
    highest: float | None = None,
    target: Target | None = None,
) -> Chart:
    """Lay a series out as a line over time.

    Args:
        name: The chart's name.
        series: What to show; a series without any value gives an empty scale with the words why.
        language: Writes numbers and periods.
        size: One of this module's sizes.
        highest: The largest value of the scale, where several charts share one.
        target: What was aimed at, drawn and named where it has a line.
    """
    aim = line_of(target)
    if aim:
        highest = highest_value([series, *aim])
    frame, grid = scale(series.points, language, size, highest)
    stretches = list(_stretches(series))
    last = len(series.points) - 1
    marks = tuple(
        Mark(frame.x(at), frame.y(value), current=at == last, partial=partial)
        for at, value, partial in known_points(series.points)
        # Points inside a stretch are only drawn where they say something: the end, the uncertain and the lonely.
        if at == last or partial or [at] in stretches
    )
    return Chart(
        name=name,
        title=summary(series, language, target),
        description=description(series, language),
        size=size,
        grid=grid,
        ticks=ticks(series.points, frame, language),
        target=aimed_at(aim, frame),
        paths=_paths(series.points, stretches, frame),
        marks=marks,
        labels=(
            *_ends(series.points, frame, language),
            *gaps_of(series.points, frame, language),
            *names_of(aim, series, frame),
        ),
        breaks=breaks_of(series, frame, language),
    )


def bar_chart(
    name: str,
    series: Series,
    language: Language,
    size: Size,
    *,
    days_off: Sequence[date] | None = None,
) -> Chart:
    """Lay a series out as bars from zero.

    Args:
        name: The chart's name.
        series: What to show.
        language: Writes numbers and periods.
        size: One of this module's sizes.
        days_off: Given where the periods are the days of the reported month: which of them are shaded. Every bar is
            then drawn as of the reported month, otherwise the last one only.
    """
    frame, grid = scale(series.points, language, size, None)
    last = len(series.points) - 1
    floor = frame.y(0)
    every = days_off is not None
    off = {day.isoformat() for day in days_off or ()}
    width = round(frame.slot * 0.68, 1)
    marks = tuple(
        Mark(frame.x(at), frame.y(value), every or at == last, partial, width, round(floor - frame.y(value), 1))
        for at, value, partial in known_points(series.points)
    )
    told = (
        _above(series.points, _highest(series.points), frame, language) if every else _beside(series, marks, language)
    )
    return Chart(
        name=name,
        title=summary(series, language),
        description=description(series, language),
        size=size,
        grid=grid,
        ticks=ticks(series.points, frame, language),
        shades=tuple(
            (round(frame.x(at) - frame.slot / 2, 1), round(frame.slot, 1))
            for at, point in enumerate(series.points)
            if point.period in off
        ),
        marks=marks,
        labels=(*told, *gaps_of(series.points, frame, language)),
        breaks=breaks_of(series, frame, language),
    )


def sparkline(name: str, series: Series, language: Language, target: Target | None = None) -> Chart:
    """Lay a series out as a small line without a scale.

    Its lower edge is not zero, but never so high that less than a fifth of the largest value fills it: an ordinary
    month must not look like a collapse.
    """
    aim = line_of(target)
    values = [value for one in (series, *aim) for _, value, _ in known_points(one.points)]
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
        target=aimed_at(aim, frame),
        paths=_paths(series.points, stretches, frame),
        marks=tuple(
            Mark(frame.x(at), frame.y(value), current=at == last, partial=partial)
            for at, value, partial in known_points(series.points)
            if at == last or [at] in stretches
        ),
        labels=tuple(gap for gap in gaps_of(series.points, frame, language) if not gap.upright),
    )


def highest_value(series: Iterable[Series]) -> float:
    """Give the largest value of several series, for a scale that their charts share; 0 when there is none."""
    return max((value for one in series for _, value, _ in known_points(one.points)), default=0.0)


def _stretches(series: Series) -> Iterable[list[int]]:
    """Give the positions that one line may join: known values, without a gap, on one side of every break."""
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
    """Write the first value above the line and the last beside it."""
    known = list(known_points(points))
    last = len(points) - 1
    if known and known[-1][0] == last:
        value = known[-1][1]
        yield Label(
            frame.x(last) + 8, frame.y(value) + 4, _write(points[last].figure, frame, language), "start", strong=True
        )
    if known and known[0][0] < last:
        at, *_ = known[0]
        # Above whatever of the line the number would stand on.
        highest = max(value for position, value, _ in known if (position - at) * frame.slot < _LABEL_ROOM / 2)
        yield Label(frame.x(at) - 2, frame.y(highest) - 7, _write(points[at].figure, frame, language), "start")


def _above(points: Sequence[Point], at: int, frame: Frame, language: Language) -> Iterable[Label]:
    if 0 <= at < len(points) and points[at].figure.value is not None:
        place = frame.y(float(points[at].figure.value or 0)) - 6
        yield Label(frame.x(at), place, _write(points[at].figure, frame, language), strong=True)


def _beside(series: Series, bars: Sequence[Mark], language: Language) -> Iterable[Label]:
    """Write the last period's number beside its bar, where no other bar stands."""
    if bars and bars[-1].current:
        bar, figure = bars[-1], series.points[-1].figure
        yield Label(
            round(bar.x + bar.width / 2 + 4, 1), bar.y + 8, language.value(figure, short=True), "start", strong=True
        )


def _write(figure: Figure, frame: Frame, language: Language) -> str:
    return language.value(figure, short=frame.size.width < WIDE.width)


def _highest(points: Sequence[Point]) -> int:
    return max(known_points(points), key=lambda known: known[1], default=(-1, 0.0, False))[0]


def gaps_of(points: Sequence[Point], frame: Frame, language: Language) -> Iterable[Label]:
    """Write into each gap why there is nothing."""
    states = [point.figure.state if not point.figure.known else None for point in points]
    for state, run in groupby(range(len(points)), key=states.__getitem__):
        positions = list(run)
        if state is not None:
            middle = frame.x((positions[0] + positions[-1]) / 2)
            upright = len(positions) * frame.slot < _LABEL_ROOM
            lonely = len(positions) == len(points)
            yield Label(
                round(middle + 3, 1) if upright else middle,
                frame.middle if lonely else frame.y(frame.low) - 6,
                language.translate(f"chart.{state}"),
                "start" if upright else "middle",
                upright=upright,
            )


def breaks_of(series: Series, frame: Frame, language: Language) -> tuple[Label, ...]:
    """Name each place from which on a series is counted in another way."""
    periods = [point.period for point in series.points]
    places = [
        (periods.index(period), frame.x(periods.index(period) - 0.5)) for period in series.breaks if period in periods
    ]
    half = len(periods) / 2
    return tuple(
        Label(x, _BREAK_LINE, language.translate("chart.break"), "start" if at <= half else "end") for at, x in places
    )
