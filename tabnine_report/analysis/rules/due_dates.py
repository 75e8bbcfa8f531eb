"""The due date of an action that has a fixed deadline, and the remark if the deadline is near or has passed."""

from datetime import date, timedelta
from typing import NamedTuple

from tabnine_report.analysis.rule_context import NOTICE_DAYS, RuleContext


class Due(NamedTuple):
    """A due date with the remark that belongs to it; empty if there is time enough."""

    day: date
    remark: str


def is_near(rule_context: RuleContext, deadline: date | None, days_after_month: int) -> bool:
    """Return whether a deadline is within so many days after the month's end, regardless of the day of the run."""
    month_after = rule_context.month.back(-1).first_day
    return deadline is not None and month_after <= deadline < month_after + timedelta(days=days_after_month)


def due_by(rule_context: RuleContext, deadline: date) -> Due:
    """Return the due date for a deadline: the deadline itself, or a later day if it has passed."""
    language, left = rule_context.language, (deadline - rule_context.as_of).days
    if left < 0:
        remark = language.translate("action.deadline_passed", day=language.date(deadline))
        return Due(rule_context.as_of + timedelta(days=NOTICE_DAYS), remark)
    if left == 0:
        return Due(deadline, language.translate("action.deadline_today"))
    if left < NOTICE_DAYS:
        return Due(deadline, language.translate("action.days_left", left, days=language.count(left)))
    return Due(deadline, "")
