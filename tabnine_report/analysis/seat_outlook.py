"""How many seats will have no account when the license ends, if accounts change as they did in the past months."""

from calendar import monthrange
from datetime import date

from tabnine_report.analysis.estimates import Subject, estimate
from tabnine_report.analysis.metric_definitions import METRICS
from tabnine_report.analysis.report_context import ReportContext
from tabnine_report.model.estimate import Estimate
from tabnine_report.model.figure import Figure, difference, priced
from tabnine_report.model.month import Month
from tabnine_report.model.sections import SeatOutlook

_LOWEST_AND_HIGHEST = "accounts + month ends until the day * (lowest .. highest change of accounts)"
_DERIVED = {"free_seats": "unassigned_seats", "free_spend": "unassigned_seat_spend"}
"""The metric of the present month whose future value an estimate is about."""


def seat_outlook(context: ReportContext) -> SeatOutlook | None:
    """Return the outlook at the license's end, or at the notice deadline if the license's end is not known.

    None without seats, without such a day, or if no month ends until then: the current figures are more useful.
    """
    day, seats = context.accounts.license_ends() or context.targets.notice_by, context.accounts.seats()
    if day is None or not seats.known or month_ends_until(day, context.month) < 1:
        return None
    accounts = _accounts(context, day)
    free_low, free_high = difference(seats, accounts.high), difference(seats, accounts.low)
    free_seats = _derived(context, accounts, "free_seats", _not_below_zero(free_low), _not_below_zero(free_high))
    return SeatOutlook(
        date=day,
        accounts=accounts,
        free_seats=free_seats,
        free_spend=_spend(context, free_seats),
        short=None if free_low.value is None or free_low.value >= 0 else free_low.with_value(-free_low.value),
    )


def month_ends_until(day: date, month: Month) -> int:
    """Return the number of month ends after a month's own until a day, the day included."""
    months_later = (day.year - month.year) * 12 + day.month - month.number
    is_month_end = day.day == monthrange(day.year, day.month)[1]
    return months_later if is_month_end else months_later - 1


def _not_below_zero(figure: Figure) -> Figure:
    """Return a figure, or zero if it is negative."""
    return figure if figure.value is None or figure.value >= 0 else figure.with_value(0)


def _accounts(context: ReportContext, day: date) -> Estimate:
    """Estimate the accounts at the last month end until a day."""
    language, month_ends = context.language, month_ends_until(day, context.month)
    source = METRICS["accounts"].source(str(day))
    subject = Subject(
        key="accounts",
        label=language.translate("estimate.accounts", day=language.date(day)),
        period=str(day),
        method=language.translate(
            "estimate.accounts_method",
            month_ends,
            month=language.month(context.month),
            months=language.count(month_ends),
            day=language.date(day),
        ),
        source=source.model_copy(update={"field": "", "formula": _LOWEST_AND_HIGHEST}),
    )
    return estimate(context.series("accounts"), month_ends, subject, language)


def _derived(context: ReportContext, base: Estimate, key: str, low: Figure, high: Figure) -> Estimate:
    """Return an estimate that is computed from another, whose record it has."""
    language, day = context.language, context.language.date(date.fromisoformat(base.period))
    source = METRICS[_DERIVED[key]].source(base.period)
    return base.model_copy(
        update={
            "key": key,
            "label": language.translate(f"estimate.{key}", day=day),
            "method": language.translate(f"estimate.{key}_method", day=day),
            "low": low.sourced(source),
            "high": high.sourced(source),
        }
    )


def _spend(context: ReportContext, seats: Estimate) -> Estimate | None:
    price = context.price
    if price is None:
        return None
    low, high = (priced(figure, price.amount, price.currency) for figure in (seats.low, seats.high))
    return _derived(context, seats, "free_spend", low, high)
