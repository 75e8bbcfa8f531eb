"""The parts of all seats: average daily active users, other active users, inactive accounts, and unassigned seats."""

from typing import Literal

from tabnine_report.analysis.adoption import other_active_users
from tabnine_report.analysis.report_context import ReportContext
from tabnine_report.analysis.seats import (
    inactive_accounts,
    over_assigned,
    seats_of_inactive_accounts,
    unassigned_seats,
    unused_seats,
)
from tabnine_report.analysis.shares import share
from tabnine_report.model.figure import Figure, priced
from tabnine_report.model.sections import SeatBreakdown, SeatPart

Key = Literal["daily", "monthly", "inactive", "unassigned"]


def seat_breakdown(context: ReportContext) -> SeatBreakdown | None:
    """Return the parts of all seats; None if a part is not known, or if there are more accounts than seats.

    If the number of seats is not known, these are the parts of the accounts at the month's end, without any spend.
    """
    total, used, language = context.accounts.seats(), context.figure("active_users"), context.language
    parts: dict[Key, Figure] = {
        "daily": context.figure("average_daily_active_users"),
        "monthly": other_active_users(context),
    }
    if total.known:
        unused = unused_seats(context)
        parts |= {"inactive": seats_of_inactive_accounts(context), "unassigned": unassigned_seats(context)}
    else:
        total, unused = context.figure("accounts"), inactive_accounts(context)
        parts |= {"inactive": unused}
    if over_assigned(context) or not all(figure.known for figure in parts.values()):
        return None
    return SeatBreakdown(
        total=total,
        used=used,
        used_share=share(used, total, language),
        used_spend=_spend(context, used),
        unused=unused,
        unused_share=share(unused, total, language),
        parts=tuple(_part(context, key, figure, total) for key, figure in parts.items()),
    )


def _part(context: ReportContext, key: Key, figure: Figure, total: Figure) -> SeatPart:
    """Return a part, with its spend if it is of unused seats at a known price."""
    return SeatPart(
        key=key,
        label=context.language.translate(f"seat_breakdown.{key}"),
        figure=figure,
        share=share(figure, total, context.language),
        spend=_spend(context, figure) if key in ("inactive", "unassigned") else None,
    )


def _spend(context: ReportContext, seats: Figure) -> Figure | None:
    """Return what a number of seats costs in a month; None without a number of seats or a price."""
    price = context.price if context.accounts.seats().known else None
    return priced(seats, price.amount, price.currency) if price else None
