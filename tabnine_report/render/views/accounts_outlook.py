"""Accounts and active users over the months, beside the seats, and the likely accounts at the license's end."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

from markupsafe import Markup

from tabnine_report.model.estimate import Estimate
from tabnine_report.model.figure import Figure
from tabnine_report.model.month import Month
from tabnine_report.model.report import MonthlyReport
from tabnine_report.model.sections import SeatOutlook
from tabnine_report.model.series import Series
from tabnine_report.render.charts.accounts_fan import Deadline, Range, accounts_fan
from tabnine_report.render.charts.columns import Labeled
from tabnine_report.render.charts.fan_labels import FanLabels
from tabnine_report.render.charts.scale import scale_marks
from tabnine_report.render.charts.svg import HALF
from tabnine_report.render.colors import Palette
from tabnine_report.render.views.alternative_text import summary
from tabnine_report.render.views.history import break_positions, known_from, month_axis, quarterly, values
from tabnine_report.render.views.room import text_height
from tabnine_report.text.i18n import Language

_LEAST_MONTHS = 4
"""The number of months with a value from which the chart is drawn."""
_HIGHEST, _LOWEST = 216.0, 90.0
"""The greatest and the least height of the chart, in points."""
_NARROW = 190.0
"""The height of the chart for a phone, which has no room for the notice deadline, in points."""
_POINTS = 72 / 25.4
"""The number of points in a millimeter."""
_FARTHEST = 12.0
"""The months ahead up to which a deadline is part of the chart; a later one would leave no room for the history."""


@dataclass(frozen=True)
class AccountsOutlook:
    """The chart of accounts and active users: what it shows, what its lines mean, and the chart, also for a phone."""

    lead: str
    sub: str
    chart: Markup
    narrow: Markup


def accounts_outlook(
    report: MonthlyReport, language: Language, colors: Palette, *, room: float
) -> AccountsOutlook | None:
    """Return the chart; None without a number of seats, or with too few months or an unknown reported month.

    Args:
        report: The report.
        language: The language of its figures.
        colors: The palette.
        room: The height that the page has for the chart and the text above it, in mm.
    """
    accounts = known_from(report.adoption.accounts)
    seats = report.kpis()["seats"].figure
    if accounts is None or seats.value is None:
        return None
    users = _same_months(report.adoption.active_users, accounts)
    if not all(_has_months(series) for series in (accounts, users)):
        return None
    days: dict[str, date] = {fact.key: fact.day for fact in report.seats.license if fact.day is not None}
    end, notice = _deadlines(days, Month.parse(report.month), language)
    likely = _estimated(report.seats.outlook, days)
    known = [point.figure.value for series in (accounts, users) for point in series.points if point.figure.value]
    highest = max(*known, seats.value, likely.accounts.high.value or 0 if likely and end else 0)
    marks = scale_marks(highest, min(known, default=0))
    sub = _sub(report, marks[0], language)
    draw = partial(
        accounts_fan,
        values(accounts),
        values(users),
        seats.value,
        f"{summary(accounts, language)} {summary(users, language)}",
        colors,
        scale=[Labeled(mark, language.compact(mark)) for mark in marks],
        labels=_labels(report, accounts, users, language),
        end=end,
        range_at_end=_range(likely, seats, language) if likely and end else None,
        breaks=break_positions(users),
    )
    count = len(accounts.points)
    return AccountsOutlook(
        lead=_lead(report, likely, seats, language),
        sub=sub,
        chart=draw(
            axis=month_axis(accounts, quarterly(count), language),
            notice=notice,
            height=min(max((room - text_height("small", sub)) * _POINTS, _LOWEST), _HIGHEST),
        ),
        narrow=draw(axis=month_axis(accounts, (0, count - 1), language), notice=None, width=HALF, height=_NARROW),
    )


def _same_months(series: Series, other: Series) -> Series:
    """Return a series with the months of another one, which has the same last month."""
    return series.model_copy(update={"points": series.points[-len(other.points) :]})


def _has_months(series: Series) -> bool:
    known = [point for point in series.points if point.figure.known]
    return len(known) >= _LEAST_MONTHS and series.points[-1].figure.known


def _deadlines(days: Mapping[str, date], month: Month, language: Language) -> tuple[Deadline | None, Deadline | None]:
    """Return the end of the license, or the notice deadline in its place, and the notice deadline before that end."""

    def deadline(key: str) -> Deadline | None:
        day = days.get(key)
        ahead = _months_ahead(day, month) if day is not None else 0.0
        if day is None or not 0 < ahead <= _FARTHEST:
            return None
        return Deadline(ahead, (language.translate(f"page_money.deadline_{key}"), language.date_short(day)))

    end, notice = deadline("expires"), deadline("notice_by")
    if end is None and "expires" not in days:
        return notice, None
    return end, notice if end is not None and notice is not None and notice.months_ahead < end.months_ahead else None


def _months_ahead(day: date, month: Month) -> float:
    """Return how many months after the end of a month a day is."""
    after, own = month.back(-1), Month(day.year, day.month)
    return 12 * (own.year - after.year) + own.number - after.number + (day.day - 1) / len(own.days)


def _estimated(outlook: SeatOutlook | None, days: Mapping[str, date]) -> SeatOutlook | None:
    """Return the outlook if its estimates have values and are for the day at which the chart ends."""
    end = days.get("expires", days.get("notice_by"))
    if outlook is None or outlook.date != end:
        return None
    return outlook if outlook.accounts.known and outlook.free_seats.known else None


def _range(outlook: SeatOutlook, seats: Figure, language: Language) -> Range:
    translate = language.translate
    return Range(
        low=outlook.accounts.low.value or 0,
        high=outlook.accounts.high.value or 0,
        label=(
            translate("page_money.range_accounts", range=range_words(outlook.accounts, language)),
            _free_words("range", outlook, seats, language),
            translate("page_money.estimate"),
        ),
    )


def range_words(estimate: Estimate, language: Language) -> str:
    """Return the lowest and the highest value of an estimate in words, or its only value."""
    low, high = language.value(estimate.low, short=True), language.value(estimate.high, short=True)
    return low if low == high else language.translate("page_money.range", low=low, high=high)


def _free_words(key: str, outlook: SeatOutlook, seats: Figure, language: Language) -> str:
    """Return the words for seats that would be free, too few, or either."""
    form = "free"
    if outlook.short is not None:
        form = "either" if outlook.free_seats.high.value else "short"
    return language.translate(
        f"page_money.{key}_{form}",
        range=range_words(outlook.free_seats, language),
        most=language.value(outlook.free_seats.high),
        short=language.value(outlook.short) if outlook.short is not None else "",
        seats=language.value(seats),
        day=language.date(outlook.date),
    )


def _lead(report: MonthlyReport, likely: SeatOutlook | None, seats: Figure, language: Language) -> str:
    translate = language.translate
    if likely is not None:
        return _free_words("outlook", likely, seats, language)
    accounts = report.adoption.accounts.points[-1].figure
    return translate(
        "page_money.accounts_and_seats",
        count=seats.value,
        accounts=language.value(accounts),
        seats=language.value(seats),
        month=report.month_label,
    )


def _sub(report: MonthlyReport, lowest: float, language: Language) -> str:
    """Return what the lines are, where the axis starts, and how the estimate is computed or why there is none."""
    translate, outlook = language.translate, report.seats.outlook
    sentences = [
        translate("page_money.lines"),
        translate("page_money.axis_starts", number=language.count(lowest)) if lowest else "",
    ]
    if outlook is not None and outlook.accounts.known:
        sentences += [outlook.accounts.method, outlook.accounts.record]
    elif outlook is not None:
        sentences.append(translate("page_money.no_estimate", reason=outlook.accounts.high.reason))
    return " ".join(filter(None, sentences))


def _labels(report: MonthlyReport, accounts: Series, users: Series, language: Language) -> FanLabels:
    translate, kpis = language.translate, report.kpis()
    unassigned, inactive = kpis["unassigned_seats"].figure, kpis["inactive_accounts"].figure
    partial = next((point for point in users.points if point.figure.state == "partial"), None)

    def ends(series: Series, key: str) -> tuple[str, str]:
        known = [point.figure for point in series.points if point.figure.known]
        first, last = (
            translate(key, count=figure.value, number=language.value(figure)) for figure in (known[0], known[-1])
        )
        return first, last

    return FanLabels(
        accounts=ends(accounts, "page_money.accounts"),
        users=ends(users, "page_money.users"),
        seats=translate(
            "page_money.seats", count=kpis["seats"].figure.value, number=language.value(kpis["seats"].figure)
        ),
        unassigned=translate("page_money.unassigned", number=language.count(unassigned.value))
        if unassigned.value
        else "",
        inactive=translate("page_money.inactive", number=language.count(inactive.value)) if inactive.value else "",
        partial=translate("page_money.partial", month=language.month_short(Month.parse(partial.period)))
        if partial is not None
        else "",
    )
