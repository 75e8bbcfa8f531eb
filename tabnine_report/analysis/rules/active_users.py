"""Rules on people: how many in the month, and how many on a working day."""

from statistics import median

from tabnine_report.analysis.changes import SMALLEST_BASE
from tabnine_report.analysis.rules.movement import (
    base_of,
    crosses_holidays,
    moves,
    ordinary_movement,
    relative,
    value_of,
    values,
    whole,
)
from tabnine_report.analysis.rules.rule import Found, RuleContext


def people_moved(
    rule_context: RuleContext, *, fewest_movements: int, times_ordinary: float, least_people: int, least_share: float
) -> Found | None:
    """People rose or fell beyond the ordinary; around August and December only if they did over the year as well."""
    people, language = rule_context.kpis["active_users"], rule_context.language
    share, usual = relative(people), ordinary_movement(people.history, fewest_movements)
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
    both = zip(moves(working_day.history), moves(people.history), strict=True)
    before = [abs(one - other) for one, other in both if one is not None and other is not None][:-1]
    if reach is None or stickiness is None or len(before) < fewest_movements or crosses_holidays(rule_context.month):
        return None
    apart = abs(stickiness - reach)
    number = apart * base_of(working_day)
    if number < least_people or apart < max(least_share, times_ordinary * median(before)):
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
    now, *newest_first = reversed(values(people.history))
    before = [value for value in newest_first if value is not None]
    if now is None or whole(people.figure) != now or len(before) < fewest_months:
        return None
    if crosses_holidays(rule_context.month) and value_of(people.history, rule_context.month.back(12)) is None:
        return None
    if now >= max(before) + least_people:
        says, record = "finding.people_most", max(before)
    elif now <= min(before) - least_people:
        says, record = "finding.people_fewest", min(before)
    else:
        return None
    if newest_first.index(record) + 1 < months_since:
        return None
    return Found(
        says=says,
        values={"people": language.value(people.figure), "months": language.count(len(before) + 1)},
        figures={"active_users": people.figure},
    )


def _since_last_year(rule_context: RuleContext) -> float | None:
    """Give the people's change against the same month a year before, as a share of it; None where it has no such."""
    people = rule_context.kpis["active_users"]
    now, then = whole(people.figure), value_of(people.history, rule_context.month.back(12))
    return (now - then) / then if now is not None and then is not None and then >= SMALLEST_BASE else None
