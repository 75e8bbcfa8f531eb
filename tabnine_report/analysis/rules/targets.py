"""Rules on what the profile wants: targets met or missed, the budget of agents, and the notice of the license."""

from datetime import timedelta
from math import floor

from tabnine_report.analysis.rules.movement import whole
from tabnine_report.analysis.rules.rule import Found, RuleContext
from tabnine_report.model.kpi import Kpi, Target


def people_target(rule_context: RuleContext) -> Found | None:
    """The target for people is missed, or met after a month that missed it."""
    aim = _aim(rule_context, "adoption_rate")
    if aim is None:
        return None
    adoption, wanted, least = aim
    before = rule_context.table.value("adoption_rate", rule_context.previous)
    if not _is_news(wanted, met_before=None if before is None else before >= least):
        return None
    language, says = rule_context.language, "finding.people_target_met"
    if not wanted.met:
        alike = language.prints_alike(adoption.figure, wanted.value)
        says = "finding.people_target_just_missed" if alike else "finding.people_target_missed"
    return Found(
        says=says,
        values={"share": language.value(adoption.figure), "target": language.value(wanted.value)},
        figures={"adoption_rate": adoption.figure},
    )


def seats_target(rule_context: RuleContext) -> Found | None:
    """More seats are unassigned than the target allows, or no more of them after a month that had more."""
    aim = _aim(rule_context, "unassigned_seats")
    if aim is None:
        return None
    unassigned, wanted, most = aim
    earlier = rule_context.previous_figures.get("unassigned_seats")
    before = whole(earlier) if earlier else None
    if not _is_news(wanted, met_before=None if before is None else before <= most):
        return None
    language = rule_context.language
    return Found(
        says="finding.seats_target_met" if wanted.met else "finding.seats_target_missed",
        values={"number": language.value(unassigned.figure), "target": language.value(wanted.value)},
        figures={"unassigned_seats": unassigned.figure},
    )


def budget_passed(rule_context: RuleContext) -> Found | None:
    """Agents cost more than their budget, or no more than it after a month that did."""
    aim = _aim(rule_context, "agent_spend")
    if aim is None:
        return None
    cost, wanted, budget = aim
    before = rule_context.table.value("agent_spend", rule_context.previous)
    if not _is_news(wanted, met_before=None if before is None else before <= budget):
        return None
    return Found(
        says="finding.budget_kept" if wanted.met else "finding.budget_passed",
        values=_amounts(rule_context, cost, wanted),
        figures={"agent_spend": cost.figure},
    )


def budget_ahead(rule_context: RuleContext, *, months: int, months_ahead: int) -> Found | None:
    """Agents would soon cost more than their budget, if that went on rising as it did."""
    aim = _aim(rule_context, "agent_spend")
    if aim is None or not aim[1].met:
        return None
    cost, wanted, budget = aim
    known = rule_context.table.comparable["agent_spend"].tail(months + 1).dropna()
    if len(known) <= months or known.iloc[-1] <= known.iloc[0]:
        return None
    rise = (known.iloc[-1] - known.iloc[0]) / months
    ahead = floor((budget - known.iloc[-1]) / rise) + 1
    if ahead > months_ahead:
        return None
    language = rule_context.language
    return Found(
        says="finding.budget_ahead",
        values={
            **_amounts(rule_context, cost, wanted),
            "rise": language.money(rise, cost.figure.currency, short=True),
            "months": language.count(months),
            "month": language.month(rule_context.month.back(-ahead)),
        },
        figures={"agent_spend": cost.figure},
    )


def notice_due(rule_context: RuleContext, *, days_after_month: int) -> Found | None:
    """The last day for notice of the license comes soon after the month."""
    last, after = rule_context.notice_by, rule_context.month.back(-1).first_day
    if last is None or not after <= last < after + timedelta(days=days_after_month):
        return None
    seats, unassigned, language = (
        rule_context.figure("seats"),
        rule_context.figure("unassigned_seats"),
        rule_context.language,
    )
    day = language.date(last)
    if whole(unassigned) is None:
        return Found(says="finding.notice_due", values={"day": day}, figures={"seats": seats})
    return Found(
        says="finding.notice_due_unassigned",
        count=seats.value,
        values={"day": day, "number": language.value(unassigned), "seats": language.value(seats)},
        figures={"seats": seats, "unassigned_seats": unassigned},
    )


def _is_news(wanted: Target, *, met_before: bool | None) -> bool:
    """Tell whether a target is worth a sentence: missed in any month, met only where it was missed before."""
    return wanted.met is False or (wanted.met is True and met_before is False)


def _aim(rule_context: RuleContext, key: str) -> tuple[Kpi, Target, float] | None:
    """Give a measure with its target and the target's number; None where the profile sets none."""
    kpi = rule_context.kpis.get(key)
    if kpi is None or kpi.target is None or kpi.target.value.value is None:
        return None
    return kpi, kpi.target, kpi.target.value.value


def _amounts(rule_context: RuleContext, cost: Kpi, wanted: Target) -> dict[str, str]:
    """Write cost and budget shortly; to the cent where they would look alike."""
    write, amounts = rule_context.language.value, (cost.figure, wanted.value)
    short = not rule_context.language.prints_alike(*amounts, short=True)
    return {name: write(amount, short=short) for name, amount in zip(("cost", "budget"), amounts, strict=True)}
