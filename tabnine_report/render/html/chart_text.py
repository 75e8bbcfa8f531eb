"""What stands around a chart in words: the news above it, what is counted, the source, and all of it for the blind."""

from collections.abc import Iterable, Sequence
from datetime import date

from tabnine_report.model.figure import State
from tabnine_report.model.kpi import Point, Series, Target
from tabnine_report.model.month import Month
from tabnine_report.text.i18n import Language

_MONTH = len("2026-10")


def news(series: Series, language: Language) -> str:
    """Say what a series over months shows in the month that it ends with.

    It is called the highest or lowest only among whole months that are counted alike, and compared with the first of
    them otherwise.
    """
    if not series.points or not series.points[-1].figure.known:
        return language.translate("chart.no_value")
    last = series.points[-1]
    now = language.qualified(last.figure, short=True)
    whole = [point for point in sides(series)[-1] if point.figure.state is State.MEASURED]
    before = [_value(point) for point in whole if point is not last]
    if last not in whole or not before:
        return now
    months = language.count(len(whole))
    if _value(last) > max(before):
        return language.translate("chart.record_highest", value=now, months=months)
    if _value(last) < min(before):
        return language.translate("chart.record_lowest", value=now, months=months)
    first = language.value(whole[0].figure, short=True)
    return language.translate("chart.since_first", value=now, first=first, period=period(whole[0], language))


def busiest(series: Series, language: Language) -> str:
    """Say which day of a month had the highest value; the first of several."""
    known = [point for point in series.points if point.figure.known]
    if not known:
        return language.translate("chart.no_value")
    most = max(known, key=_value)
    return language.translate("chart.busiest", value=language.qualified(most.figure), day=period(most, language))


def source(series: Iterable[Series], language: Language) -> str:
    """Name the endpoints, and the field where there is only one, that the values of series come from."""
    told = [point.figure.source for one in series for point in one.points if point.figure.source is not None]
    if not told:
        return ""
    paths = dict.fromkeys(path for one in told for path in one.endpoint.split(" and "))
    fields = dict.fromkeys(one.field for one in told if one.field)
    named = [*paths, *fields] if len(fields) == 1 else [*paths]
    return language.translate("chart.source", what=", ".join(named))


def summary(series: Series, language: Language, target: Target | None = None) -> str:
    """Say what a series shows, and beside what target where one is drawn."""
    told = _summary_of_values(series, language)
    if target is None or target.line is None:
        return told
    return language.translate("chart.with_target", summary=told, target=target.words)


def summary_within(part: Series, whole: Series, language: Language, target: Target | None = None) -> str:
    """Say what a series shows, and then the same of the whole that it is a part of."""
    return f"{summary(part, language, target)} {_summary_of_values(whole, language)}"


def _summary_of_values(series: Series, language: Language) -> str:
    """Say where a series starts, ends, is lowest and highest; apart on each side of a break in the way of counting.

    How many values are partial, and how many periods have none, is said last.
    """
    told = [_summary(side, series, language, at) for at, side in enumerate(sides(series)) if _known(side)]
    if not told:
        return language.translate("chart.empty", label=series.label)
    partial = sum(point.figure.state is State.PARTIAL for point in series.points)
    missing = len(series.points) - len(_known(series.points))
    if partial:
        told.append(language.translate("chart.partial_values", count=partial, number=language.count(partial)))
    if missing:
        told.append(language.translate("chart.missing", count=missing, missing=language.count(missing)))
    return " ".join(told)


def description(series: Series, language: Language) -> str:
    """Say every number of a series with its period."""
    return "; ".join(f"{period(point, language)}: {language.qualified(point.figure)}" for point in series.points)


def description_within(part: Series, whole: Series, language: Language) -> str:
    """Say every number of a series and of the whole that it is a part of, with their period."""
    return "; ".join(
        language.translate(
            "chart.within",
            period=period(one, language),
            part=language.qualified(one.figure),
            whole=language.qualified(other.figure),
        )
        for one, other in zip(part.points, whole.points, strict=True)
    )


def period(point: Point, language: Language) -> str:
    """Write a point's month or day."""
    if len(point.period) == _MONTH:
        return language.month(Month.parse(point.period))
    return language.date(date.fromisoformat(point.period))


def _when(point: Point, language: Language) -> str:
    """Write when a point was: `in October 2026`, `on 1 October 2026`."""
    key = "chart.in_month" if len(point.period) == _MONTH else "chart.on_day"
    return language.translate(key, period=period(point, language))


def sides(series: Series) -> list[list[Point]]:
    """Part a series at its breaks: values of two parts are not to be compared; one part where there is no break."""
    parted: list[list[Point]] = [[]]
    for point in series.points:
        if point.period in series.breaks and parted[-1]:
            parted.append([])
        parted[-1].append(point)
    return parted


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
