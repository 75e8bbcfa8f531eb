"""The text of a chart: headline, source line and text alternative."""

from collections.abc import Iterable, Sequence
from datetime import date

from tabnine_report.model.figure import State
from tabnine_report.model.kpi import Target
from tabnine_report.model.month import Month
from tabnine_report.model.series import Point, Series
from tabnine_report.text.i18n import Language

_MONTH = len("2026-10")


def headline(series: Series, language: Language) -> str:
    """Return what a series over months shows in its last month.

    The last month is called the highest or lowest only among complete months since the last method change; otherwise it
    is compared with the first of these.
    """
    if not series.points or not series.points[-1].figure.known:
        return language.translate("chart.no_value")
    last = series.points[-1]
    value = language.qualified(last.figure, short=True)
    complete = [point for point in split_at_breaks(series)[-1] if point.figure.state is State.MEASURED]
    previous = [_value(point) for point in complete if point is not last]
    if last not in complete or not previous:
        return value
    months = language.count(len(complete))
    if _value(last) > max(previous):
        return language.translate("chart.record_highest", value=value, months=months)
    if _value(last) < min(previous):
        return language.translate("chart.record_lowest", value=value, months=months)
    first = language.value(complete[0].figure, short=True)
    return language.translate("chart.since_first", value=value, first=first, period=period(complete[0], language))


def busiest_day(series: Series, language: Language) -> str:
    """Return the day of a month with the highest value, the first of several."""
    known = [point for point in series.points if point.figure.known]
    if not known:
        return language.translate("chart.no_value")
    highest = max(known, key=_value)
    return language.translate("chart.busiest", value=language.qualified(highest.figure), day=period(highest, language))


def source_line(all_series: Iterable[Series], language: Language) -> str:
    """Return the endpoints that the values of series come from, and the field if there is only one."""
    sources = [point.figure.source for series in all_series for point in series.points if point.figure.source]
    if not sources:
        return ""
    paths = dict.fromkeys(path for source in sources for path in source.endpoint.split(" and "))
    fields = dict.fromkeys(source.field for source in sources if source.field)
    names = [*paths, *fields] if len(fields) == 1 else [*paths]
    return language.translate("chart.source", what=", ".join(names))


def summary(series: Series, language: Language, target: Target | None = None) -> str:
    """Return a summary of a series and, if it has one, of its target."""
    text = _summary_of_values(series, language)
    if target is None or target.line is None:
        return text
    return language.translate("chart.with_target", summary=text, target=target.words)


def summary_within(part: Series, whole: Series, language: Language, target: Target | None = None) -> str:
    """Return a summary of a series, followed by one of the whole that it is a part of."""
    return f"{summary(part, language, target)} {_summary_of_values(whole, language)}"


def _summary_of_values(series: Series, language: Language) -> str:
    """Return the first, last, lowest and highest value of a series, separately on each side of a method change.

    The numbers of partial and of missing values follow.
    """
    sentences = [
        _summary(side, series, language, at) for at, side in enumerate(split_at_breaks(series)) if _known(side)
    ]
    if not sentences:
        return language.translate("chart.empty", label=series.label)
    partial = sum(point.figure.state is State.PARTIAL for point in series.points)
    missing = len(series.points) - len(_known(series.points))
    if partial:
        sentences.append(language.translate("chart.partial_values", count=partial, number=language.count(partial)))
    if missing:
        sentences.append(language.translate("chart.missing", count=missing, missing=language.count(missing)))
    return " ".join(sentences)


def description(series: Series, language: Language) -> str:
    """Return every number of a series with its period."""
    return "; ".join(f"{period(point, language)}: {language.qualified(point.figure)}" for point in series.points)


def description_within(part: Series, whole: Series, language: Language) -> str:
    """Return every number of a series and of its whole, with their period."""
    return "; ".join(
        language.translate(
            "chart.within",
            period=period(point, language),
            part=language.qualified(point.figure),
            whole=language.qualified(whole_point.figure),
        )
        for point, whole_point in zip(part.points, whole.points, strict=True)
    )


def period(point: Point, language: Language) -> str:
    """Return the month or day of a point."""
    if len(point.period) == _MONTH:
        return language.month(Month.parse(point.period))
    return language.date(date.fromisoformat(point.period))


def _when(point: Point, language: Language) -> str:
    """Return when a point was: `in October 2026`, `on 1 October 2026`."""
    key = "chart.in_month" if len(point.period) == _MONTH else "chart.on_day"
    return language.translate(key, period=period(point, language))


def split_at_breaks(series: Series) -> list[list[Point]]:
    """Split a series at its method changes; values of different parts are not comparable."""
    parts: list[list[Point]] = [[]]
    for point in series.points:
        if point.period in series.breaks and parts[-1]:
            parts.append([])
        parts[-1].append(point)
    return parts


def _summary(side: Sequence[Point], series: Series, language: Language, at: int) -> str:
    known = _known(side)
    key = "chart.summary_method_change" if at else "chart.summary"
    return language.translate(
        key,
        label=series.label,
        since=period(side[0], language),
        first=language.value(known[0].figure),
        first_period=_when(known[0], language),
        last=language.value(known[-1].figure),
        last_period=_when(known[-1], language),
        low=language.value(min(known, key=_value).figure),
        high=language.value(max(known, key=_value).figure),
    )


def _known(points: Iterable[Point]) -> list[Point]:
    return [point for point in points if point.figure.known]


def _value(point: Point) -> float:
    return float(point.figure.value or 0)
