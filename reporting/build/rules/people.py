"""Rules on people: how many in the month, and how many on a working day."""

from statistics import median

from reporting.build.rules.movement import moves, ordinary_movement, relative
from reporting.build.rules.rule import Found, Grounds


def people_moved(
    grounds: Grounds, *, fewest_movements: int, times_ordinary: float, least_people: int, least_share: float
) -> Found | None:
    """People rose or fell beyond the ordinary movement between two months."""
    people, language = grounds.measures["people"], grounds.language
    share, usual = relative(people), ordinary_movement(people.history, fewest_movements)
    if share is None or people.change is None or usual is None:
        return None
    number = abs(people.change.absolute.value or 0)
    if number < least_people or abs(share) < max(least_share, times_ordinary * usual):
        return None
    return Found(
        says="finding.people_rose" if share > 0 else "finding.people_fell",
        count=number,
        values={
            "number": language.count(number),
            "previous": language.month_name(grounds.previous),
            "share": language.percent(abs(share)),
            "usual": language.percent(usual),
        },
        figures={"people": people.figure, "change": people.change.absolute},
    )


def habit_apart(
    grounds: Grounds, *, fewest_movements: int, times_ordinary: float, least_people: int, least_share: float
) -> Found | None:
    """Use on working days and reach moved apart beyond the ordinary."""
    people, working_day = grounds.measures["people"], grounds.measures["working_day_people"]
    reach, habit = relative(people), relative(working_day)
    both = zip(moves(working_day.history), moves(people.history), strict=True)
    before = [abs(one - other) for one, other in both if one is not None and other is not None][:-1]
    if reach is None or habit is None or len(before) < fewest_movements:
        return None
    apart = abs(habit - reach)
    number = apart * (working_day.figure.value or 0) / (1 + habit)
    if number < least_people or apart < max(least_share, times_ordinary * median(before)):
        return None
    return Found(
        says="finding.habit_ahead" if habit > reach else "finding.habit_behind",
        values={
            "habit": grounds.language.percent_change(habit),
            "reach": grounds.language.percent_change(reach),
        },
        figures={"working_day_people": working_day.figure, "people": people.figure},
    )
