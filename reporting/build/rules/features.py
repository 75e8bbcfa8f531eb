"""Rules on completions, chat and agents: who began, who stopped, and how agents spread."""

from reporting.build.rules.movement import relative, steps, values, whole
from reporting.build.rules.rule import Found, Grounds
from reporting.measure import Measure


def agents_began(grounds: Grounds) -> Found | None:
    """The first month with people who used agents, after one in which nobody is known to have."""
    users = grounds.measures["agent_people"]
    if not whole(users.figure) or users.history is None:
        return None
    before = [point.figure for point in users.history.points[:-1]]
    # A month before in which agents are simply not told of does not show that nobody used them.
    if any(figure.value for figure in before) or before[-1].value != 0:
        return None
    return Found(
        says="finding.agents_began",
        count=users.figure.value,
        values={"people": grounds.language.value(users.figure)},
        figures={"agent_people": users.figure},
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
        figures={"agent_people": users.figure, "people": people.figure},
    )


def _passed(share: float, users: Measure, people: Measure) -> bool:
    """Tell whether the users are such a share of the people now, and were not in the month before."""
    *_, before, now = zip(values(users.history), values(people.history), strict=True)
    parts = [part / everybody for part, everybody in (before, now) if part is not None and everybody]
    return len(parts) == len((before, now)) and parts[0] < share <= parts[1]
