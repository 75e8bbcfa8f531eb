"""The users of completions, chat and agents over the months, beside all active users."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal, TypeAlias

from markupsafe import Markup

from tabnine_report.model.kpi import Kpi
from tabnine_report.model.month import Month
from tabnine_report.model.report import MonthlyReport
from tabnine_report.model.sections import Feature
from tabnine_report.model.series import Point, Series
from tabnine_report.render.charts import svg
from tabnine_report.render.charts.columns import AxisLabel, Value
from tabnine_report.render.charts.feature_columns import Words, feature_columns
from tabnine_report.render.colors import Palette
from tabnine_report.render.views.alternative_text import summary_within
from tabnine_report.render.views.history import (
    break_positions,
    is_partial,
    known_from,
    month_axis,
    quarterly,
    values,
)
from tabnine_report.text.i18n import Language

FeatureKey: TypeAlias = Literal["completions", "chat", "agent"]

_LEAST_MONTHS = 3
"""The number of months from which columns are drawn."""
_ORDER: tuple[FeatureKey, ...] = ("agent", "chat", "completions")
"""The features from the largest chart to the smallest; one that is not used makes way for the next one."""
_LARGE, _SMALL, _NARROW = (svg.TWO_THIRDS, 226.0), (svg.THIRD, 93.0), (svg.HALF, 190.0)
"""The sizes of the charts in points: of the large one, of those beside it, and of the large one for a phone."""
_PLOT = 25.0
"""The height of a chart that its labels take, in points."""
_LABEL_ROOM = 12.0
"""The height that a label between a column and the line needs, in points."""
_LEAST_LABELED = 0.03
"""The share of the highest value from which a column is labeled."""
_COMPACT = 10_000


@dataclass(frozen=True)
class FeatureChart:
    """The users of a feature.

    Attributes:
        lead: The feature and its number of users.
        sub: What the number is a share of, and what the chart shows; or why there is no number.
        chart: The months as columns; None if none of them has a number.
        narrow: The large chart for a phone; None for the others, which fit.
    """

    lead: str
    sub: str
    chart: Markup | None
    narrow: Markup | None


@dataclass(frozen=True)
class FeatureCharts:
    """The three features: a large chart, and the others beside it at the same scale."""

    large: FeatureChart
    small: tuple[FeatureChart, ...]


def feature_charts(report: MonthlyReport, language: Language, colors: Palette) -> FeatureCharts | None:
    """Return the charts of the three features; None if no feature was used in enough months."""
    whole = known_from(report.adoption.active_users)
    if whole is None or len(whole.points) < _LEAST_MONTHS:
        return None
    by_key: dict[FeatureKey, Feature] = {feature.key: feature for feature in report.feature_usage.features}
    drawn = {key: series for key in _ORDER if (series := _history(by_key[key], whole)) is not None}
    if not drawn:
        return None
    ordered = [*drawn, *(key for key in _ORDER if key not in drawn)]
    highest = _highest([whole, *drawn.values()])

    draw = partial(_chart, whole=whole, highest=highest, language=language, colors=colors)

    def chart(key: FeatureKey) -> FeatureChart:
        is_large = key == ordered[0]
        series = drawn.get(key)
        return FeatureChart(
            lead=_lead(by_key[key].users, language),
            sub=_sub(by_key[key], series, language, is_large=is_large),
            chart=draw(series, size=_LARGE if is_large else _SMALL, is_large=is_large) if series is not None else None,
            narrow=draw(series, size=_NARROW, is_large=True) if series is not None and is_large else None,
        )

    large, *small = (chart(key) for key in ordered)
    return FeatureCharts(large, tuple(small))


def _history(feature: Feature, whole: Series) -> Series | None:
    """Return a feature's users in the months of all active users; None if nobody used it in any of them."""
    history = feature.users.history
    if history is None:
        return None
    points = history.points[-len(whole.points) :]
    used = any(point.figure.value for point in points)
    return history.model_copy(update={"points": points}) if used and len(points) == len(whole.points) else None


def _highest(all_series: Iterable[Series]) -> float:
    return max(point.figure.value or 0 for series in all_series for point in series.points)


def _lead(kpi: Kpi, language: Language) -> str:
    key = "page_usage.feature_partial" if language.qualifier(kpi.figure) else "page_usage.feature"
    return language.translate(key, feature=kpi.label, number=language.value(kpi.figure))


def _sub(feature: Feature, series: Series | None, language: Language, *, is_large: bool) -> str:
    translate = language.translate
    note = feature.users.note if feature.users.figure.known else feature.users.figure.reason
    sentences = [f"{note.rstrip('.')}." if note else ""]
    if series is not None and is_large:
        sentences += [
            translate("page_usage.line"),
            translate("page_summary.hollow") if is_partial(series) else "",
        ]
    elif series is not None:
        sentences.append(translate("page_usage.same_scale"))
    text = " ".join(filter(None, sentences))
    return text[:1].upper() + text[1:]


def _chart(  # noqa: PLR0913 - all but the first one are keyword-only
    series: Series,
    *,
    whole: Series,
    highest: float,
    language: Language,
    colors: Palette,
    size: tuple[float, float],
    is_large: bool,
) -> Markup:
    """Return a feature's chart. A large one labels its columns if there is room for that."""
    width, height = size
    last, points = len(series.points) - 1, list(zip(series.points, whole.points, strict=True))
    is_labeled = (
        is_large
        and _has_room(points, highest, height - _PLOT)
        and svg.text_width(language.compact(highest, least=_COMPACT)) < width / len(points)
    )
    breaks = break_positions(whole)
    current, everybody = series.points[-1].figure, whole.points[-1].figure
    if is_labeled or not current.known:
        at_end = language.value(everybody)
    else:
        at_end = language.translate("page_usage.of", part=language.value(current), whole=language.value(everybody))

    def labeled(at: int, value: Value) -> Value:
        label = language.compact(value.amount or 0, least=_COMPACT)
        is_tall = (value.amount or 0) >= _LEAST_LABELED * highest
        return Value(value.amount, value.partial, label if at == last or (is_tall and not value.partial) else "")

    shown = values(series)
    first = language.value(whole.points[0].figure)
    return feature_columns(
        [labeled(at, value) for at, value in enumerate(shown)] if is_labeled else shown,
        values(whole),
        summary_within(series, whole, language),
        colors,
        axis=month_axis(series, quarterly(last + 1), language) if is_large else _ends(series, language),
        highest=highest,
        words=Words(
            first=language.translate("page_usage.all", number=first) if is_large else "",
            last=at_end if everybody.known else "",
            break_=_break_label(whole, breaks, language) if is_large else "",
        ),
        breaks=breaks,
        width=width,
        height=height,
    )


def _break_label(series: Series, breaks: Sequence[int], language: Language) -> str:
    if not breaks:
        return ""
    month = Month.parse(series.points[breaks[0]].period)
    return language.translate("page_usage.break", month=language.month_and_year_short(month))


def _has_room(points: Iterable[tuple[Point, Point]], highest: float, height: float) -> bool:
    """Return whether there is room for a label between each column and the line above it."""
    return all(
        height * (everybody.figure.value - part.figure.value) / highest >= _LABEL_ROOM
        for part, everybody in points
        if part.figure.value is not None and everybody.figure.value is not None
    )


def _ends(series: Series, language: Language) -> tuple[AxisLabel, ...]:
    """Return the labels of the first and the last month, both with their year."""
    return tuple(
        label
        for at in (0, len(series.points) - 1)
        for label in (AxisLabel(at, month.text) for month in month_axis(series, (at,), language))
    )
