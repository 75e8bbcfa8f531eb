"""Finding rules on monthly and average daily active users."""

from tabnine_report.analysis.changes import SMALLEST_BASE
from tabnine_report.analysis.monthly_table import median_size
from tabnine_report.analysis.rule_context import RuleContext
from tabnine_report.analysis.rules.kpi_comparison import base_of, crosses_holidays, relative, whole
from tabnine_report.analysis.rules.rule import RuleMatch


def active_users_changed(
    rule_context: RuleContext, *, min_changes: int, times_typical: float, min_people: int, min_share: float
) -> RuleMatch | None:
    """Report that active users changed more than usual; around August and December, also compared to a year before."""
    active_users, language = rule_context.kpis["active_users"], rule_context.language
    share, typical = relative(active_users), rule_context.table.typical_change("active_users", min_changes)
    if share is None or active_users.change is None or typical is None:
        return None
    number = abs(active_users.change.absolute.value or 0)
    threshold = max(min_share, times_typical * typical)
    if number < min_people or abs(share) < threshold:
        return None
    if crosses_holidays(rule_context.month):
        year_on_year = _year_on_year(rule_context)
        if year_on_year is None or year_on_year * share <= 0 or abs(year_on_year) < threshold:
            return None
    return RuleMatch(
        words="active_users_rose" if share > 0 else "active_users_fell",
        values={
            "previous": language.month_name(rule_context.previous),
            "share": language.percent(abs(share), aligned=True),
            "typical": language.percent(typical, aligned=True),
        },
        figures={"active_users": active_users.figure, "change": active_users.change.absolute},
    )


def stickiness_changed(
    rule_context: RuleContext, *, min_changes: int, times_typical: float, min_people: int, min_share: float
) -> RuleMatch | None:
    """Report that average daily and monthly active users diverged more than usual; not around August and December."""
    monthly, daily = rule_context.kpis["active_users"], rule_context.kpis["average_daily_active_users"]
    monthly_change, daily_change = relative(monthly), relative(daily)
    changes = rule_context.table.relative_changes
    differences = changes["average_daily_active_users"] - changes["active_users"]
    typical = median_size(differences.iloc[:-1], min_changes)
    if monthly_change is None or daily_change is None or typical is None:
        return None
    if crosses_holidays(rule_context.month):
        return None
    gap = abs(daily_change - monthly_change)
    number = gap * base_of(daily)
    if number < min_people or gap < max(min_share, times_typical * typical):
        return None
    return RuleMatch(
        words="stickiness_rose" if daily_change > monthly_change else "stickiness_fell",
        values={
            "average_daily": rule_context.language.percent_change(daily_change, aligned=True),
            "monthly": rule_context.language.percent_change(monthly_change, aligned=True),
        },
        figures={"average_daily_active_users": daily.figure, "active_users": monthly.figure},
    )


def active_users_record(
    rule_context: RuleContext, *, min_months: int, min_people: int, months_since: int
) -> RuleMatch | None:
    """Report the highest or lowest number of active users of all months shown, if it is the first in several months."""
    active_users, language = rule_context.kpis["active_users"], rule_context.language
    table, now = rule_context.table, whole(active_users.figure)
    newest_first = table.comparable["active_users"].iloc[-2::-1]
    before = newest_first.dropna()
    if now is None or len(before) < min_months:
        return None
    if crosses_holidays(rule_context.month) and table.value("active_users", rule_context.month.back(12)) is None:
        return None
    if now >= before.max() + min_people:
        words, record_month = "active_users_highest", before.idxmax()
    elif now <= before.min() - min_people:
        words, record_month = "active_users_lowest", before.idxmin()
    else:
        return None
    if newest_first.index.tolist().index(record_month) + 1 < months_since:
        return None
    return RuleMatch(
        words=words,
        count=now,
        values={"people": language.value(active_users.figure), "months": language.count(len(before) + 1)},
        figures={"active_users": active_users.figure},
    )


def _year_on_year(rule_context: RuleContext) -> float | None:
    """Return the relative change of active users from the same month of the year before; None if it is not known."""
    active_users = rule_context.kpis["active_users"]
    now, then = whole(active_users.figure), rule_context.table.value("active_users", rule_context.month.back(12))
    return (now - then) / then if now is not None and then is not None and then >= SMALLEST_BASE else None
