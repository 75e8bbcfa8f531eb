"""Finding rules on the profile's targets and the agent budget.

A target that is missed month after month is not a new finding: the KPI's own note states it. The rules report the month
in which this changes.
"""

from tabnine_report.analysis.rule_context import RuleContext
from tabnine_report.analysis.rules.kpi_comparison import whole
from tabnine_report.analysis.rules.rule import RuleMatch
from tabnine_report.model.kpi import Kpi, Target


def adoption_target_changed(rule_context: RuleContext) -> RuleMatch | None:
    """Report that the adoption target is met after a month that missed it, or missed after a month that met it."""
    found = kpi_with_target(rule_context, "adoption_rate")
    before = rule_context.table.value("adoption_rate", rule_context.previous) if found else None
    if found is None or before is None:
        return None
    adoption_rate, target, least = found
    if target.met is None or target.met == (before >= least):
        return None
    language, words = rule_context.language, "adoption_target_met"
    if not target.met:
        alike = language.prints_alike(adoption_rate.figure, target.value)
        words = "adoption_target_just_missed" if alike else "adoption_target_missed"
    return RuleMatch(
        words=words,
        values={
            "share": language.value(adoption_rate.figure, aligned=True),
            "before": language.percent(before, aligned=True),
            "target": language.value(target.value),
            "previous": language.month_name(rule_context.previous),
        },
        figures={"adoption_rate": adoption_rate.figure},
    )


def seats_target_changed(rule_context: RuleContext) -> RuleMatch | None:
    """Report that the target for unassigned seats is met after a month that missed it, or the other way around."""
    found, earlier = (
        kpi_with_target(rule_context, "unassigned_seats"),
        rule_context.previous_figures.get("unassigned_seats"),
    )
    before = whole(earlier) if earlier else None
    if found is None or before is None:
        return None
    unassigned, target, most = found
    if target.met is None or target.met == (before <= most):
        return None
    language = rule_context.language
    return RuleMatch(
        words="seats_target_met" if target.met else "seats_target_missed",
        count=unassigned.figure.value,
        values={
            "number": language.value(unassigned.figure),
            "before": language.count(before),
            "target": language.value(target.value),
            "previous": language.month_name(rule_context.previous),
        },
        figures={"unassigned_seats": unassigned.figure},
    )


def budget_met_again(rule_context: RuleContext) -> RuleMatch | None:
    """Report that agent spend is within the budget again after a month that exceeded it."""
    found = kpi_with_target(rule_context, "agent_spend")
    before = rule_context.table.value("agent_spend", rule_context.previous) if found else None
    if found is None or before is None:
        return None
    spend, target, budget = found
    if not target.met or before <= budget:
        return None
    language = rule_context.language
    return RuleMatch(
        words="budget_met_again",
        values={
            **amounts(rule_context, spend, target),
            "before": language.money(before, spend.figure.currency, short=True),
            "previous": language.month_name(rule_context.previous),
        },
        figures={"agent_spend": spend.figure},
    )


def kpi_with_target(rule_context: RuleContext, key: str) -> tuple[Kpi, Target, float] | None:
    """Return a KPI with its target and the target's value; None if the profile sets no target."""
    kpi = rule_context.kpis.get(key)
    if kpi is None or kpi.target is None or kpi.target.value.value is None:
        return None
    return kpi, kpi.target, kpi.target.value.value


def amounts(rule_context: RuleContext, spend: Kpi, target: Target) -> dict[str, str]:
    """Format spend and budget in short form; to the cent if the short forms would be equal."""
    write, figures = rule_context.language.value, (spend.figure, target.value)
    short = not rule_context.language.prints_alike(*figures, short=True)
    return {name: write(figure, short=short) for name, figure in zip(("cost", "budget"), figures, strict=True)}
