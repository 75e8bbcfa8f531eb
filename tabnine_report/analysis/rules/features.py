"""Rules on completions, chat and agents: who began, who stopped, and how agents spread."""

from tabnine_report.analysis.rules.movement import relative, steps, value_of, values, whole
from tabnine_report.analysis.rules.rule import Found, Grounds
from tabnine_report.model.kpi import Measure

_FEATURES = ("completions", "chat", "agent")


def feature_began(grounds: Grounds) -> Found | None:
    """The first month with people who used a feature, after one in which nobody is known to have."""
    began = [(whole(users.figure) or 0, key, users) for key, users in _users(grounds) if _is_first_month(users)]
    if not began:
        return None
    number, key, users = max(began, key=lambda one: one[0])
    return Found(
        says=f"finding.{key}_began",
        count=number,
        values={"people": grounds.language.value(users.figure)},
        figures={users.key: users.figure},
    )


def feature_ended(grounds: Grounds, *, least_people: int) -> Found | None:
    """The first month in which nobody used a feature any more."""
    ended = []
    for key, users in _users(grounds):
        before = value_of(users.history, grounds.previous)
        if whole(users.figure) == 0 and before is not None and before >= least_people:
            ended.append((before, key, users))
    if not ended:
        return None
    before, key, users = max(ended, key=lambda one: one[0])
    language = grounds.language
    return Found(
        says=f"finding.{key}_ended",
        count=before,
        values={
            "month": language.month_name(grounds.month),
            "people": language.count(before),
            "previous": language.month_name(grounds.previous),
        },
        figures={users.key: users.figure},
    )


def agents_rose(grounds: Grounds, *, fewest_movements: int, least_people: int, half: float) -> Found | None:
    """Agents gained more people than between any two whole months before."""
    users, people, language = grounds.measures["agent_people"], grounds.measures["people"], grounds.language
    rises = steps(users.history)
    if relative(users) is None or len(rises) <= fewest_movements:
        return None
    rise = rises[-1]
    if rise < least_people or rise <= max(rises[:-1]):
        return None
    return Found(
        says="finding.agents_reached_half" if _passed(half, users, people) else "finding.agents_rose",
        values={
            "number": language.count(rise),
            "people": language.value(users.figure),
            "months": language.count(len(rises)),
        },
        # How many used Tabnine at all is evidence where it is whole; the sentence does without it otherwise.
        figures={"agent_people": users.figure}
        | ({"people": people.figure} if whole(people.figure) is not None else {}),
    )


def _users(grounds: Grounds) -> list[tuple[str, Measure]]:
    return [(key, grounds.measures[f"{key}_people"]) for key in _FEATURES]


def _is_first_month(users: Measure) -> bool:
    """Tell whether people used it now and never before; a month that does not tell of it does not show that."""
    if not whole(users.figure) or users.history is None:
        return False
    *before, _ = users.history.points
    return values(users.history)[-2] == 0 and not any(point.figure.value for point in before)


def _passed(share: float, users: Measure, people: Measure) -> bool:
    """Tell whether the users are such a share of the people now, and were not in the month before."""
    *_, before, now = zip(values(users.history), values(people.history), strict=True)
    parts = [part / everybody for part, everybody in (before, now) if part is not None and everybody]
    return len(parts) == len((before, now)) and parts[0] < share <= parts[1]
