"""Rules for the decisions on money: the agent budget and the renewal of the license."""

from tabnine_report.analysis.rule_context import RuleContext
from tabnine_report.analysis.rules.due_dates import Due, due_by, is_near
from tabnine_report.analysis.rules.kpi_comparison import at_least, whole
from tabnine_report.analysis.rules.rule import ActionMatch
from tabnine_report.analysis.rules.targets import amounts, kpi_with_target
from tabnine_report.analysis.rules.worth import up_to_spend


def decide_agent_budget(rule_context: RuleContext, *, min_share: float) -> ActionMatch | None:
    """Agent spend exceeds the budget, or is close to it and rising: raise the budget or limit agents."""
    found = kpi_with_target(rule_context, "agent_spend")
    cost = at_least(found[0].figure) if found else None
    if found is None or cost is None:
        return None
    spend, target, budget = found
    before = rule_context.table.value("agent_spend", rule_context.previous)
    language, rises = rule_context.language, before is not None and cost > before
    if cost <= budget and not (whole(spend.figure) is not None and rises and cost >= min_share * budget):
        return None
    words = "budget_exceeded" if cost > budget else "budget_near"
    apart = abs(cost - budget)
    return ActionMatch(
        words=words,
        values={
            **amounts(rule_context, spend, target),
            "month": language.month_name(rule_context.month),
            "previous": language.month_name(rule_context.previous),
            "before": language.money(before or 0, spend.figure.currency, short=True),
        },
        figures={"agent_spend": spend.figure},
        worth=language.value(spend.figure.model_copy(update={"value": apart}), short=True) if apart else "",
        worth_note=language.translate(f"worth.{words}", month=language.month_name(rule_context.month)) if apart else "",
    )


def decide_renewal(rule_context: RuleContext, *, days_after_month: int) -> ActionMatch | None:
    """The notice deadline or the end of the license is near: decide how many seats to renew."""
    language, ends = rule_context.language, rule_context.license_ends
    due = _due(rule_context, days_after_month)
    if due is None:
        return None
    seats, accounts, unassigned, inactive = map(
        rule_context.figure, ("seats", "accounts", "unassigned_seats", "inactive_accounts")
    )
    number, words = whole(unassigned), _words(rule_context)
    worth = note = ""
    if number and words != "renewal_over_assigned":
        worth, note = _worth(rule_context, number)
    return ActionMatch(
        words=words,
        count=number,
        values={
            "on_day": language.translate("action.on_day", day=language.date(ends))
            if ends and ends >= rule_context.as_of
            else "",
            "number": language.count(number or 0),
            "seats": language.value(seats),
            "accounts": language.value(accounts),
            "inactive": language.count(inactive.value or 0),
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


def _words(rule_context: RuleContext) -> str:
    """Return the name of the words for what is known about the seats."""
    seats, accounts, unassigned = map(rule_context.figure, ("seats", "accounts", "unassigned_seats"))
    if whole(unassigned) is None:
        return "renewal_unknown"
    if (accounts.value or 0) > (seats.value or 0):
        return "renewal_over_assigned"
    inactive = at_least(rule_context.figure("inactive_accounts"))
    if not unassigned.value:
        return "renewal_assigned_inactive" if inactive else "renewal_assigned"
    return "renewal_inactive" if inactive else "renewal"


def _worth(rule_context: RuleContext, number: float) -> tuple[str, str]:
    """Return what renewing without the unassigned seats saves, in money if there is a seat price; with its note."""
    language = rule_context.language
    seats = language.translate("worth.seats", number, number=language.count(number))
    if spend := up_to_spend(rule_context, "unassigned_seat_spend"):
        return spend, language.translate("worth.fewer_seats", number, number=language.count(number))
    return language.translate("worth.up_to", amount=seats), language.translate("worth.fewer")
