"""The days of the month: active users on each day, with the average of the working days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from markupsafe import Markup

from tabnine_report.model.report import MonthlyReport
from tabnine_report.render.charts.columns import AxisLabel, Labeled
from tabnine_report.render.charts.daily_columns import daily_columns
from tabnine_report.render.charts.scale import scale_marks
from tabnine_report.render.charts.svg import FULL, HALF
from tabnine_report.render.colors import Palette
from tabnine_report.render.views.alternative_text import busiest_day, summary
from tabnine_report.render.views.history import values
from tabnine_report.text.i18n import Language

_LABEL_ROOM = 0.1
"""How near the average may be to a line of the scale, as a share of the highest value, before their labels collide."""

_ROOM, _NARROW_ROOM = 2, 4
"""The days that the label of the first day takes, in the usual chart and in that for a phone."""


@dataclass(frozen=True)
class DailyUse:
    """The days of the month: what the chart shows, what its columns mean, and the chart, also for a phone."""

    lead: str
    sub: str
    chart: Markup
    narrow: Markup


def daily_use(report: MonthlyReport, language: Language, colors: Palette) -> DailyUse | None:
    """Return the days of the month; None if no day has a value."""
    series = report.adoption.daily
    known = [point for point in series.points if point.figure.known]
    if not known:
        return None
    translate = language.translate
    highest = max(point.figure.value or 0 for point in known)
    first_highest = next(at for at, point in enumerate(series.points) if point.figure.value == highest)
    average = report.kpis()["average_daily_active_users"].figure
    days = [date.fromisoformat(point.period) for point in series.points]
    marks = [
        Labeled(mark, language.count(mark))
        for mark in scale_marks(highest)
        if average.value is None or mark == 0 or abs(mark - average.value) > _LABEL_ROOM * highest
    ]
    lead = (
        translate("page_usage.days", average=language.value(average), busiest=busiest_day(series, language))
        if average.known
        else busiest_day(series, language)
    )
    draw = partial(
        daily_columns,
        values(series, lambda at, figure: language.value(figure) if at == first_highest else ""),
        summary(series, language),
        colors,
        days_off={days.index(day) for day in report.adoption.days_off if day in days},
        scale=marks,
        average=Labeled(average.value, language.count(average.value)) if average.value is not None else None,
    )
    return DailyUse(
        lead=lead,
        sub=translate(
            "page_usage.days_sub" if average.known else "page_usage.days_sub_no_average",
            month=report.month_label,
            count=report.working_days,
            number=language.count(report.working_days),
        ),
        chart=draw(axis=_axis(days, language, room=_ROOM), width=FULL),
        narrow=draw(axis=_axis(days, language, room=_NARROW_ROOM), width=HALF),
    )


def _axis(days: Sequence[date], language: Language, *, room: int) -> list[AxisLabel]:
    """Return the labels of the Mondays, and of the first day if it is at least `room` days before the first of them."""
    weekdays = language.weekdays()
    mondays = [at for at, day in enumerate(days) if day.weekday() == 0]
    labeled = mondays if mondays and mondays[0] < room else [0, *mondays]
    return [AxisLabel(at, f"{weekdays[days[at].weekday()]} {days[at].day}") for at in labeled]
