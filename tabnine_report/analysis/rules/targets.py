"""Finding rules on the profile's targets, the agent budget, and the notice deadline of the license."""

from datetime import timedelta
from math import floor

from tabnine_report.analysis.rule_context import RuleContext
from tabnine_report.analysis.rules.kpi_comparison import whole
from tabnine_report.analysis.rules.rule import RuleMatch
from tabnine_report.model.kpi import Kpi, Target


def adoption_target(rule_context: RuleContext) -> RuleMatch | None:
    """The adoption target is missed, or met again after a month that missed it."""
    found = _kpi_with_target(rule_context, "adoption_rate")
    if found is None:
        return None
    adoption_rate, target, least = found
    before = rule_context.table.value("adoption_rate", rule_context.previous)
    if not _is_reported(target, met_before=None if before is None else before >= least):
        return None
    language, sentence_key = rule_context.language, "finding.adoption_target_met"
    if not target.met:
        alike = language.prints_alike(adoption_rate.figure, target.value)
        sentence_key = "finding.adoption_target_just_missed" if alike else "finding.adoption_target_missed"
    return RuleMatch(
        sentence_key=sentence_key,
        values={"share": language.value(adoption_rate.figure), "target": language.value(target.value)},
        figures={"adoption_rate": adoption_rate.figure},
    )


def seats_target(rule_context: RuleContext) -> RuleMatch | None:
    """More seats are unassigned than the target allows, or the target is met again after a month that missed it."""
    found = _kpi_with_target(rule_context, "unassigned_seats")
    if found is None:
        return None
    unassigned, target, most = found
    earlier = rule_context.previous_figures.get("unassigned_seats")
    before = whole(earlier) if earlier else None
    if not _is_reported(target, met_before=None if before is None else before <= most):
        return None
    language = rule_context.language
    return RuleMatch(
        sentence_key="finding.seats_target_met" if target.met else "finding.seats_target_missed",
        values={"number": language.value(unassigned.figure), "target": language.value(target.value)},
        figures={"unassigned_seats": unassigned.figure},
    )


def budget_exceeded(rule_context: RuleContext) -> RuleMatch | None:
    """Agent spend exceeds the budget, or is within it again after a month that exceeded it."""
    found = _kpi_with_target(rule_context, "agent_spend")
    if found is None:
        return None
    spend, target, budget = found
    before = rule_context.table.value("agent_spend", rule_context.previous)
    if not _is_reported(target, met_before=None if before is None else before <= budget):
        return None
    return RuleMatch(
        sentence_key="finding.budget_met_again" if target.met else "finding.budget_exceeded",
        values=_amounts(rule_context, spend, target),
        figures={"agent_spend": spend.figure},
    )


def budget_forecast(rule_context: RuleContext, *, months: int, months_ahead: int) -> RuleMatch | None:
    """Agent spend will soon exceed the budget if it keeps rising at the same rate."""
    found = _kpi_with_target(rule_context, "agent_spend")
    if found is None or not found[1].met:
        return None
    spend, target, budget = found
    known = rule_context.table.comparable["agent_spend"].tail(months + 1).dropna()
    if len(known) <= months or known.iloc[-1] <= known.iloc[0]:
        return None
    rise = (known.iloc[-1] - known.iloc[0]) / months
    months_left = floor((budget - known.iloc[-1]) / rise) + 1
    if months_left > months_ahead:
        return None
    language = rule_context.language
    return RuleMatch(
        sentence_key="finding.budget_forecast",
        values={
            **_amounts(rule_context, spend, target),
            "rise": language.money(rise, spend.figure.currency, short=True),
            "months": language.count(months),
            "month": language.month(rule_context.month.back(-months_left)),
        },
        figures={"agent_spend": spend.figure},
    )


def notice_due(rule_context: RuleContext, *, days_after_month: int) -> RuleMatch | None:
    """The notice deadline of the license is shortly after the month's end."""
    deadline, month_after = rule_context.notice_by, rule_context.month.back(-1).first_day
    if deadline is None or not month_after <= deadline < month_after + timedelta(days=days_after_month):
        return None
    seats, accounts, unassigned = map(rule_context.figure, ("seats", "accounts", "unassigned_seats"))
    language = rule_context.language
    day = language.date(deadline)
    if whole(unassigned) is None:
        return RuleMatch(sentence_key="finding.notice_due", values={"day": day}, figures={"seats": seats})
    if (excess := (accounts.value or 0) - (seats.value or 0)) > 0:
        return RuleMatch(
            sentence_key="finding.notice_due_over_assigned",
            count=seats.value,
            values={"day": day, "number": language.count(excess), "seats": language.value(seats)},
            figures={"seats": seats, "accounts": accounts},
        )
    return RuleMatch(
        sentence_key="finding.notice_due_unassigned",
        count=seats.value,
        values={"day": day, "number": language.value(unassigned), "seats": language.value(seats)},
        figures={"seats": seats, "unassigned_seats": unassigned},
    )


def _is_reported(target: Target, *, met_before: bool | None) -> bool:
    """Return whether a target deserves a finding: always if missed, and if met after a month that missed it."""
    return target.met is False or (target.met is True and met_before is False)


def _kpi_with_target(rule_context: RuleContext, key: str) -> tuple[Kpi, Target, float] | None:
    """Return a KPI with its target and the target's value; None if the profile sets no target."""
    kpi = rule_context.kpis.get(key)
    if kpi is None or kpi.target is None or kpi.target.value.value is None:
        return None
    return kpi, kpi.target, kpi.target.value.value


def _amounts(rule_context: RuleContext, spend: Kpi, target: Target) -> dict[str, str]:
    """Format spend and budget in short form; to the cent if the short forms would be equal."""
    write, amounts = rule_context.language.value, (spend.figure, target.value)
    short = not rule_context.language.prints_alike(*amounts, short=True)
    return {name: write(amount, short=short) for name, amount in zip(("cost", "budget"), amounts, strict=True)}
