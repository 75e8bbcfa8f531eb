"""The tile of a KPI on page one: name, value, change, note, and its months as columns."""

from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from tabnine_report.model.estimate import Estimate
from tabnine_report.model.kpi import Kpi
from tabnine_report.model.month import Month
from tabnine_report.model.series import Series
from tabnine_report.render.charts.kpi_columns import kpi_columns
from tabnine_report.render.charts.svg import QUARTER, TEXT_SIZE, text_width
from tabnine_report.render.colors import Palette
from tabnine_report.render.page_one_text import change_words
from tabnine_report.render.views.alternative_text import summary
from tabnine_report.render.views.history import break_positions, known_from, values
from tabnine_report.text.i18n import Language

_LEAST_MONTHS = 3
"""The number of months from which columns are drawn."""
_NOTE_SEPARATOR = " · "
_GAP = 4.0
"""The least distance between two labels below the columns, in points."""

Size = Literal["large", "medium", "small", "smallest"]
"""The size of a value, which is the name of its CSS class."""

_SIZES: dict[Size, float] = {"large": 21.0, "medium": 17.0, "small": 14.0}
"""The sizes in points."""


@dataclass(frozen=True)
class Ends:
    """The labels below the columns: of the first month, of a method change, and of the last month.

    Attributes:
        first: The first month.
        last: The last month, or the forecast's.
        at: The position of the month of a method change, in percent of the width; None if there is no room for it.
        at_label: The name of that month.
    """

    first: str
    last: str
    at: float | None
    at_label: str


@dataclass(frozen=True)
class Tile:
    """A KPI on page one.

    Attributes:
        name: Its name.
        value: Its value in words, or why there is none.
        size: The size of the value; the smallest one for a value that is not known.
        arrow: `▲` or `▼`, or nothing.
        change: The change against the previous month, without its sign.
        percent: The change in percent, in parentheses; may be empty.
        note: The lines of the note, or the reason why there is no value.
        chart: Its months as columns; None with too few months.
        ends: The labels below the columns.
    """

    name: str
    value: str
    size: Size
    arrow: str
    change: str
    percent: str
    note: tuple[str, ...]
    chart: Markup | None
    ends: Ends | None


def tile(kpi: Kpi, language: Language, colors: Palette, forecast: Estimate | None = None) -> Tile:
    """Return the tile of a KPI.

    Args:
        kpi: The KPI.
        language: The language of the figures.
        colors: The palette.
        forecast: The estimate for the month after the reported one; None if there is none, or it has no value.
    """
    arrow, change, percent = change_words(kpi.change, language) if kpi.figure.known else ("", "", "")
    expected = forecast.high.value if forecast else None
    value = language.qualified(kpi.figure, short=True)
    series = known_from(kpi.history)
    drawn = series if series is not None and len(series.points) >= _LEAST_MONTHS else None
    return Tile(
        name=kpi.label,
        value=value,
        size=_value_size(value) if kpi.figure.known else "smallest",
        arrow=arrow,
        change=change,
        percent=percent,
        note=note_lines((kpi.note if kpi.figure.known else "") or kpi.figure.reason),
        chart=None
        if drawn is None
        else kpi_columns(
            values(drawn),
            summary(drawn, language, kpi.target),
            colors,
            breaks=break_positions(drawn),
            forecast=expected,
            limit=_limit(kpi),
        ),
        ends=None if drawn is None else _ends(drawn, language, is_forecast=expected is not None),
    )


def note_lines(note: str) -> tuple[str, ...]:
    """Return the parts of a note, which are printed below each other."""
    return tuple(filter(None, note.split(_NOTE_SEPARATOR)))


def _value_size(value: str) -> Size:
    """Return the largest size in which a value fits into its column."""
    fitting = (name for name, points in _SIZES.items() if text_width(value) * points / TEXT_SIZE <= QUARTER)
    return next(fitting, "smallest")


def _limit(kpi: Kpi) -> float | None:
    """Return a budget or target in the unit of the columns; None for one of a share or of another figure."""
    target = kpi.target
    return target.value.value if target is not None and target.value.unit is kpi.figure.unit else None


def _ends(series: Series, language: Language, *, is_forecast: bool) -> Ends:
    months = [Month.parse(point.period) for point in series.points]
    last = language.month_and_year_short(months[-1])
    if is_forecast:
        following = language.month_and_year_short(months[-1].back(-1))
        last = language.translate("page_summary.forecast_month", month=following)
    first = language.month_and_year_short(months[0])
    breaks = break_positions(series)
    if not breaks or is_forecast:
        return Ends(first, last, None, "")
    label = language.month_short(months[breaks[0]])
    at = (breaks[0] + 0.35) / (len(months) - 0.3)
    half = text_width(label) / 2 + _GAP
    if not text_width(first) + half <= at * QUARTER <= QUARTER - text_width(last) - half:
        return Ends(first, last, None, "")
    return Ends(first, last, round(at * 100, 1), label)
