"""Rules on people: how many in the month, and how many on a working day."""

from tabnine_report.analysis.changes import SMALLEST_BASE
from tabnine_report.analysis.monthly_table import median_size
from tabnine_report.analysis.rules.movement import base_of, crosses_holidays, relative, whole
from tabnine_report.analysis.rules.rule import Found, RuleContext


def people_moved(
    rule_context: RuleContext, *, fewest_movements: int, times_ordinary: float, least_people: int, least_share: float
) -> Found | None:
    """People rose or fell beyond the ordinary; around August and December only if they did over the year as well."""
    people, language = rule_context.kpis["active_users"], rule_context.language
    share, usual = relative(people), rule_context.table.typical_change("active_users", fewest_movements)
    if share is None or people.change is None or usual is None:
        return None
    number = abs(people.change.absolute.value or 0)
    least = max(least_share, times_ordinary * usual)
    if number < least_people or abs(share) < least:
        return None
    if crosses_holidays(rule_context.month):
        since_last_year = _since_last_year(rule_context)
        if since_last_year is None or since_last_year * share <= 0 or abs(since_last_year) < least:
            return None
    return Found(
        says="finding.people_rose" if share > 0 else "finding.people_fell",
        values={
            "previous": language.month_name(rule_context.previous),
            "share": language.percent(abs(share)),
            "usual": language.percent(usual),
        },
        figures={"active_users": people.figure, "change": people.change.absolute},
    )


def stickiness_apart(
    rule_context: RuleContext, *, fewest_movements: int, times_ordinary: float, least_people: int, least_share: float
) -> Found | None:
    """Use on working days and reach moved apart beyond the ordinary; never told around August and December."""
    people, working_day = rule_context.kpis["active_users"], rule_context.kpis["average_daily_active_users"]
    reach, stickiness = relative(people), relative(working_day)
    changes = rule_context.table.relative_changes
    differences = changes["average_daily_active_users"] - changes["active_users"]
    usual = median_size(differences.iloc[:-1], fewest_movements)
    if reach is None or stickiness is None or usual is None or crosses_holidays(rule_context.month):
        return None
    apart = abs(stickiness - reach)
    number = apart * base_of(working_day)
    if number < least_people or apart < max(least_share, times_ordinary * usual):
        return None
    return Found(
        says="finding.habit_ahead" if stickiness > reach else "finding.habit_behind",
        values={
            "stickiness": rule_context.language.percent_change(stickiness),
            "reach": rule_context.language.percent_change(reach),
        },
        figures={"average_daily_active_users": working_day.figure, "active_users": people.figure},
    )


def people_record(
    rule_context: RuleContext, *, fewest_months: int, least_people: int, months_since: int
) -> Found | None:
    """The most or the fewest people of all whole months that are shown, after some months without such a record."""
    people, language = rule_context.kpis["active_users"], rule_context.language
    table, now = rule_context.table, whole(people.figure)
    newest_first = table.comparable["active_users"].iloc[-2::-1]
    before = newest_first.dropna()
    if now is None or len(before) < fewest_months:
        return None
    if crosses_holidays(rule_context.month) and table.value("active_users", rule_context.month.back(12)) is None:
        return None
    if now >= before.max() + least_people:
        says, record_month = "finding.people_most", before.idxmax()
    elif now <= before.min() - least_people:
        says, record_month = "finding.people_fewest", before.idxmin()
    else:
        return None
    if newest_first.index.tolist().index(record_month) + 1 < months_since:
        return None
    return Found(
        says=says,
        values={"people": language.value(people.figure), "months": language.count(len(before) + 1)},
        figures={"active_users": people.figure},
    )


def _since_last_year(rule_context: RuleContext) -> float | None:
    """Give the people's change against the same month a year before, as a share of it; None where it has no such."""
    people = rule_context.kpis["active_users"]
    now, then = whole(people.figure), rule_context.table.value("active_users", rule_context.month.back(12))
    return (now - then) / then if now is not None and then is not None and then >= SMALLEST_BASE else None
