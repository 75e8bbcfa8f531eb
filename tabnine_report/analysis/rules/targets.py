"""Rules on what the profile wants: targets met or missed, the budget of agents, and the notice of the licence."""

from datetime import timedelta
from math import floor

from tabnine_report.analysis.rules.movement import value_of, values, whole
from tabnine_report.analysis.rules.rule import Found, Grounds
from tabnine_report.model.kpi import Measure, Target


def people_target(grounds: Grounds) -> Found | None:
    """The target for people is missed, or met after a month that missed it."""
    aim = _aim(grounds, "adoption")
    if aim is None:
        return None
    adoption, wanted, least = aim
    before = value_of(adoption.history, grounds.previous)
    if not _is_news(wanted, met_before=None if before is None else before >= least):
        return None
    language, says = grounds.language, "finding.people_target_met"
    if not wanted.met:
        alike = language.prints_alike(adoption.figure, wanted.value)
        says = "finding.people_target_just_missed" if alike else "finding.people_target_missed"
    return Found(
        says=says,
        values={"share": language.value(adoption.figure), "target": language.value(wanted.value)},
        figures={"adoption": adoption.figure},
    )


def seats_target(grounds: Grounds) -> Found | None:
    """More seats are unassigned than the target allows, or no more of them after a month that had more."""
    aim = _aim(grounds, "seats_unassigned")
    if aim is None:
        return None
    unassigned, wanted, most = aim
    earlier = grounds.earlier.get("seats_unassigned")
    before = whole(earlier) if earlier else None
    if not _is_news(wanted, met_before=None if before is None else before <= most):
        return None
    language = grounds.language
    return Found(
        says="finding.seats_target_met" if wanted.met else "finding.seats_target_missed",
        values={"number": language.value(unassigned.figure), "target": language.value(wanted.value)},
        figures={"seats_unassigned": unassigned.figure},
    )


def budget_passed(grounds: Grounds) -> Found | None:
    """Agents cost more than their budget, or no more than it after a month that did."""
    aim = _aim(grounds, "agent_cost")
    if aim is None:
        return None
    cost, wanted, budget = aim
    before = value_of(cost.history, grounds.previous)
    if not _is_news(wanted, met_before=None if before is None else before <= budget):
        return None
    return Found(
        says="finding.budget_kept" if wanted.met else "finding.budget_passed",
        values=_amounts(grounds, cost, wanted),
        figures={"agent_cost": cost.figure},
    )


def budget_ahead(grounds: Grounds, *, months: int, months_ahead: int) -> Found | None:
    """Agents would soon cost more than their budget, if that went on rising as it did."""
    aim = _aim(grounds, "agent_cost")
    if aim is None or not aim[1].met:
        return None
    cost, wanted, budget = aim
    known = [value for value in values(cost.history)[-months - 1 :] if value is not None]
    if len(known) <= months or known[-1] <= known[0]:
        return None
    rise = (known[-1] - known[0]) / months
    ahead = floor((budget - known[-1]) / rise) + 1
    if ahead > months_ahead:
        return None
    language = grounds.language
    return Found(
        says="finding.budget_ahead",
        values={
            **_amounts(grounds, cost, wanted),
            "rise": language.money(rise, cost.figure.currency, short=True),
            "months": language.count(months),
            "month": language.month(grounds.month.back(-ahead)),
        },
        figures={"agent_cost": cost.figure},
    )


def notice_due(grounds: Grounds, *, days_after_month: int) -> Found | None:
    """The last day for notice of the licence comes soon after the month."""
    last, after = grounds.notice_by, grounds.month.back(-1).first_day
    if last is None or not after <= last < after + timedelta(days=days_after_month):
        return None
    seats, unassigned, language = grounds.figure("seats"), grounds.figure("seats_unassigned"), grounds.language
    day = language.date(last)
    if whole(unassigned) is None:
        return Found(says="finding.notice_due", values={"day": day}, figures={"seats": seats})
    return Found(
        says="finding.notice_due_unassigned",
        count=seats.value,
        values={"day": day, "number": language.value(unassigned), "seats": language.value(seats)},
        figures={"seats": seats, "seats_unassigned": unassigned},
    )


def _is_news(wanted: Target, *, met_before: bool | None) -> bool:
    """Tell whether a target is worth a sentence: missed in any month, met only where it was missed before."""
    return wanted.met is False or (wanted.met is True and met_before is False)


def _aim(grounds: Grounds, key: str) -> tuple[Measure, Target, float] | None:
    """Give a measure with its target and the target's number; None where the profile sets none."""
    measure = grounds.measures.get(key)
    if measure is None or measure.target is None or measure.target.value.value is None:
        return None
    return measure, measure.target, measure.target.value.value


def _amounts(grounds: Grounds, cost: Measure, wanted: Target) -> dict[str, str]:
    """Write cost and budget shortly; to the cent where they would look alike."""
    write, amounts = grounds.language.value, (cost.figure, wanted.value)
    short = not grounds.language.prints_alike(*amounts, short=True)
    return {name: write(amount, short=short) for name, amount in zip(("cost", "budget"), amounts, strict=True)}
