"""The rule for the decision on the renewal of the license."""

from tabnine_report.analysis.rule_context import RuleContext
from tabnine_report.analysis.rules.due_dates import Due, due_by, is_near
from tabnine_report.analysis.rules.kpi_comparison import at_least, whole
from tabnine_report.analysis.rules.rule import ActionMatch
from tabnine_report.analysis.rules.worth import amount_range, record_in_words, up_to_spend
from tabnine_report.model.sections import SeatOutlook


def decide_renewal(rule_context: RuleContext, *, days_after_month: int) -> ActionMatch | None:
    """Recommend deciding how many seats to renew if the cancellation deadline or the end of the license is near."""
    language, ends = rule_context.language, rule_context.license_ends
    due = _due(rule_context, days_after_month)
    if due is None:
        return None
    unassigned, outlook = rule_context.figure("unassigned_seats"), _outlook(rule_context)
    number, words = whole(unassigned), _words(rule_context)
    worth, note = _worth(rule_context, words)
    return ActionMatch(
        words=words,
        count=number,
        values={
            "on_day": language.translate("action.on_day", day=language.date(ends))
            if ends and ends >= rule_context.as_of
            else "",
            "number": language.count(number or 0),
            "seats": language.value(rule_context.figure("seats")),
            "accounts": language.value(rule_context.figure("accounts")),
            "inactive": language.count(rule_context.figure("inactive_accounts").value or 0),
            "free": amount_range(rule_context, outlook.free_seats.low, outlook.free_seats.high) if outlook else "",
            "short": language.value(outlook.short) if outlook and outlook.short else "",
        },
        figures={} if number is None else {"unassigned_seats": unassigned},
        due=due.day,
        remark=due.remark,
        worth=worth,
        worth_note=note,
    )


def _due(rule_context: RuleContext, days_after_month: int) -> Due | None:
    """Return the due date of the renewal: the notice deadline, otherwise the end of the license; None if not near."""
    notice = rule_context.notice_by
    near = [day for day in (notice, rule_context.license_ends) if is_near(rule_context, day, days_after_month)]
    deadlines = [day for day in near if day is not None]
    if not deadlines:
        return None
    if notice is not None and notice < rule_context.as_of:
        return Due(due_by(rule_context, max(deadlines)).day, due_by(rule_context, notice).remark)
    return due_by(rule_context, min(deadlines))


def _outlook(rule_context: RuleContext) -> SeatOutlook | None:
    """Return the outlook; None if its estimate is not available, or if the day that it is about has passed."""
    outlook = rule_context.outlook
    if outlook is None or not outlook.free_seats.known or outlook.date < rule_context.as_of:
        return None
    return outlook


def _words(rule_context: RuleContext) -> str:
    """Return the name of the words for what is known about the seats."""
    seats, accounts, unassigned = map(rule_context.figure, ("seats", "accounts", "unassigned_seats"))
    if whole(unassigned) is None:
        return "renewal_unknown"
    if (accounts.value or 0) > (seats.value or 0):
        return "renewal_over_assigned"
    if unassigned.value and (outlook := _outlook(rule_context)):
        return "renewal_estimate" if outlook.free_seats.high.value else "renewal_estimate_short"
    inactive = at_least(rule_context.figure("inactive_accounts"))
    if not unassigned.value:
        return "renewal_assigned_inactive" if inactive else "renewal_assigned"
    return "renewal_inactive" if inactive else "renewal"


def _worth(rule_context: RuleContext, words: str) -> tuple[str, str]:
    """Return what renewing fewer seats saves, in money if there is a seat price, with its note; empty if nothing."""
    outlook, unassigned = _outlook(rule_context), rule_context.figure("unassigned_seats")
    if words == "renewal_estimate" and outlook:
        return _estimated_worth(rule_context, outlook)
    if words not in ("renewal", "renewal_inactive"):
        return "", ""
    language, number = rule_context.language, unassigned.value or 0
    if spend := up_to_spend(rule_context, "unassigned_seat_spend"):
        return spend, language.translate("worth.fewer_seats", number, number=language.count(number))
    seats = language.translate("worth.seats", number, number=language.count(number))
    return language.translate("worth.up_to", amount=seats), language.translate("worth.fewer")


def _estimated_worth(rule_context: RuleContext, outlook: SeatOutlook) -> tuple[str, str]:
    language, seats, spend = rule_context.language, outlook.free_seats, outlook.free_spend
    free, record = amount_range(rule_context, seats.low, seats.high), record_in_words(rule_context, seats)
    if spend is not None and spend.known:
        note = language.translate("worth.fewer_seats_estimate", seats.high.value, number=free, record=record)
        return amount_range(rule_context, spend.low, spend.high), note
    worth = language.translate("worth.seats", seats.high.value, number=free)
    return worth, language.translate("worth.fewer_estimate", record=record)
